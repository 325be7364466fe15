"""A scan of one folder sees to that folder only, and groups it as a whole scan would."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from libraries.models import Library
from models3d.models import ModelFile
from scanning.models import Scan
from scanning.runner import request_scan
from tests.factories import TagFactory
from tests.integration.scanning.shelf import Shelf, counts


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    for part in ("Tap/tap.stl", "Tap/STLs/lid.stl", "Tap/Arm/left.stl", "Orc/orc.stl", "Tap 2/tap.stl"):
        shelf.write(part, content=part.encode())
    shelf.scan()
    return shelf


def test_nothing_outside_of_the_folder_is_looked_at(shelf: Shelf) -> None:
    shelf.write("Tap/new.stl", "Orc/new.stl", "Tap 2/new.stl")
    (shelf.root / "Tap/tap.stl").unlink()
    (shelf.root / "Orc/orc.stl").unlink()

    scan = shelf.scan(folder="Tap")

    assert counts(scan) == (3, 1, 0, 1, 0)
    missing = ModelFile.objects.exclude(missing_since=None)
    assert list(missing.values_list("relative_path", flat=True)) == ["Tap/tap.stl"]
    assert not ModelFile.objects.filter(relative_path="Orc/new.stl").exists()


def test_a_folder_is_grouped_by_what_lies_around_it(shelf: Shelf) -> None:
    shelf.write("Tap/STLs/new.stl", "Tap/STLs/images/new.png")

    shelf.scan(folder="Tap/STLs")
    alone = shelf.models()
    shelf.scan()

    assert alone["Tap"] >= {"Tap/STLs/new.stl", "Tap/STLs/images/new.png"}
    assert shelf.models() == alone


def test_pictures_beside_the_parts_of_a_flat_dump_keep_their_model(shelf: Shelf) -> None:
    Library.objects.update(grouping=Library.Grouping.STEMS)
    shelf.scan()
    shelf.write("Tap/images/tap.png", "Tap/images/none.png")

    shelf.scan(folder="Tap/images")

    assert shelf.models()["Tap/tap"] == {"Tap/tap.stl", "Tap/images/tap.png"}
    assert shelf.models()[""] == {"Tap/images/none.png"}


def test_a_model_keeps_its_place_when_only_a_part_of_it_is_renamed(shelf: Shelf) -> None:
    model = shelf.model("Tap")
    model.tags.add(TagFactory())

    (shelf.root / "Tap/STLs/lid.stl").rename(shelf.root / "Tap/Arm/lid.stl")
    shelf.scan(folder="Tap")

    assert shelf.model("Tap").pk == model.pk


def test_the_schedule_of_the_library_is_not_touched(shelf: Shelf) -> None:
    shelf.library.refresh_from_db()
    before = (shelf.library.next_scan_at, shelf.library.scanned_at)

    shelf.scan(folder="Tap")

    shelf.library.refresh_from_db()
    assert (shelf.library.next_scan_at, shelf.library.scanned_at) == before


def test_a_whole_scan_after_it_settles_what_the_folder_changed_around_it(shelf: Shelf) -> None:
    shelf.write("Papers/read.md", "Papers/Sub/notes.md", content=b"text")
    shelf.scan()
    shelf.write("Papers/jig.stl")

    shelf.scan(folder="Papers")
    scan = shelf.scan()

    assert scan.new_count == 0
    assert shelf.models()["Papers"] == {"Papers/read.md", "Papers/Sub/notes.md", "Papers/jig.stl"}


@pytest.mark.parametrize("folder", ["../elsewhere", "Tap/../..", "./Tap", "Tap//STLs"])
def test_a_folder_outside_of_the_library_is_refused(shelf: Shelf, folder: str) -> None:
    scan = shelf.scan(folder=folder)

    assert scan.state == Scan.State.REFUSED
    assert "is no path of a file in a library" in scan.error


def test_a_link_is_not_entered_and_nothing_behind_it_goes_missing(shelf: Shelf) -> None:
    (shelf.root / "Orc").rename(shelf.root.parent / "Orc")
    (shelf.root / "Orc").symlink_to(shelf.root.parent / "Orc")

    scan = shelf.scan(folder="Orc")

    assert (scan.state, counts(scan), scan.skipped_count) == (Scan.State.DONE, (0, 0, 0, 0, 0), 1)


def test_an_ignored_folder_stays_ignored(shelf: Shelf) -> None:
    Library.objects.update(ignore_patterns="Tap/")
    shelf.write("Tap/STLs/new.stl")

    assert shelf.scan(folder="Tap/STLs", is_confirmed=True).new_count == 0


def test_a_waiting_scan_is_widened_and_a_running_one_followed(shelf: Shelf) -> None:
    first = request_scan(shelf.library, folder="Tap/STLs")
    inside = request_scan(shelf.library, folder="Tap/STLs/deep")
    wider = request_scan(shelf.library, folder="Tap")
    Scan.objects.filter(pk=first.pk).update(state="running", folder="Orc")
    request_scan(shelf.library)

    assert first == inside == wider
    assert wider.folder == ""
    shelf.library.refresh_from_db()
    assert shelf.library.is_due(timezone.now())


def test_from_the_command_line_by_relative_and_full_path(shelf: Shelf) -> None:
    shelf.write("Tap/new.stl", "Orc/new.stl")
    name = str(shelf.library.pk)

    call_command("scan", name, "--folder", "Tap", "--json")
    call_command("scan", name, "--folder", str(shelf.root / "Orc"), "--json")

    assert [scan.folder for scan in Scan.objects.order_by("pk")][-2:] == ["Tap", "Orc"]
    assert ModelFile.objects.filter(relative_path__endswith="new.stl").count() == 2
    for wrong in (["--folder", "/etc", name], ["--folder", "..", name]):
        with pytest.raises(CommandError, match="is no folder of"):
            call_command("scan", *wrong)


def test_from_a_page(shelf: Shelf, as_alice: Client) -> None:
    as_alice.post(f"/activity/scan/{shelf.library.pk}/", {"folder": "Tap"})

    scan = Scan.objects.unfinished().get()
    assert scan.folder == "Tap"
    assert "Tap" in as_alice.get(f"/activity/scans/{scan.pk}/").content.decode()
