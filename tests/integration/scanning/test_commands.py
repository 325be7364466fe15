"""The commands add_library and scan, as somebody at a terminal uses them."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from libraries.models import Library
from models3d.models import ModelFile
from scanning.models import Scan
from scanning.runner import request_scan
from tests.factories import LibraryFactory
from tests.integration.scanning.shelf import Shelf

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(*args: str, out: StringIO | None = None) -> str:
    out = out or StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_add_library_scans_if_asked(tmp_path: Path) -> None:
    (tmp_path / "Minis").mkdir()
    (tmp_path / "Minis/orc.stl").write_bytes(b"x")

    said = run("add_library", str(tmp_path / "Minis"), "--scan")

    assert said == "Added the library “Minis”.\nMinis: 1 files (1 new), 1 models.\n"
    assert Library.objects.get().path == str(tmp_path / "Minis")


def test_adding_it_again_only_scans(tmp_path: Path) -> None:
    run("add_library", str(tmp_path), "--name", "Mine")
    (tmp_path / "orc.stl").write_bytes(b"x")

    said = run("add_library", f"{tmp_path}/./", "--scan")

    assert said.startswith("“Mine” is a library already.\n")
    assert ModelFile.objects.count() == 1


def test_a_folder_that_cannot_be_added_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="The folder “/nowhere” is not there"):
        run("add_library", "/nowhere")


def test_scan_by_name_id_and_folder(shelf: Shelf) -> None:
    Library.objects.update(name="My Minis")
    shelf.write("orc.stl")

    for called in ("my minis", str(shelf.library.pk), str(shelf.root)):
        assert run("scan", called).startswith("My Minis: 1 files")


def test_all_libraries_one_after_the_other(shelf: Shelf) -> None:
    other = Shelf(shelf.root.parent / "other")
    shelf.write("orc.stl")
    other.write("elf.stl")

    run("scan", "--all")

    assert set(ModelFile.objects.values_list("relative_path", flat=True)) == {"orc.stl", "elf.stl"}


@pytest.mark.parametrize("args", [[], ["nope"], ["--all", "1"], ["twin"], ["9" * 40]])
def test_bad_arguments_have_their_own_exit_code(args: list[str]) -> None:
    LibraryFactory(name="Twin")
    LibraryFactory(name="twin")

    with pytest.raises(CommandError) as raised:
        run("scan", *args)

    assert raised.value.returncode == 2


def test_a_refused_scan_fails_with_its_sentence_and_can_be_confirmed(shelf: Shelf) -> None:
    shelf.write(*(f"{n}.stl" for n in range(12)))
    run("scan", "--all")
    shutil.rmtree(shelf.root)
    shelf.root.mkdir()

    with pytest.raises(CommandError, match="is empty, but it held 12 files") as raised:
        run("scan", "--all")
    said = run("scan", "--all", "--confirm")

    assert raised.value.returncode == 1
    assert "12 missing" in said


def test_dry_run_says_what_would_change(shelf: Shelf) -> None:
    shelf.write("orc.stl")

    said = run("scan", "--all", "--dry-run")

    assert "a scan would find 1 files (1 new)" in said
    assert not ModelFile.objects.exists()


def test_dry_run_lists_what_would_change(shelf: Shelf) -> None:
    shelf.write("orc.stl", *(f"elf {number}.stl" for number in range(30)), content=b"all the same")
    shelf.scan()
    shelf.write("dragon.stl", "notes.bak")
    Library.objects.update(ignore_patterns="*.bak")
    (shelf.root / "caf\udce9").mkdir()
    (shelf.root / "orc.stl").rename(shelf.root / "caf\udce9/orc.stl")
    for number in range(9):
        (shelf.root / f"elf {number}.stl").write_bytes(b"x" * number)

    said = run("scan", "--all", "--dry-run")

    assert "\nNew: 1\n  dragon.stl\n" in said
    assert "\nChanged: 9\n  elf 0.stl\n" in said
    assert "\nMoved: 1\n  caf\\xe9/orc.stl (from orc.stl)\n" in said
    assert "\nLeft out: 1\n  notes.bak (*.bak)\n" in said


def test_long_lists_are_cut_at_the_terminal(shelf: Shelf) -> None:
    shelf.write(*(f"{number:02}.stl" for number in range(30)))

    said = run("scan", "--all", "--dry-run")

    assert "  19.stl\n  … and 10 more\n" in said


def test_dry_run_asked_for_while_a_real_scan_waits(shelf: Shelf) -> None:
    shelf.write("orc.stl")
    request_scan(shelf.library)

    run("scan", "--all", "--dry-run")

    assert list(Scan.objects.order_by("pk").values_list("state", "is_dry_run")) == [
        ("done", False),
        ("done", True),
    ]


def test_json_is_the_whole_output(shelf: Shelf) -> None:
    shelf.write("orc.stl")
    (shelf.root / "link").symlink_to("/etc")

    (scan,) = json.loads(run("scan", "--all", "--json", out=Terminal()))["scans"]

    assert (scan["state"], scan["models"]) == ("done", 1)
    counts = {"changed": 0, "moved": 0, "missing": 0, "returned": 0}
    assert scan["counts"] == {"found": 1, "new": 1, "skipped": 1} | counts
    assert scan["lists"]["new"] == {"total": 1, "files": [{"path": "orc.stl"}]}
    assert scan["lists"]["skipped"]["files"][0]["path"] == "link"
    assert "leads out of the library" in scan["lists"]["skipped"]["files"][0]["reason"]


def test_no_progress_line_where_nobody_watches(shelf: Shelf) -> None:
    shelf.write("orc.stl")

    assert "\r" not in run("scan", "--all")
    assert "\r" in run("scan", "--all", out=Terminal())
