"""Models that are alike, in a real browser: a row that comes after the page, and a page without script."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from models3d.models import Model3D
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice
from tests.unit.models3d.solids import binary_stl
from tests.unit.models3d.varied import turned, varied_solid

__all__ = ["alice"]


@pytest.fixture
def vase(transactional_db: None, tmp_path: Path) -> Model3D:
    """One of eight vases that differ a little, beside something else."""
    for number in range(8):
        solid = turned(varied_solid(3) * (1, 1, 1 + number / 200), number) * (1 + number / 10)
        (tmp_path / f"Vase {number}.stl").write_bytes(binary_stl(solid))
    (tmp_path / "Terraces.stl").write_bytes(binary_stl(varied_solid(2)))
    call_command("add_library", str(tmp_path), name="Vases", stdout=StringIO())
    call_command("scan", "--all", "--wait", stdout=StringIO(), stderr=StringIO())
    return Model3D.objects.get(name="Vase 0")


def test_models_that_are_alike_follow_the_files(
    page: Page, live_server: LiveServer, alice: User, vase: Model3D, check_page: CheckPage
) -> None:
    page.goto(live_server.url + vase.get_absolute_url())
    row = page.get_by_role("region", name="More like this")
    expect(row.get_by_role("listitem")).to_have_count(7)
    expect(row.get_by_role("link").first).to_have_text("Vase 1")
    row.scroll_into_view_if_needed()
    check_page(page, "model-more-like-this")

    row.get_by_role("link", name="Vase 1").click()

    expect(page).to_have_url(re.compile(r"/vase-1/$"))


def test_nothing_is_shown_where_nothing_is_alike(
    page: Page, live_server: LiveServer, alice: User, vase: Model3D
) -> None:
    lonely = Model3D.objects.get(name="Terraces")

    with page.expect_response(re.compile("like-this")):
        page.goto(live_server.url + lonely.get_absolute_url())

    expect(page.get_by_text("More like this")).to_have_count(0)


def test_the_page_without_script_looks_right(
    page: Page, live_server: LiveServer, alice: User, vase: Model3D, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/models/{vase.pk}/more/like-this/")

    expect(page.get_by_role("heading", level=1)).to_have_text("More like Vase 0")
    check_page(page, "more-like-this")
