"""Organising, moving and deleting files, and getting them back."""

from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from models3d.models import Model3D
from scanning.changes import work_on_changes
from tests.browser.checks import settle
from tests.browser.conftest import CheckPage
from tests.browser.shelves import alice
from tests.factories import CreatorFactory
from tests.integration.scanning.shelf import Shelf

__all__ = ["alice"]


def test_models_are_organized_deleted_and_restored(
    page: Page, live_server: LiveServer, alice: User, tmp_path: Path, check_page: CheckPage
) -> None:
    shelf = Shelf(tmp_path / "library", name="Minis", is_read_only=False)
    shelf.write("drops/Dragon_tower/base.stl", "drops/Dragon_tower/STLs/roof.stl", "drops/Orc/orc.stl")
    shelf.scan()
    Model3D.objects.filter(name="Dragon tower").update(creator=CreatorFactory(name="Ann"))
    page.goto(f"{live_server.url}/organize/?library={shelf.library.pk}")
    page.get_by_label("Where each model belongs").fill("{creator}/{name} by {creator}")
    expect(page.get_by_text("is there a second time")).to_be_visible()
    page.get_by_label("Where each model belongs").fill("{creator}/{name}")
    expect(page.get_by_text("Ann/Dragon tower", exact=True)).to_be_visible()
    expect(page.get_by_text("It has no creator.")).to_be_visible()
    settle(page)
    check_page(page, "organize")

    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_text("Being planned")).to_be_visible()
    work_on_changes(clock=timezone.now)
    expect(page.get_by_role("button", name="Move 1 model")).to_be_visible()
    settle(page)
    check_page(page, "organize-plan")
    page.get_by_role("button", name="Move 1 model").click()
    work_on_changes(clock=timezone.now)
    expect(page.get_by_role("button", name="Move everything back")).to_be_visible()
    assert (shelf.root / "Ann/Dragon tower/STLs/roof.stl").exists()

    page.get_by_role("link", name="Dragon tower").click()
    expect(page.get_by_text("Organised by alice")).to_be_visible()
    settle(page)
    check_page(page, "model-place")
    page.get_by_role("link", name="Delete…").click()
    check_page(page, "delete-model")
    page.get_by_role("button", name="Put into the bin").click()
    work_on_changes(clock=timezone.now)
    expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()
    page.get_by_role("link", name="Bin").click()
    expect(page.get_by_text("Deleted just now by alice")).to_be_visible()
    check_page(page, "bin")
    page.get_by_role("link", name="Empty the bin…").click()
    check_page(page, "empty-bin")
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("button", name="Restore Dragon tower").click()
    work_on_changes(clock=timezone.now)
    expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()
    assert (shelf.root / "Ann/Dragon tower/STLs/roof.stl").exists()
