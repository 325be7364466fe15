"""Uploading in a browser: files are picked, cut off by a reload in the middle, taken up again, and become a model."""

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from scanning.models import Upload
from tests.browser.conftest import CheckPage
from tests.factories import LibraryFactory, OwnerFactory
from tests.integration.scanning.shelf import Shelf
from tests.integration.scanning.uploading import Sender

pytestmark = pytest.mark.django_db(transaction=True)

_DROP = """
([selector, files]) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  const drop = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(drop);
}
"""


@pytest.fixture
def alice(page: Page, live_server: LiveServer, transactional_db: None) -> User:
    """The owner, signed in in the browser."""
    owner = OwnerFactory(username="alice")
    client = Client()
    client.force_login(owner)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return owner


@pytest.fixture
def shelf(transactional_db: None, tmp_path: Path, settings: Settings) -> Shelf:
    settings.UPLOADS_DIR = tmp_path / "staging"
    return Shelf(tmp_path / "library", name="Workshop", is_read_only=False)


def worker(shelf: Shelf) -> None:
    """What the worker would do meanwhile."""
    Sender(Client(), shelf).work()


def test_an_upload_goes_on_after_a_reload_in_the_middle(
    page: Page, live_server: LiveServer, alice: User, shelf: Shelf, tmp_path: Path,
    check_page: CheckPage, complaints: list[str],
) -> None:  # fmt: skip
    large = tmp_path / "dragon_body.stl"
    large.write_bytes(bytes(range(256)) * 80_000)  # three pieces
    page.goto(f"{live_server.url}/uploads/")
    check_page(page, "upload-new")
    sent = 0

    def let_one_piece_through(route: Route) -> None:
        nonlocal sent
        sent += route.request.method == "PATCH"
        if route.request.method != "PATCH" or sent == 1:
            route.continue_()  # whatever follows hangs until the reload

    page.route("**/uploads/tus/*/", let_one_piece_through)
    page.get_by_role("textbox", name="Folder").fill("Minis")
    page.locator("#f-files").set_input_files(large)
    row = page.get_by_role("listitem").filter(has_text="dragon_body.stl")
    expect(row.get_by_text("8.4 MB of 20.5 MB")).to_be_visible()
    expect(row.get_by_role("button", name="Pause dragon_body.stl")).to_be_visible()
    check_page(page, "upload-running")

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(row.get_by_text("8.4 MB of 20.5 MB arrived. Choose the file again to go on.")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    with page.expect_request(lambda request: request.method == "PATCH") as resumed:
        page.locator("#f-files").set_input_files(large)
    assert resumed.value.headers["upload-offset"] == str(8 * 1024 * 1024)
    expect(row.get_by_text("Being checked")).to_be_visible()
    page.get_by_label("Name of the model").fill("Forest dragon")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_text("Files enter the library as they arrive.")).to_be_visible()
    worker(shelf)

    expect(page.get_by_role("link", name="Forest dragon")).to_be_visible()
    check_page(page, "upload-done")
    assert (shelf.root / "Minis/Forest dragon/dragon_body.stl").read_bytes() == large.read_bytes()
    assert Upload.objects.get().state == "added"
    complaints.clear()  # the piece that the reload cut off


def test_files_dropped_on_the_library_are_uploaded_and_questions_answered_by_keyboard(
    page: Page,
    live_server: LiveServer,
    alice: User,
    shelf: Shelf,
    check_page: CheckPage,
    complaints: list[str],
) -> None:
    shelf.write("head.stl", content=b"mine")
    LibraryFactory(name="Another")
    page.goto(f"{live_server.url}/")

    page.evaluate(
        _DROP, [".with-rail", [["head.stl", "solid new"], ["vase.stl", "solid vase"], ["aux.stl", "no"]]]
    )
    expect(page).to_have_url(re.compile(r"/uploads/\d+/$"))
    expect(page.get_by_role("heading", name="2 files")).to_be_visible()
    expect(page.get_by_text("“aux.stl” is a name that Windows keeps for a device.")).to_be_visible()
    expect(page.get_by_text("Being checked")).to_have_count(2)
    page.get_by_role("button", name="Add to the library").press("Enter")
    expect(page.get_by_text("Files enter the library as they arrive.")).to_be_visible()
    worker(shelf)

    expect(page.get_by_text("There is a file “head.stl” already.")).to_be_visible()
    complaints.clear()  # the refused file
    check_page(page, "upload-questions")
    page.get_by_role("button", name="Keep both of head.stl").press("Enter")
    expect(page.get_by_text("On its way into the library")).to_be_visible()
    worker(shelf)
    expect(page.get_by_text("Added as head (2).stl")).to_be_visible()

    assert (shelf.root / "head.stl").read_bytes() == b"mine"
    assert Model3D.objects.filter(library=Library.objects.get(name="Workshop")).count() == 3
