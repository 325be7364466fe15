"""What is deleted waits in the bin of its library, where no scan looks, until it is restored or the time is over."""

import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from libraries.listing import BIN_FOLDER
from models3d import changing
from models3d.changing import ChangeRefused
from models3d.models import FileChange, Model3D, ModelFile, Move
from scanning.models import Problem
from scanning.problems import settle_all
from tests.integration.scanning.moving import assert_scan_finds_nothing, tree_of, work
from tests.integration.scanning.shelf import Shelf

NOW = timezone.now


@pytest.fixture
def kit(shelf: Shelf) -> Shelf:
    shelf.library.is_read_only = False
    shelf.library.save()
    shelf.write("Dragon/body.stl", content=b"body")
    shelf.write("Dragon/head.stl", content=b"head")
    shelf.write("Orc/orc.stl", content=b"orc")
    shelf.scan()
    return shelf


def bin_model(shelf: Shelf, path: str) -> Move:
    changing.bin_models(shelf.library, [shelf.model(path)], by=None, now=NOW())
    work()
    return Move.objects.get(change__kind="bin", from_path=path, state=Move.State.DONE)


def test_a_deleted_model_waits_in_the_bin_and_is_on_no_shelf(kit: Shelf) -> None:
    model = kit.model("Dragon")

    binned = bin_model(kit, "Dragon")

    assert tree_of(kit).keys() == {
        f"{BIN_FOLDER}/{binned.pk}/Dragon/body.stl", f"{BIN_FOLDER}/{binned.pk}/Dragon/head.stl", "Orc/orc.stl",
    }  # fmt: skip
    assert not Model3D.objects.present().filter(pk=model.pk).exists()
    assert (binned.file_count, binned.total_bytes) == (2, 8)
    assert_scan_finds_nothing(kit)
    kit.library.refresh_from_db()
    assert (kit.library.model_count, kit.library.file_count) == (1, 1)


def test_what_is_in_the_bin_is_no_problem_and_no_content_to_be_found_again(kit: Shelf) -> None:
    ModelFile.objects.filter(relative_path="Dragon/body.stl").update(sha256="aa" * 32, analysis_state="done")
    bin_model(kit, "Dragon")
    row = ModelFile.objects.get(relative_path__endswith="body.stl")

    settle_all()
    kit.write("Elsewhere/body.stl", content=b"body")
    kit.scan()

    row.refresh_from_db()
    assert row.binned_at is not None
    assert row.relative_path.startswith(BIN_FOLDER)
    assert not Problem.objects.filter(file=row).exists()


def test_a_restored_model_is_where_and_what_it_was(kit: Shelf) -> None:
    before, model = tree_of(kit), kit.model("Dragon")
    binned = bin_model(kit, "Dragon")

    changing.restore(binned, by=None, now=NOW())
    work()

    assert tree_of(kit) == before
    assert kit.models() == {"Dragon": {"Dragon/body.stl", "Dragon/head.stl"}, "Orc": {"Orc/orc.stl"}}
    assert kit.model("Dragon").pk == model.pk
    assert not ModelFile.objects.exclude(binned_at=None).exists()
    assert not changing.binned().exists()
    assert_scan_finds_nothing(kit)


def test_where_the_place_is_taken_it_comes_back_beside_it(kit: Shelf) -> None:
    binned = bin_model(kit, "Dragon")
    kit.write("Dragon/body.stl", content=b"another")
    kit.scan()

    changing.restore(binned, by=None, now=NOW())
    work()

    contents = tree_of(kit)
    assert contents["Dragon/body.stl"] == b"another"
    assert contents["Dragon (2)/body.stl"] == b"body"
    assert contents["Dragon (2)/head.stl"] == b"head"
    assert_scan_finds_nothing(kit)


def test_one_file_is_deleted_and_comes_back_under_a_free_name(kit: Shelf) -> None:
    body = kit.file("Dragon/body.stl")
    changing.bin_file(body, by=None, now=NOW())
    work()
    kit.write("Dragon/body.stl", content=b"another")
    kit.scan()

    changing.restore(Move.objects.get(file=body), by=None, now=NOW())
    work()

    body.refresh_from_db()
    assert (body.relative_path, body.binned_at) == ("Dragon/body (2).stl", None)
    assert (kit.root / "Dragon/body (2).stl").read_bytes() == b"body"
    assert_scan_finds_nothing(kit)


def test_nothing_is_restored_twice(kit: Shelf) -> None:
    binned = bin_model(kit, "Dragon")
    changing.restore(binned, by=None, now=NOW())

    with pytest.raises(ChangeRefused, match="not in the bin any more"):
        changing.restore(binned, by=None, now=NOW())


def test_an_archive_takes_its_files_along_and_brings_them_back(kit: Shelf) -> None:
    with zipfile.ZipFile(kit.root / "Dragon/pack.zip", "w") as pack:
        pack.writestr("inside.stl", b"inside")
    kit.scan()
    member = kit.file("Dragon/pack.zip//inside.stl")
    with pytest.raises(
        ChangeRefused, match=r"inside pack\.zip\. Files in archives cannot be deleted one by one"
    ):
        changing.bin_file(member, by=None, now=NOW())

    binned = bin_model(kit, "Dragon")
    member.refresh_from_db()
    assert member.binned_at is not None
    changing.restore(binned, by=None, now=NOW())
    work()

    member.refresh_from_db()
    assert member.relative_path == "Dragon/pack.zip//inside.stl"
    assert not ModelFile.objects.filter(pk=member.pk).exclude(missing_since=None, binned_at=None).exists()
    assert_scan_finds_nothing(kit)


def test_emptying_deletes_what_is_in_the_bin_and_nothing_else(kit: Shelf) -> None:
    model = kit.model("Dragon")
    bin_model(kit, "Dragon")
    kit.write(f"{BIN_FOLDER}/mine.txt", content=b"not known")

    changing.empty(changing.binned(), by=None, now=NOW())
    work()

    assert tree_of(kit).keys() == {f"{BIN_FOLDER}/mine.txt", "Orc/orc.stl"}
    assert not Model3D.objects.filter(pk=model.pk).exists()
    assert not changing.binned().exists()
    assert_scan_finds_nothing(kit)


def test_the_bin_forgets_what_was_in_it_for_long(kit: Shelf) -> None:
    bin_model(kit, "Dragon")

    changing.empty_old(now=NOW() + timedelta(days=29), days=30)
    assert not FileChange.objects.filter(kind="empty").exists()
    changing.empty_old(now=NOW() + timedelta(days=31), days=30)
    changing.empty_old(now=NOW() + timedelta(days=31), days=30)
    work()

    assert FileChange.objects.filter(kind="empty").count() == 1
    assert tree_of(kit).keys() == {"Orc/orc.stl"}


def test_an_owners_rule_that_shows_hidden_files_does_not_show_the_bin(kit: Shelf) -> None:
    kit.library.ignore_patterns = "!.*"
    kit.library.save()
    bin_model(kit, "Dragon")

    assert_scan_finds_nothing(kit)
