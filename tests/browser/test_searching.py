"""Searching by fields in a real browser: suggestions by keyboard and mouse, help, and faults told where they are."""

import re

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from models3d.derived import recount_tags_and_creators
from models3d.models import Model3D
from models3d.services import set_tags
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice, shelf

__all__ = ["alice", "shelf"]


def test_suggestions_complete_what_one_types(
    page: Page, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    set_tags(Model3D.objects.get(name="Dragon tower").pk, ["tabletop", "no supports"])
    recount_tags_and_creators()
    page.goto(live_server.url)
    box = page.get_by_role("combobox", name="Search models")
    box.press_sequentially("t", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("tag:")
    check_page(page, "search-suggestions")

    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("tag:")
    page.get_by_role("option", name="no supports").click()
    expect(box).to_have_value('tag:"no supports" ')
    expect(page.locator(".model")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=tag"))

    box.fill('tag:"no supports" size:<5parsec')
    expect(page.get_by_role("alert")).to_contain_text("“parsec” is not a unit")
    check_page(page, "search-complaint")


def test_examples_of_the_help_are_a_click_away(
    page: Page, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    page.goto(live_server.url)
    page.get_by_role("link", name="How to search").click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="How to search")).to_be_visible()
    check_page(page, "search-help")

    page.get_by_role("link", name="triangles:<1M").click()
    expect(page).to_have_url(re.compile(r"q=triangles"))
    expect(page.locator(".model").first).to_be_visible()


def test_a_search_is_saved_and_opened_again(
    page: Page, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/?q=size:<15mm")
    page.get_by_text("Save search").click()
    page.get_by_label("Name of this search").fill("Small parts")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The search is saved.")).to_be_visible()
    check_page(page, "search-saved")

    page.goto(live_server.url)
    page.get_by_role("link", name="Small parts").click()
    expect(page.locator(".model")).to_have_count(7)

    page.get_by_role("link", name="Rename or delete").click()
    check_page(page, "searches")
    page.get_by_role("button", name="Delete Small parts").click()
    expect(page.get_by_text("No saved search yet")).to_be_visible()
