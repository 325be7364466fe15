"""Saying what paths mean: the effect is shown while one types, and works without script."""

from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from tests.browser.checks import settle
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice
from tests.factories import LibraryFactory, Model3DFactory

__all__ = ["alice"]


def _library() -> Library:
    note = "Changes are not noticed at once, because the folder is on a network disk (nfs4)."
    library: Library = LibraryFactory(name="Minis", is_watched=True, watch_note=note)
    for path in (
        "Tinker Loft/2026-11/Ancient Dragon (fantasy, 75mm)",
        "Ann/2026-10/Orc (32mm)",
        "Unsorted/hook.stl",
    ):
        Model3DFactory(library=library, relative_path=path)
    return library


def test_the_effect_of_a_template_is_shown_while_one_types(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    library = _library()
    page.goto(f"{live_server.url}/libraries/{library.pk}/")
    field = page.get_by_label("What the folders of a path mean")

    field.fill("{creator}/{when}/{name}")
    expect(page.get_by_text("“{when}” at character 11 means nothing")).to_be_visible()
    field.fill("{creator}/{collection}/{name} ({tags})")
    expect(page.get_by_text("fantasy, 75mm", exact=True)).to_be_visible()
    settle(page)
    check_page(page, "library-settings")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Settings of Minis saved")).to_be_visible()
    expect(page.get_by_text("network disk (nfs4)")).to_be_visible()
    library.refresh_from_db()
    assert library.path_template == "{creator}/{collection}/{name} ({tags})"
    check_page(page, "libraries-not-watched")


def test_templates_can_be_tried_without_script(
    browser: Browser, page: Page, live_server: LiveServer, alice: User
) -> None:
    library = _library()
    plain = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(f"{live_server.url}/libraries/{library.pk}/")

    plain.get_by_role("link", name="See what it tells of your models").click()
    plain.get_by_label("What the folders of a path mean").fill("{creator}/{collection}/{name} ({tags})")
    plain.get_by_role("button", name="Try it").click()

    expect(plain.get_by_text("Tinker Loft", exact=True)).to_be_visible()
    expect(plain.get_by_text("Tells nothing.")).to_be_visible()


def test_the_page_for_trying_looks_right(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    page.goto(
        f"{live_server.url}/activity/libraries/{_library().pk}/paths/?path_template=%7Bcreator%7D/%7Bcollection%7D/%7Bname%7D"
    )

    check_page(page, "path-template")


def test_links_of_a_model_stand_beside_it(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    model = Model3DFactory(
        name="Dragon",
        links=["https://www.example.org/dragon"],
        notes="Holds **two** toys.",
        license="CC0-1.0",
    )
    page.goto(f"{live_server.url}{model.get_absolute_url()}")

    expect(page.get_by_role("link", name="example.org")).to_have_attribute(
        "rel", "nofollow noopener noreferrer"
    )
    check_page(page, "model-links")
