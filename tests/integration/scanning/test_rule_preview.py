"""Trying grouping rules on the files of a library before they are used."""

import pytest
from django.test import Client

from scanning.models import FolderGrouping, Scan
from tests.integration.scanning.shelf import Shelf

RULES = {"grouping": "folders", "absorbed_names": "", "ignore_patterns": ""}
APPLY = {"apply": "1"}


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    shelf.write("Orc/orc.stl", "Orc/LOD/low.stl", "in/a.stl", "in/a.png", "in/b.stl", "LICENSE")
    shelf.scan()
    return shelf


def _page(client: Client, shelf: Shelf, **rules: str) -> str:
    return client.post(f"/activity/libraries/{shelf.library.pk}/rules/", RULES | rules).content.decode()


def _numbers(page: str) -> list[int]:
    """Appear, vanish, unite, split, files, left out."""
    return [int(part.partition("<")[0]) for part in page.split('font-semibold">')[1:]]


@pytest.mark.parametrize(
    ("rules", "numbers"),
    [
        ({}, [0, 0, 0, 0, 0, 0]),
        ({"absorbed_names": "lod"}, [0, 1, 1, 0, 1, 0]),
        ({"folder": "Orc", "how": "one_model"}, [0, 1, 1, 0, 1, 0]),
        ({"folder": "/in/", "how": "stems"}, [2, 1, 0, 1, 3, 0]),
        ({"ignore_patterns": "LOD/"}, [0, 1, 0, 0, 1, 1]),
    ],
)
def test_the_preview_tells_what_the_scan_then_does(
    shelf: Shelf, as_alice: Client, rules: dict[str, str], numbers: list[int]
) -> None:
    before = shelf.models()

    page = _page(as_alice, shelf, **rules)

    assert _numbers(page) == numbers
    assert shelf.models() == before
    address = f"/activity/libraries/{shelf.library.pk}/rules/"
    as_alice.post(address, RULES | rules | APPLY)
    shelf.scan(is_confirmed=True)
    after = shelf.models()
    known, now = before.keys() - {""}, after.keys() - {""}
    assert [len(now - known), len(known - now)] == numbers[:2]


def test_applying_saves_the_rules_and_asks_for_a_scan(shelf: Shelf, as_alice: Client) -> None:
    entry = RULES | {"absorbed_names": "LOD, ", "folder": "in", "how": "container", "separates": "images"}

    as_alice.post(f"/activity/libraries/{shelf.library.pk}/rules/", entry | APPLY)

    shelf.library.refresh_from_db()
    rule = FolderGrouping.objects.get()
    assert shelf.library.absorbed_names == ["LOD"]
    assert (rule.folder, rule.how, rule.separate_names) == ("in", "container", ["images"])
    assert Scan.objects.filter(state=Scan.State.QUEUED).exists()


@pytest.mark.parametrize(
    "wrong", [{"grouping": "magic"}, {"absorbed_names": "a/b"}, {"how": "magic"}, {"separates": "x" * 101}]
)
def test_wrong_rules_are_neither_tried_nor_saved(
    shelf: Shelf, as_alice: Client, wrong: dict[str, str]
) -> None:
    assert "What would change" not in _page(as_alice, shelf, **wrong)
    as_alice.post(f"/activity/libraries/{shelf.library.pk}/rules/", RULES | wrong | APPLY)

    assert not Scan.objects.filter(state=Scan.State.QUEUED).exists()
