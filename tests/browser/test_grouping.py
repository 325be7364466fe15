"""Saying what belongs together: merge and split on the page of a model."""

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from models3d.models import Model3D
from scanning.models import FolderGrouping
from tests.browser.checks import settle
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory

__all__ = ["alice"]


def _tower() -> Model3D:
    library = LibraryFactory(name="Minis")
    tower: Model3D = Model3DFactory(
        library=library, name="Dragon tower", relative_path="Ann/Dragon_tower", file_count=3
    )
    for name in ("base.stl", "roof.stl", "supported/very-long-name-of-a-part-with-supports_v2_final.stl"):
        ModelFileFactory(model=tower, relative_path=f"Ann/Dragon_tower/{name}")
    inside = Model3DFactory(library=library, name="Gate", relative_path="Ann/Dragon_tower/Gate", file_count=1)
    ModelFileFactory(model=inside, relative_path="Ann/Dragon_tower/Gate/gate.stl")
    FolderGrouping.objects.create(library=library, folder="Ann", how="container")
    return tower


def test_a_model_is_merged_and_split_on_its_page(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    tower = _tower()
    page.goto(f"{live_server.url}{tower.get_absolute_url()}")
    expect(page.get_by_role("heading", name="What belongs together")).to_be_visible()
    settle(page)
    check_page(page, "model-grouping")

    page.get_by_role("link", name="Merge with…").click()
    page.get_by_label("Name or path of the other model").fill("gat")
    expect(page.get_by_role("button", name="Merge Gate")).to_be_visible()
    settle(page)
    check_page(page, "merge")
    page.get_by_role("button", name="Merge Gate").click()
    expect(page.get_by_text("Gate is part of Dragon tower now.")).to_be_visible()
    expect(page.get_by_text("Merged into this model")).to_be_visible()

    page.get_by_role("link", name="Split…").click()
    page.get_by_label("Name of the new model").fill("Roof")
    page.get_by_label("roof.stl").check()
    settle(page)
    check_page(page, "split")
    page.get_by_role("button", name="Split").click()
    expect(page.get_by_text("Roof is a model of its own now.")).to_be_visible()
    expect(page.get_by_text("split off another model by hand")).to_be_visible()


def test_other_rules_are_tried_on_the_files(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    tower = _tower()
    page.goto(f"{live_server.url}/activity/libraries/{tower.library_id}/rules/")

    page.get_by_label("Another rule for this folder").fill("Ann/Dragon_tower")
    page.get_by_label("What is one model there").select_option("one_model")
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_text("Ann/Dragon_tower/Gate", exact=True)).to_be_visible()
    check_page(page, "rules")
    expect(page.get_by_role("button", name="Apply and scan")).to_be_visible()
