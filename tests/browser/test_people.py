"""An owner invites somebody, who joins; the owner looks after them, and makes a token. Each page looked at."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice as alice
from tests.factories import PASSWORD, EditorFactory, LibraryFactory, UserFactory


def test_an_owner_invites_somebody_and_looks_after_them(
    page: Page, browser: Browser, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    minis = LibraryFactory(name="Minis of the month", is_restricted=True)
    LibraryFactory(name="Family", is_restricted=True, path="/srv/family").members.add(
        EditorFactory(username="erin", last_seen_at=timezone.now() - timedelta(hours=3))
    )
    UserFactory(username="bob", is_active=False, last_seen_at=timezone.now() - timedelta(days=40))
    Group.objects.create(name="Thursday class")
    page.goto(f"{live_server.url}/account/people/")
    page.get_by_role("link", name="Invite somebody").click()
    check_page(page, "invite")

    page.get_by_role("textbox", name="For (optional)").fill("Dora")
    page.get_by_label("Minis of the month").check()
    page.get_by_role("button", name="Make the link").click()
    check_page(page, "invite-made")
    link = page.get_by_role("textbox", name="Link").input_value()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Dora", exact=True)).to_be_visible()
    check_page(page, "people")

    guest = browser.new_page(viewport={"width": 1440, "height": 900})
    guest.goto(link)
    guest.get_by_label("Your name").fill("dora")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_label("Password again").fill(PASSWORD)
    guest.get_by_role("button", name="Create account").click()
    expect(guest.get_by_text("Welcome, dora.")).to_be_visible()
    guest.close()
    page.goto(link.replace("/join/", "/join/x"))
    expect(page.get_by_text("You have an account already")).to_be_visible()

    page.goto(f"{live_server.url}/account/people/")
    page.get_by_role("link", name="Change dora").click()
    expect(page.get_by_label("Minis of the month")).to_be_checked()
    check_page(page, "person")
    page.get_by_label("Editor").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("dora was changed.")).to_be_visible()
    assert list(User.objects.get(username="dora", is_editor=True).libraries.all()) == [minis]

    page.goto(f"{live_server.url}/account/tokens/")
    page.get_by_label("What it is for").fill("Backup script")
    page.get_by_role("button", name="Make token").click()
    expect(page.get_by_role("heading", name="“Backup script” is made")).to_be_visible()
    check_page(page, "tokens")
