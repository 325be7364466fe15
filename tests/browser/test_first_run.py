"""From an empty database to the first library: account, folder, activity; each page in light and dark, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import CheckPage

PASSWORD = "correct horse battery"


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_creates_an_account_and_adds_a_folder(
    page: Page, live_server: LiveServer, check_page: CheckPage, tmp_path: Path
) -> None:
    (tmp_path / "My models").mkdir()
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="Welcome to Layershelf")).to_be_visible()
    check_page(page, "set-up")

    page.get_by_label("Your name").fill("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill("something else")
    page.get_by_role("button", name="Create account").click()
    expect(page.locator(".errorlist")).to_be_visible()
    check_page(page, "set-up-error")

    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Add a library")).to_be_visible()
    page.get_by_text("More settings").click()
    check_page(page, "library-add")

    page.get_by_label("Folder", exact=True).fill("/etc")
    page.get_by_role("button", name="Add and scan").click()
    expect(page.locator("#id_path_error")).to_contain_text("belongs to the system")
    check_page(page, "library-add-error")

    page.get_by_label("Folder", exact=True).fill(str(tmp_path / "My models"))
    page.get_by_role("button", name="Add and scan").click()
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.get_by_text("My models waits for its scan")).to_be_visible()

    page.get_by_role("link", name="Libraries").first.click()
    expect(page.get_by_role("heading", name="My models")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_preferences_password_and_signing_out(
    page: Page, live_server: LiveServer, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/account/set-up/")
    page.get_by_label("Your name").fill("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    page.goto(f"{live_server.url}/account/preferences/")
    check_page(page, "preferences")
    page.goto(f"{live_server.url}/account/password/")
    check_page(page, "password")

    page.get_by_text("Account of alice").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    check_page(page, "sign-in")
    page.get_by_label("Name").fill("alice")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page, "sign-in-error")
