"""Activity and libraries in a browser: live progress, lists, actions; and the admin under the content security policy."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from models3d.models import ModelFile
from scanning.models import Problem, Scan
from tests.browser.conftest import CheckPage
from tests.factories import (
    CreatorFactory,
    LibraryFactory,
    Model3DFactory,
    ModelFileFactory,
    OwnerFactory,
    ProblemFactory,
    ScanFactory,
    TagFactory,
)

GONE = "7,310 of 11,204 files are gone. Is the disk there?"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(page: Page, live_server: LiveServer, transactional_db: None) -> User:
    """The owner, signed in in the browser."""
    owner = OwnerFactory(username="alice")
    client = Client()
    client.force_login(owner)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return owner


@pytest.fixture
def busy_library() -> Library:
    """A library amid a scan, with files that wait, have failed or have problems, and former scans."""
    now = timezone.now()
    library = LibraryFactory(
        name="Miniatures", path="/srv/miniatures", file_count=11_204, model_count=3_482, total_bytes=184_000_000_000,
        scanned_at=now - timedelta(hours=2), next_scan_at=now + timedelta(hours=10),
    )  # fmt: skip
    model = Model3DFactory(library=library, name="Dungeon dice tower")
    ModelFileFactory(model=model, relative_path="Dice tower/base_plate.stl", size_bytes=25_900_000,
                     analysis_claimed_until=now + timedelta(hours=1))  # fmt: skip
    ModelFileFactory.create_batch(4, model=model)
    failed = ModelFileFactory(
        model=model, relative_path="Dice tower/roof_v2.3mf", analysis_state="failed", analyzed_at=now,
        analysis_error="The file ends in the middle of its triangles: it was not copied to its end. Copy it again.",
    )  # fmt: skip
    ProblemFactory(file=failed, kind="truncated", severity="error", sentence=failed.analysis_error)
    ProblemFactory(
        file=failed, kind="not_watertight", sentence="The mesh has 3 holes. Slicers usually close them."
    )
    ScanFactory(
        library=library, state="done", finished_at=now - timedelta(hours=2), found_count=11_166, new_count=38
    )
    ScanFactory(
        library=library, state="running", phase="group", started_at=now - timedelta(seconds=20), heartbeat_at=now,
        found_count=11_204, new_count=38, changed_count=6, missing_count=2, skipped_count=3,
        current_path="fates-end/dice-tower/base_plate.stl",
    )  # fmt: skip
    return library


def test_activity_shows_work_as_it_goes_on_and_its_end(
    page: Page, live_server: LiveServer, alice: User, busy_library: Library, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/activity/")
    expect(page.get_by_role("heading", name="Scanning Miniatures")).to_be_visible()
    expect(page.locator(".topbar").get_by_text("Scanning · 11,204 files")).to_be_visible()
    check_page(page, "activity-busy")

    Scan.objects.active().update(phase="finish", found_count=11_300)
    expect(page.get_by_text("11,300 found").first).to_be_visible()

    Scan.objects.active().update(state="done", finished_at=timezone.now())
    ModelFile.objects.waiting().update(analysis_state="done")
    Problem.objects.create(library=busy_library, kind="empty", sentence="A new problem has come up.")
    expect(page.get_by_text("Nothing is under way")).to_be_visible()
    expect(page.get_by_text("A new problem has come up.", exact=True)).to_be_visible()
    expect(page.locator("#live[data-poll]")).to_have_count(0)


def test_lists_are_narrowed_and_mended(
    page: Page, live_server: LiveServer, alice: User, busy_library: Library, check_page: CheckPage
) -> None:
    Scan.objects.active().update(state="refused", finished_at=timezone.now(), error=GONE)
    ModelFile.objects.waiting().update(analysis_state="done")
    page.goto(f"{live_server.url}/activity/")
    expect(page.get_by_role("button", name="Confirm and scan")).to_be_visible()
    check_page(page, "activity-idle")

    page.get_by_label("Kind").select_option("not_watertight")
    expect(page.get_by_text("The file ends in the middle")).to_have_count(0)
    page.get_by_role("button", name="Ignore").click()
    expect(page.get_by_text("The mesh has 3 holes")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("Ignored")

    page.get_by_role("link", name="Failed files").click()
    check_page(page, "activity-failed")
    page.get_by_role("button", name="Retry roof_v2.3mf").click()
    expect(page.get_by_text("roof_v2.3mf", exact=True)).to_have_count(0)
    assert ModelFile.objects.waiting().count() == 1

    page.get_by_role("link", name="Scans").click()
    check_page(page, "activity-scans")
    page.locator("#lists").get_by_role("link", name="Miniatures").first.click()
    check_page(page, "scan-report")


def test_an_empty_activity_page_says_so(
    page: Page, live_server: LiveServer, alice: User, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/activity/")

    expect(page.get_by_text("No open problems")).to_be_visible()
    check_page(page, "activity-empty")
    page.goto(f"{live_server.url}/libraries/")
    check_page(page, "libraries-empty")


def test_libraries_show_the_last_scan_and_can_be_changed(
    page: Page, live_server: LiveServer, alice: User, busy_library: Library, check_page: CheckPage
) -> None:
    LibraryFactory(name="Functional prints", path="/mnt/nas/functional", is_restricted=True)
    Scan.objects.active().update(state="refused", finished_at=timezone.now(), error=GONE)
    page.goto(f"{live_server.url}/libraries/")
    expect(page.get_by_role("button", name="Confirm and scan")).to_be_visible()
    check_page(page, "libraries")

    page.get_by_role("link", name="Settings of Miniatures").click()
    check_page(page, "library-settings")
    page.get_by_label("Name", exact=True).fill("Minis")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Minis")).to_be_visible()
    page.get_by_role("link", name="Remove Minis").click()
    check_page(page, "library-remove")
    page.get_by_role("button", name="Remove from Layershelf").click()
    expect(page.get_by_role("heading", name="Minis")).to_have_count(0)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "models3d/model3d/",
        "models3d/modelfile/",
        "collections_app/tag/",
        "libraries/library/",
        "scanning/scan/",
    ],
)
def test_the_admin_keeps_to_the_content_security_policy(
    page: Page, live_server: LiveServer, alice: User, busy_library: Library, address: str
) -> None:
    page.goto(f"{live_server.url}/admin/{address}")

    expect(page.locator("#content")).to_be_visible()


def test_a_model_is_curated_in_the_admin(
    page: Page, live_server: LiveServer, alice: User, busy_library: Library
) -> None:
    TagFactory(name="terrain")
    CreatorFactory(name="Fates End")
    page.goto(f"{live_server.url}/admin/models3d/model3d/?q=dungeon")
    page.get_by_role("link", name="Dungeon dice tower").click()

    page.locator(".field-tags .select2-selection").click()
    page.locator(".select2-search__field").last.fill("terr")
    page.get_by_role("option", name="terrain").click()
    page.get_by_role("heading", name="Change model").click()  # closes the list of choices
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert busy_library.models.get().tag_words == "terrain"
