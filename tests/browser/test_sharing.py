"""A model is shared with a password; a guest without an account opens it and turns the model."""

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from tests.browser.checks import check_look, watch
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice as alice
from tests.browser.shelves import shelf as shelf


def test_a_guest_opens_a_shared_model(
    page: Page, browser: Browser, live_server: LiveServer, alice: User, shelf: Library, check_page: CheckPage
) -> None:
    tower = Model3D.objects.get(name="Dragon tower")
    page.goto(live_server.url + tower.get_absolute_url())
    page.get_by_role("link", name="Share", exact=True).click()
    check_page(page, "share")
    page.get_by_label("Also download the files").check()
    page.get_by_role("textbox", name="Password").fill("open sesame")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("is ready to be copied")).to_be_visible()
    check_page(page, "shared-links")
    address = page.get_by_role("textbox", name="Address of the link").input_value()

    guest = browser.new_page(viewport={"width": 1440, "height": 900})
    complaints = watch(guest)
    guest.goto(address)
    expect(guest.get_by_role("heading", name="This link asks for a password")).to_be_visible()
    assert check_look(guest, "shared-password") == []
    guest.get_by_role("textbox", name="Password").fill("open sesame")
    guest.get_by_role("button", name="Open", exact=True).click()
    expect(guest.get_by_role("heading", name="Dragon tower")).to_be_visible()
    expect(guest.get_by_role("link", name="Download all files")).to_be_visible()
    expect(guest.get_by_role("button", name="Wireframe")).to_be_visible()
    assert check_look(guest, "shared-model") + complaints == []
    guest.close()
