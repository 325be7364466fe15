"""The page of a model in a real browser: turn it, choose a file, download, edit in place."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from models3d.services import edit_model, set_creator, set_tags
from tests.browser.checks import settle
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice, shelf

__all__ = ["alice", "shelf"]


@pytest.fixture
def tower(shelf: Library) -> Model3D:
    model = Model3D.objects.get(name="Dragon tower")
    set_tags(model.pk, ["tabletop", "no supports", "print in place"])
    set_creator(model.pk, "Fates End")
    edit_model(
        model.pk, license="CC-BY-NC-4.0", notes="Keep the first layer **slow**.\n\n- 0.2 mm\n- no brim"
    )
    return model


def test_a_model_is_turned_and_its_files_are_chosen(
    page: Page, live_server: LiveServer, alice: User, tower: Model3D, check_page: CheckPage
) -> None:
    page.goto(live_server.url + tower.get_absolute_url())
    expect(page.locator("mesh-viewer[data-state=ready]")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-out=size]")).to_contain_text("24 × 24 × 30 mm")
    expect(page.get_by_text("2 problems")).to_be_visible()
    check_page(page, "model")

    page.get_by_role("link", name="Show tower_base.stl").click()
    expect(page).to_have_url(re.compile(r"\?file=\d+$"))
    expect(page.locator("mesh-viewer[data-state=ready]")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-out=size]")).to_contain_text("40 × 40 × 40 mm")


def test_a_file_is_downloaded_under_its_name(
    page: Page, live_server: LiveServer, alice: User, tower: Model3D
) -> None:
    page.goto(live_server.url + tower.get_absolute_url())

    with page.expect_download() as download:
        page.get_by_role("link", name="Download window.stl").click()

    assert download.value.suggested_filename == "window.stl"
    assert download.value.path().stat().st_size == 84 + 50 * 10


def test_parts_are_edited_in_their_place(
    page: Page, live_server: LiveServer, alice: User, tower: Model3D, check_page: CheckPage
) -> None:
    page.goto(live_server.url + tower.get_absolute_url())

    page.get_by_role("link", name="Edit tags").click()
    expect(page.locator("#id_tags")).to_have_value("no supports, print in place, tabletop, ")
    settle(page)
    check_page(page, "model-edit-tags")
    page.locator("#id_tags").fill("tabletop, castle")
    page.locator("#id_tags").press("Enter")
    expect(page.locator("#part-tags")).to_contain_text("castle")
    expect(page.locator(".toast")).to_contain_text("The tags are saved.")

    page.get_by_role("link", name="Edit notes").click()
    settle(page)
    page.locator("#id_notes").fill("Now **fast**.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#part-notes strong")).to_have_text("fast")

    page.get_by_role("link", name="Edit name").click()
    settle(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dragon tower")
    page.get_by_role("link", name="Edit name").click()
    settle(page)
    page.locator("#id_name").fill("Keep")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/keep/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep")
    expect(page.locator(".toast")).to_contain_text("The name is saved.")
