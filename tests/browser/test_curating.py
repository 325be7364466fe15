"""Curating in the browser: choosing cards, tagging them at once, marking favourites."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from collections_app.models import Collection, Tag
from collections_app.shelving import collections_at
from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from models3d.services import set_creator, set_tags
from tests.browser.checks import settle
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice, shelf

__all__ = ["alice", "shelf"]


def test_cards_are_chosen_with_shift_and_tagged_in_a_dialog(
    page: Page, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/?sort=name")
    boxes = page.locator(".pick input")
    bar = page.locator("#selection")
    expect(bar).to_be_hidden()

    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(bar).to_contain_text("4 chosen")
    check_page(page, "choosing")

    bar.get_by_role("button", name="Tag").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Tag 4 models")
    settle(page)
    check_page(page, "tagging")
    dialog.get_by_label("Tags").fill("marbles")
    dialog.get_by_role("button", name="Add tags").click()

    expect(page.get_by_role("status").filter(has_text="4 models changed")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(bar).to_be_hidden()
    assert Tag.objects.get().model_count == 4


def test_escape_lets_go_and_hearts_stay(
    page: Page, live_server: LiveServer, alice: User, shelf: Library
) -> None:
    page.goto(f"{live_server.url}/?sort=name")
    page.locator(".pick input").first.check()
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).to_be_hidden()

    page.locator(".fav").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".fav[aria-pressed=true]")).to_have_count(1)
    page.goto(f"{live_server.url}/?favourite=yes")

    expect(page.locator(".model")).to_have_count(1)


def test_collections_and_creators_have_their_pages(
    page: Page, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    marbles = collections_at([("Marbles", "Small ones")])[("Marbles", "Small ones")]
    for model in Model3D.objects.filter(name__startswith="Marble")[:6]:
        model.collections.add(marbles)
        set_creator(model.pk, "Fates End")
        set_tags(model.pk, ["toy", f"number {model.pk}"])
    Collection.objects.filter(name="Marbles").update(description="Everything that **rolls**.")
    for path, name in (("collections", "collections"), ("tags", "tags"), ("creators", "creators")):
        page.goto(f"{live_server.url}/{path}/")
        check_page(page, name)
    page.goto(f"{live_server.url}/collections/")

    page.get_by_role("link", name="Marbles").click()
    expect(page.get_by_role("heading", name="Marbles")).to_be_visible()
    expect(page.locator(".grid-models .model")).to_have_count(6)
    check_page(page, "collection")
    page.get_by_role("link", name="Edit", exact=True).click()
    check_page(page, "collection_form")
    page.get_by_label("Name").fill("Rolling things")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Rolling things")).to_be_visible()
