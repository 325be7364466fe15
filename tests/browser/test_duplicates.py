"""Reviewing duplicates in a real browser: side by side, keep one, take it back, keep the copies of one library."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice
from tests.unit.models3d.solids import binary_stl
from tests.unit.models3d.varied import turned, varied_solid

__all__ = ["alice"]


@pytest.fixture
def shelves(transactional_db: None, tmp_path: Path) -> None:
    """Two libraries with a vase in both, the vase mirrored and enlarged, and a foot that two kits share."""
    vase = varied_solid(3)
    files = {
        "Minis/Vase/vase.stl": binary_stl(vase),
        "Downloads/Vase (2)/vase-final.stl": binary_stl(vase),
        "Downloads/Big vase/vase_200.stl": binary_stl(turned(vase, 1) * 2),
        "Downloads/Left vase/vase_left.stl": binary_stl((vase * (-1, 1, 1))[:, ::-1]),
    }
    for kit in ("Table", "Chair"):
        files[f"Minis/{kit}/foot.stl"] = binary_stl(varied_solid(1))
        files[f"Minis/{kit}/top.stl"] = binary_stl(varied_solid(2) * (1, 1, 1 + len(kit)))
        files[f"Minis/{kit}/{kit}.txt"] = kit.encode()
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name in ("Minis", "Downloads"):
        call_command("add_library", str(tmp_path / name), name=name, stdout=StringIO())
    call_command("scan", "--all", "--wait", stdout=StringIO(), stderr=StringIO())


def test_one_copy_is_kept_and_the_other_brought_back(
    page: Page, live_server: LiveServer, alice: User, shelves: None, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/activity/")
    page.get_by_role("link", name="Duplicates").click()
    group = page.get_by_role("article", name="vase.stl")
    expect(group.get_by_role("button", name="Keep this one")).to_have_count(2)
    shared = page.get_by_role("article", name="foot.stl")
    expect(shared).to_contain_text("Part used by 2 models")
    expect(shared.get_by_role("button", name="Keep this one")).to_have_count(0)
    check_page(page, "duplicates")

    group.get_by_role("button", name="Keep this one vase.stl").click()
    expect(page.get_by_text("vase.stl is kept; 1 file is put aside.")).to_be_visible()
    check_page(page, "duplicates-settled")
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("1 file is back.")).to_be_visible()
    page.get_by_role("link", name="Same shape").click()
    expect(page.get_by_text("Mirror image").first).to_be_visible()
    check_page(page, "duplicates-same-shape")


def test_the_copies_of_one_library_are_kept_after_a_look(
    page: Page, live_server: LiveServer, alice: User, shelves: None, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/duplicates/")
    page.get_by_label("On this page, keep the copies that lie in").select_option("Minis")
    page.get_by_role("button", name="Look at what would happen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep the copies in Minis")
    check_page(page, "duplicates-keep")

    page.get_by_role("button", name="Put 1 file aside").click()

    expect(page.get_by_text("1 file is put aside.")).to_be_visible()
    page.get_by_role("link", name="Put aside", exact=True).click()
    expect(page.get_by_role("button", name="Bring back Vase (2)/vase-final.stl")).to_be_visible()
    check_page(page, "put-aside")
