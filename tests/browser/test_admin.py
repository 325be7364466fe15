"""The admin pages in a real browser: Django's own, with what they lack mended."""

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from models3d.models import Model3D
from tests.browser.checks import check_look
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice
from tests.factories import ModelFileFactory, TagFactory

__all__ = ["alice"]


@pytest.fixture
def model(transactional_db: None) -> Model3D:
    model: Model3D = ModelFileFactory(relative_path="Dragon tower/tower.stl").model
    model.tags.add(TagFactory(name="castle"))
    return model


@pytest.mark.parametrize("what", ["models3d_model3d", "models3d_modelfile", "libraries_library"])
def test_lists_and_forms_are_accessible(
    page: Page,
    live_server: LiveServer,
    alice: User,
    model: Model3D,
    check_page: CheckPage,
    complaints: list[str],
    what: str,
) -> None:
    page.goto(live_server.url + reverse(f"admin:{what}_changelist"))
    check_page(page, f"admin-{what}")

    page.locator("#result_list tbody a").first.click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()

    assert check_look(page, f"admin-{what}-form") == []
    # Fields that suggest write widths into their HTML, which the policy refuses and the style sheet gives anyway.
    assert all("inline style" in complaint for complaint in complaints)
    complaints.clear()


def test_every_list_has_a_place_on_the_first_page(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    page.goto(live_server.url + reverse("admin:index"))

    expect(page.locator("#content-main tbody tr")).to_have_count(len(admin.site._registry))
    check_page(page, "admin")
