"""Names of every kind reach their rows and stay the same from scan to scan."""

import pytest

from libraries.paths import row_path
from scanning.models import Scan
from tests.integration.scanning.shelf import Shelf, counts

NAMES = [
    "with space.stl",
    "new\nline.stl",
    "tab\tquote'\"\\N back\\slash.stl",
    "\\.",
    "Größe.stl",
    "re\u0301sume\u0301.stl",
    "r\u00e9sum\u00e9.stl",
    "ورشة.stl",
    "🐉.stl",
    "caf\udce9.stl",
    "\U0010ffe9.stl",
    "percent%s%20.stl",
    "x" * 251 + ".stl",
]


def test_odd_names_are_kept_and_found_again(shelf: Shelf) -> None:
    shelf.write(*(f"Folder {number}/{name}" for number, name in enumerate(NAMES)))
    shelf.write(*(name for name in NAMES if name != "\\."))

    first = shelf.scan()
    second = shelf.scan()

    assert first.state == Scan.State.DONE
    assert counts(first)[:2] == (25, 25)
    assert counts(second) == (25, 0, 0, 0, 0)
    for number, name in enumerate(NAMES):
        assert shelf.file(row_path(f"Folder {number}/{name}")).size_bytes == 15


def test_twins_that_look_alike_are_two_files(shelf: Shelf) -> None:
    shelf.write("Cafe\u0301/a.stl", "Caf\u00e9/a.stl")

    shelf.scan()

    assert set(shelf.models()) == {"Cafe\u0301", "Caf\u00e9"}
    assert shelf.model("Cafe\u0301").name == shelf.model("Caf\u00e9").name == "Café"


def test_paths_longer_than_an_index_entry(shelf: Shelf) -> None:
    deep = "/".join(f"{letter * 250}" for letter in "abcdefghijk")
    shelf.write(f"{deep}/end.stl", f"{deep}/other.stl")

    shelf.scan()

    assert shelf.models() == {deep: {f"{deep}/end.stl", f"{deep}/other.stl"}}
    assert counts(shelf.scan()) == (2, 0, 0, 0, 0)


def test_links_are_told_and_not_counted(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    (shelf.root / "Dragon/loop").symlink_to(shelf.root)
    (shelf.root / "etc").symlink_to("/etc")

    scan = shelf.scan()

    assert (scan.state, scan.found_count, scan.skipped_count) == (Scan.State.DONE, 1, 2)
    assert set(scan.lists.get(what="skipped").paths) == {"Dragon/loop", "etc"}


@pytest.mark.parametrize("patterns", ["*.bak\nattic/", "!keep.part\n*.bak\nattic/"])
def test_ignored_names_get_no_rows(shelf: Shelf, patterns: str) -> None:
    shelf.library.ignore_patterns = patterns
    shelf.library.save(update_fields=["ignore_patterns"])
    shelf.write(
        "a.stl", "a.bak", "x/attic/b.stl", ".hidden/c.stl", "@eaDir/d.stl", "e.part", "__MACOSX/._f.stl"
    )

    shelf.scan()

    assert shelf.models() == {"a.stl": {"a.stl"}}
