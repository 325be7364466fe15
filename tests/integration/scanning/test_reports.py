"""Each scan keeps lists of what it found; the report page shows them a page at a time."""

import html
import re
from pathlib import Path

import pytest
from django.test import Client

from libraries.models import Library
from libraries.paths import row_path
from scanning import reports
from scanning.models import Scan, ScanList
from tests.integration.scanning.shelf import Shelf


def _paths(scan: Scan, what: str) -> list[str]:
    return [entry.path for entry in reports.page(scan, what).entries]


@pytest.fixture
def changed(shelf: Shelf) -> Scan:
    """The scan after one change of each kind."""
    for name in ("orc", "elf", "dragon", "gone", "back"):
        shelf.write(f"{name}.stl", content=name.encode() * 3)
    (shelf.root / "back.stl").rename(shelf.root.parent / "back.stl")
    shelf.scan()
    shelf.write("back.stl", content=b"back" * 3)
    shelf.scan()
    (shelf.root / "back.stl").rename(shelf.root.parent / "back.stl")
    shelf.scan()

    (shelf.root.parent / "back.stl").rename(shelf.root / "back.stl")
    (shelf.root / "gone.stl").unlink()
    (shelf.root / "ork").mkdir()
    (shelf.root / "orc.stl").rename(shelf.root / "ork/orc.stl")
    (shelf.root / "loop").symlink_to(shelf.root)
    shelf.write("elf.stl", content=b"changed")
    shelf.write("new.stl", "old.bak", ".git/config")
    Library.objects.filter(pk=shelf.library.pk).update(ignore_patterns="*.bak")
    return shelf.scan()


def test_every_kind_of_change_is_listed(changed: Scan) -> None:
    listed = {found.what: sorted(_paths(changed, found.what)) for found in reports.summaries(changed)}

    assert listed == {
        "new": ["new.stl"],
        "changed": ["elf.stl"],
        "moved": ["ork/orc.stl"],
        "missing": ["gone.stl"],
        "returned": ["back.stl"],
        "skipped": ["loop"],
        "ignored": [".git/", "old.bak"],
    }


def test_details_tell_where_from_why_and_by_which_rule(changed: Scan) -> None:
    details = {
        entry.path: entry.detail
        for what in ("moved", "skipped", "ignored")
        for entry in reports.page(changed, what).entries
    }

    assert details == {
        "ork/orc.stl": "orc.stl",
        "loop": "A link to something in this library, which is listed where it really is.",
        "old.bak": "*.bak",
        ".git/": "names that begin with a dot",
    }


def test_the_page_shows_one_list_at_a_time(changed: Scan, as_alice: Client) -> None:
    first = as_alice.get(f"/activity/scans/{changed.pk}/").content.decode()
    moved = as_alice.get(f"/activity/scans/{changed.pk}/?what=moved").content.decode()
    ignored = as_alice.get(f"/activity/scans/{changed.pk}/?what=ignored").content.decode()

    assert "new.stl" in first and "ork/orc.stl" not in first
    assert "from <code>orc.stl</code>" in moved
    assert "by the rule <code>*.bak</code>" in ignored


def test_long_lists_are_paged_and_filtered(shelf: Shelf, as_alice: Client) -> None:
    shelf.write(*(f"Folder {number:03}/part.stl" for number in range(250)))
    scan = shelf.scan()
    address = f"/activity/scans/{scan.pk}/"

    texts: list[str] = []
    query = "?what=new"
    while query:
        response = as_alice.get(address + query, headers={"HX-Request": "true"} if texts else {})
        texts.append(response.content.decode())
        more = re.search(r'<a class="btn btn-sm" href="([^"]+)">Show more', texts[-1])
        query = html.unescape(more[1]) if more else ""
    narrowed = as_alice.get(address + "?what=new&words=FOLDER+24").content.decode()

    assert len(texts) == 3
    assert all("".join(texts).count(f"Folder {number:03}/part.stl") == 1 for number in range(250))
    assert "<html" not in texts[1]
    assert narrowed.count("/part.stl") == 10


def test_a_huge_list_is_cut_and_says_so(
    shelf: Shelf, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanning.reconcile.LISTED", 5)
    shelf.write(*(f"{number}.stl" for number in range(8)))

    scan = shelf.scan()

    assert _paths(scan, "new") == [f"{number}.stl" for number in range(5)]
    assert "The first 5 of 8 are listed." in as_alice.get(f"/activity/scans/{scan.pk}/").content.decode()


def test_a_refused_scan_lists_what_would_go_missing(shelf: Shelf) -> None:
    shelf.write(*(f"{number}.stl" for number in range(12)))
    shelf.scan()
    for number in range(9):
        (shelf.root / f"{number}.stl").unlink()

    scan = shelf.scan()

    assert scan.state == Scan.State.REFUSED
    assert len(_paths(scan, "missing")) == 9


def test_names_that_are_no_text_are_listed(shelf: Shelf, as_alice: Client) -> None:
    shelf.write("caf\udce9\n<b>.stl")

    scan = shelf.scan()

    assert _paths(scan, "new") == [row_path("caf\udce9\n<b>.stl")]
    assert "caf\\xe9\\x0a&lt;b&gt;.stl" in as_alice.get(f"/activity/scans/{scan.pk}/").content.decode()


def test_lists_of_long_ago_are_dropped(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanning.reports.SCANS_WITH_LISTS", 2)
    scans = []
    for number in range(4):
        shelf.write(f"{number}.stl")
        scans.append(shelf.scan())

    assert set(ScanList.objects.values_list("scan", flat=True)) == {scan.pk for scan in scans[2:]}
    assert Scan.objects.count() == 4


@pytest.mark.parametrize(
    "query",
    ["what=nonsense", "after=x", "after=99999999999999999", "words=%00", "words=" + "a" * 5000, "after=-1"],
)
def test_any_address_is_answered(changed: Scan, as_alice: Client, query: str) -> None:
    assert as_alice.get(f"/activity/scans/{changed.pk}/?{query}").status_code == 200


def test_strangers_see_no_report(shared_library: Library, as_charlie: Client, tmp_path: Path) -> None:
    scan = Scan.objects.create(library=shared_library, state="done")

    assert as_charlie.get(f"/activity/scans/{scan.pk}/?what=new").status_code == 404
