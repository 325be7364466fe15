"""Browsing in a real browser: scrolling, searching while one types, facets, Back, and the same without script."""

import re

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from models3d.derived import recount_tags_and_creators
from models3d.models import Model3D
from models3d.services import set_creator, set_tags
from tests.browser.checks import settle
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice, shelf

__all__ = ["alice", "shelf"]


def tag_some() -> None:
    """Tags and a creator on some models, so that the rail has something to say."""
    tower = Model3D.objects.get(name="Dragon tower")
    set_tags(tower.pk, ["tabletop", "no supports"])
    set_creator(tower.pk, "Fates End")
    for marble in Model3D.objects.filter(name__startswith="Marble")[:5]:
        set_tags(marble.pk, ["toy"])
    recount_tags_and_creators()


def test_the_grid_grows_as_one_scrolls(
    page: Page, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    tag_some()
    page.goto(live_server.url)
    cards = page.locator(".model")
    expect(page.locator("#count")).to_contain_text("16")
    check_page(page, "library")

    page.mouse.wheel(0, 20_000)
    expect(cards).to_have_count(16)
    names = page.locator(".model h2").all_inner_texts()
    assert len(set(names)) == 16
    expect(page).to_have_url(f"{live_server.url}/")
    settle(page)


def test_search_answers_while_one_types_and_back_returns(
    page: Page, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    page.goto(live_server.url)
    page.keyboard.press("/")
    page.keyboard.type("drag", delay=30)
    expect(page.locator(".model")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=drag$"))
    expect(page.locator("#count")).to_contain_text("1")
    expect(page.locator("#facet-type small").first).to_have_text("1")
    check_page(page, "library-search")

    page.keyboard.type("xyz", delay=30)
    expect(page.get_by_text("No model fits")).to_be_visible()
    check_page(page, "library-nothing")

    page.go_back()
    expect(page.get_by_role("combobox", name="Search models")).to_have_value("drag")
    expect(page.locator(".model")).to_have_count(1)
    expect(page.locator("#filters")).to_be_attached()


def test_facets_narrow_and_chips_take_back(
    page: Page, live_server: LiveServer, alice: User, shelf: Library
) -> None:
    tag_some()
    page.goto(live_server.url)

    page.get_by_role("checkbox", name="toy").check()
    expect(page.locator(".model")).to_have_count(5)
    expect(page.locator("#facet-tag small").first).to_have_text("5")
    expect(page).to_have_url(re.compile(r"\?tag=\d+$"))

    page.get_by_label("Sort by").select_option("name")
    expect(page.locator(".model h2").first).to_have_text("Marble 5 (12 mm)")
    expect(page).to_have_url(re.compile(r"\?tag=\d+&sort=name$"))

    page.get_by_label("Remove tag toy").click()
    expect(page.locator(".model").first).to_contain_text("Dragon tower")
    expect(page).to_have_url(re.compile(r"\?sort=name$"))
    expect(page.get_by_role("checkbox", name="toy")).not_to_be_checked()


def test_facets_are_a_sheet_on_a_phone(
    page: Page, live_server: LiveServer, alice: User, shelf: Library
) -> None:
    tag_some()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url)
    expect(page.get_by_role("checkbox", name="toy")).to_be_hidden()

    page.get_by_role("button", name="Filter").click()
    page.get_by_role("checkbox", name="toy").check()
    expect(page.locator(".model")).to_have_count(5)
    page.get_by_role("button", name="Show models").click()

    expect(page.get_by_role("checkbox", name="toy")).to_be_hidden()
    expect(page.get_by_role("button", name="Filter 1")).to_be_visible()


def test_everything_is_reached_without_script(
    browser: Browser, page: Page, live_server: LiveServer, alice: User, shelf: Library
) -> None:
    tag_some()
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(live_server.url)

    plain.get_by_role("link", name="Show more models").click()
    expect(plain.locator(".model")).to_have_count(4)
    plain.goto(live_server.url)
    plain.get_by_role("checkbox", name="toy").check()
    plain.get_by_role("button", name="Apply").click()
    expect(plain.locator(".model")).to_have_count(5)
    plain.get_by_role("combobox", name="Search models").fill("tower")
    plain.get_by_role("combobox", name="Search models").press("Enter")
    plain.get_by_role("link", name="Dragon tower").click()
    plain.get_by_role("link", name="Edit name").click()
    plain.locator("#id_name").fill("Keep of the dragon")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Keep of the dragon")
    context.close()


def test_the_first_look_says_what_to_do(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    page.goto(live_server.url)

    expect(page.get_by_role("link", name="Add a library")).to_be_visible()
    check_page(page, "library-empty")
