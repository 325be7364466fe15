"""Archives are folders: the files in them are rows, which follow them, go missing with them and come back."""

import hashlib
from io import BufferedReader
from pathlib import Path

import pytest
from django.test import Client

from libraries.storage import FileUnreadable, LibraryStorage, LocalStorage
from models3d.models import ModelFile
from scanning import reports
from scanning.models import Problem, Scan
from scanning.problems import settle_all
from scanning.reconcile import Reconciliation
from tests.factories import OwnerFactory
from tests.integration.conftest import signed_in
from tests.integration.models3d.test_downloads import body
from tests.integration.scanning.shelf import Shelf
from tests.integration.scanning.test_guards import Silent
from tests.unit.libraries.archive_files import rar_bytes, raw_zip, tar_bytes, zip_bytes, zip_record

CUBE = b"solid cube\nendsolid cube\n"
KIT = {
    "orc/orc.stl": CUBE,
    "orc/supported/orc.stl": CUBE + b" ",
    "__MACOSX/._orc.stl": b"x",
    "render.png": b"p",
}
IN_KIT = {"March.zip//orc/orc.stl", "March.zip//orc/supported/orc.stl", "March.zip//render.png"}


class Refusing(LocalStorage):
    """Stands for a disk that fails to read what it lists."""

    def open(self, path: str) -> BufferedReader:
        raise FileUnreadable(f"“{path}” cannot be read: input/output error.")


def present(shelf: Shelf) -> set[str]:
    rows = ModelFile.objects.present().filter(library=shelf.library)
    return set(rows.values_list("relative_path", flat=True))


def problems(shelf: Shelf) -> dict[str, str]:
    settle_all()
    return dict(Problem.objects.filter(library=shelf.library).values_list("kind", "sentence"))


def test_files_in_an_archive_are_files_of_its_model(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))

    scan = shelf.scan()

    assert (scan.state, scan.archive_count, scan.member_count) == (Scan.State.DONE, 1, 3)
    assert shelf.models() == {"March.zip": {"March.zip", *IN_KIT}}
    orc = shelf.file("March.zip//orc/supported/orc.stl")
    assert orc.archive == shelf.file("March.zip")
    assert (orc.kind, orc.extension, orc.role, orc.size_bytes) == ("mesh", "stl", "supported", len(CUBE) + 1)
    assert orc.analysis_state == "pending"
    model = shelf.model("March.zip")
    assert (model.name, model.file_count) == ("March", 4)
    assert model.total_bytes == shelf.file("March.zip").size_bytes
    shelf.library.refresh_from_db()
    assert shelf.library.file_count == 4


def test_an_archive_beside_other_files_belongs_to_their_model(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl")
    shelf.write("Orc/March.zip", content=zip_bytes({"extra.stl": CUBE}))

    shelf.scan()

    assert shelf.models() == {"Orc": {"Orc/orc.stl", "Orc/March.zip", "Orc/March.zip//extra.stl"}}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.tar.gz", tar_bytes({"cube.stl": CUBE})),
        ("a.tar", tar_bytes({"cube.stl": CUBE}, mode="w:")),
        ("a.rar", rar_bytes({"cube.stl": CUBE})),
    ],
    ids=["tar.gz", "tar", "rar"],
)
def test_other_archives_are_looked_into_as_well(shelf: Shelf, name: str, content: bytes) -> None:
    shelf.write(name, content=content)

    shelf.scan()

    assert present(shelf) == {name, f"{name}//cube.stl"}


def test_an_unchanged_archive_is_not_opened_again(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.touch("March.zip", mtime_ns=10**18)
    shelf.scan()
    # What stands in it is rubbish now, which nobody can tell without opening it.
    shelf.write("March.zip", content=b"x" * (shelf.root / "March.zip").stat().st_size)
    shelf.touch("March.zip", mtime_ns=10**18)

    scan = shelf.scan()

    assert scan.archive_count == 0
    assert present(shelf) == {"March.zip", *IN_KIT}
    assert problems(shelf) == {}


def test_a_changed_archive_changes_only_the_files_that_differ(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.scan()
    ModelFile.objects.update(analysis_state="done", sha256="ab" * 32)
    shelf.write("March.zip", content=zip_bytes({"orc/orc.stl": CUBE, "render.png": b"q", "new.stl": CUBE}))
    shelf.touch("March.zip", mtime_ns=2 * 10**18)

    shelf.scan()

    assert present(shelf) == {
        "March.zip",
        "March.zip//orc/orc.stl",
        "March.zip//render.png",
        "March.zip//new.stl",
    }
    assert shelf.file("March.zip//orc/orc.stl").analysis_state == "done"
    render = shelf.file("March.zip//render.png")
    assert (render.analysis_state, render.sha256) == ("pending", "")
    assert shelf.file("March.zip//orc/supported/orc.stl").missing_since is not None
    assert shelf.model("March.zip").file_count == 4


def test_a_file_that_comes_back_into_its_archive_is_the_same_file(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.scan()
    ModelFile.objects.update(analysis_state="done", sha256="ab" * 32, notes="Mine.")
    shelf.write("March.zip", content=zip_bytes({"render.png": b"p"}))
    shelf.touch("March.zip", mtime_ns=2 * 10**18)
    shelf.scan()
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.touch("March.zip", mtime_ns=3 * 10**18)

    shelf.scan()

    orc = shelf.file("March.zip//orc/orc.stl")
    assert (orc.missing_since, orc.notes, orc.analysis_state) == (None, "Mine.", "done")


def test_files_go_missing_with_their_archive_and_return_with_it(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.write("other.stl")
    shelf.scan()
    ModelFile.objects.update(analysis_state="done", sha256="ab" * 32)
    content = (shelf.root / "March.zip").read_bytes()
    (shelf.root / "March.zip").unlink()

    shelf.scan()

    assert present(shelf) == {"other.stl"}
    assert shelf.model("March.zip").missing_since is not None
    assert problems(shelf).keys() == {"missing"}
    assert Problem.objects.count() == 1

    shelf.write("March.zip", content=content)
    shelf.scan()

    assert present(shelf) == {"other.stl", "March.zip", *IN_KIT}
    assert shelf.file("March.zip//orc/orc.stl").missing_since is None
    assert problems(shelf) == {}


def test_files_follow_an_archive_into_another_model(shelf: Shelf) -> None:
    shelf.write("packs/March.zip", content=zip_bytes({"orc.stl": CUBE}))
    shelf.scan()
    assert set(shelf.models()) == {"packs/March.zip"}
    shelf.write("packs/loose.stl")

    shelf.scan()

    assert shelf.models() == {"packs": {"packs/March.zip", "packs/March.zip//orc.stl", "packs/loose.stl"}}


def test_an_archive_that_was_renamed_keeps_its_files_and_is_not_opened(shelf: Shelf) -> None:
    shelf.write("a/March.zip", content=zip_bytes({"orc.stl": CUBE}))
    shelf.write("b/other.stl")
    shelf.scan()
    before = shelf.file("a/March.zip//orc.stl")
    ModelFile.objects.update(analysis_state="done", sha256="cd" * 32)
    ModelFile.objects.filter(relative_path="a/March.zip").update(sha256=_sha256(shelf.root / "a/March.zip"))
    (shelf.root / "a").rename(shelf.root / "c")

    scan = shelf.scan()

    assert shelf.file("c/March.zip//orc.stl").pk == before.pk
    assert scan.archive_count == 0
    assert present(shelf) == {"b/other.stl", "c/March.zip", "c/March.zip//orc.stl"}


def test_a_folder_in_place_of_an_archive_is_a_folder(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes({"orc/orc.stl": CUBE}))
    shelf.scan()
    (shelf.root / "March.zip").unlink()
    shelf.write("March.zip/orc/orc.stl")

    shelf.scan(is_confirmed=True)

    assert present(shelf) == {"March.zip/orc/orc.stl"}


def test_what_the_owner_ignores_is_ignored_in_archives(shelf: Shelf) -> None:
    shelf.library.ignore_patterns = "*.png\n/March.zip/old/"
    shelf.library.save()
    shelf.write("March.zip", content=zip_bytes({"a.stl": CUBE, "a.png": b"p", "old/deep/b.stl": CUBE}))

    shelf.scan()

    assert present(shelf) == {"March.zip", "March.zip//a.stl"}


def test_other_rules_look_into_archives_anew(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes({"a.stl": CUBE, "a.png": b"p"}))
    shelf.scan()
    shelf.library.ignore_patterns = "*.png"
    shelf.library.save()

    shelf.scan()

    assert present(shelf) == {"March.zip", "March.zip//a.stl"}


@pytest.mark.parametrize(
    ("content", "kind", "word"),
    [
        (raw_zip(zip_record(b"a.stl", flags=1)), "archive_encrypted", "password"),
        (zip_bytes({"a.stl": CUBE})[:40], "archive_damaged", "ends early"),
        (b"not an archive", "archive_damaged", "is damaged"),
        (raw_zip(zip_record(b"a", packed=9_999)), "archive_too_large", "overlap"),
        (b"\x28\xb5\x2f\xfd" + bytes(50), "archive_no_reader", "Zstandard"),
        (raw_zip(zip_record(b"../a.stl"), zip_record(b"b.stl")), "archive_left_out", "leads out"),
    ],
    ids=["locked", "truncated", "no archive", "overlapping", "unknown format", "escaping"],
)
def test_an_archive_that_is_not_shown_whole_is_a_problem_with_a_sentence(
    shelf: Shelf, content: bytes, kind: str, word: str
) -> None:
    shelf.write("March.zip", content=content)
    shelf.write("good.zip", content=zip_bytes({"a.stl": CUBE}))

    scan = shelf.scan()

    assert scan.state == Scan.State.DONE
    assert word in problems(shelf)[kind]
    assert "good.zip//a.stl" in present(shelf)


def test_a_problem_goes_when_the_archive_is_mended(shelf: Shelf) -> None:
    shelf.write("March.zip", content=b"half a download")
    shelf.scan()
    assert "archive_damaged" in problems(shelf)
    shelf.write("March.zip", content=zip_bytes({"a.stl": CUBE}))

    shelf.scan()

    assert problems(shelf) == {}
    assert "March.zip//a.stl" in present(shelf)


def test_names_that_are_no_text_are_listed_and_found_again(shelf: Shelf) -> None:
    shelf.write("March.zip", content=raw_zip(zip_record(b"b\xff\n.stl", flags=0x800)))

    shelf.scan()

    assert present(shelf) == {"March.zip", "March.zip//b\U0010ffff\n.stl"}
    assert shelf.scan().member_count == 0


def test_what_is_left_out_stands_in_the_report(shelf: Shelf) -> None:
    shelf.write("March.zip", content=raw_zip(zip_record(b"../../etc/passwd"), zip_record(b"good.stl")))

    scan = shelf.scan()

    (entry,) = reports.page(scan, "skipped", limit=10).entries
    assert (entry.path, entry.detail) == (
        "March.zip//../../etc/passwd",
        "Its name leads out of the archive.",
    )


def test_a_hundred_thousand_files_in_one_archive(shelf: Shelf) -> None:
    records = [zip_record(b"folder %d/%d.stl" % (number % 100, number)) for number in range(100_000)]
    shelf.write("drop.zip", content=raw_zip(*records, count=0xFFFF))

    scan = shelf.scan()

    assert (scan.state, scan.member_count) == (Scan.State.DONE, 100_000)
    assert shelf.model("drop.zip").file_count == 100_001


def test_a_dry_run_looks_into_nothing(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))

    scan = shelf.scan(is_dry_run=True)

    assert scan.archive_count == 0
    assert not ModelFile.objects.exists()


def test_a_scan_that_ended_before_the_archives_is_made_up_for(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.scan()
    # As a worker leaves it that was killed after the archive's row was written.
    ModelFile.objects.exclude(archive=None).delete()
    ModelFile.objects.update(listed_as="")

    shelf.scan()

    assert present(shelf) == {"March.zip", *IN_KIT}


def test_an_archive_that_cannot_be_read_for_now_keeps_its_files(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.write("Dragon/dragon.stl")
    shelf.scan()
    ModelFile.objects.filter(relative_path="March.zip").update(listed_as="before")
    work = Reconciliation(
        shelf.library,
        LibraryStorage(Refusing(str(shelf.root))),
        watch=Silent(),
        now=shelf.library.created_at,
    )

    report = work.run(is_confirmed=False, is_dry_run=False, regroups=False)

    assert report.skipped == [("March.zip", "“March.zip” cannot be read: input/output error.")]
    assert present(shelf) >= IN_KIT
    assert shelf.scan().archive_count == 1


def test_a_member_is_downloaded_like_any_file(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes({"grüße/orc #1.stl": CUBE * 50}))
    shelf.scan()
    client: Client = signed_in(OwnerFactory())
    file = shelf.file("March.zip//grüße/orc #1.stl")

    whole = client.get(f"/files/{file.pk}/")
    part = client.get(f"/files/{file.pk}/", headers={"Range": "bytes=100-199"})

    assert body(whole) == CUBE * 50
    assert whole["Content-Disposition"] == 'attachment; filename="orc #1.stl"'
    assert whole["Content-Length"] == str(len(CUBE * 50))
    assert (part.status_code, body(part)) == (206, (CUBE * 50)[100:200])
    page = client.get(shelf.model("March.zip").get_absolute_url()).content.decode()
    assert "in March.zip" in page
    assert "grüße" in page


def test_a_member_of_an_archive_that_broke_gets_a_sentence(shelf: Shelf) -> None:
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.scan()
    file = shelf.file("March.zip//orc/orc.stl")
    shelf.write("March.zip", content=b"broken")
    client = signed_in(OwnerFactory())

    response = client.get(f"/files/{file.pk}/")

    assert response.status_code == 404
    assert "March.zip" in response.content.decode()


def test_strangers_get_nothing_out_of_archives(shelf: Shelf, as_charlie: Client) -> None:
    shelf.library.is_restricted = True
    shelf.library.save()
    shelf.write("March.zip", content=zip_bytes(KIT))
    shelf.scan()

    assert as_charlie.get(f"/files/{shelf.file('March.zip//orc/orc.stl').pk}/").status_code == 404


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
