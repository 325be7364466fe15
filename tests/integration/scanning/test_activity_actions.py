"""The buttons of the activity page."""

import pytest
from django.test import Client

from config.accounts.models import User
from libraries.models import Library
from models3d.models import ModelFile
from scanning.models import Scan
from tests.factories import LibraryFactory, ModelFileFactory, ProblemFactory, ScanFactory

HTMX = {"HX-Request": "true"}


def test_scan_now_asks_for_one_scan_however_often_it_is_pressed(
    as_erin: Client, shared_library: Library, erin: User
) -> None:
    for _press in range(2):
        response = as_erin.post(f"/activity/scan/{shared_library.pk}/")

    scan = Scan.objects.get()
    assert response["Location"] == "/activity/"
    assert (scan.state, scan.requested_by, scan.is_confirmed) == ("queued", erin, False)


def test_scan_all_scans_what_an_editor_may_see(as_erin: Client) -> None:
    LibraryFactory(is_restricted=True)
    open_library = LibraryFactory()

    as_erin.post("/activity/scan/")

    assert Scan.objects.get().library == open_library


def test_who_only_looks_is_offered_no_buttons(as_bob: Client, shared_library: Library) -> None:
    ScanFactory(library=shared_library, state="running")
    ModelFileFactory(library=shared_library, model=None, analysis_state="failed")

    shown = as_bob.get("/activity/?show=failed").content.decode()
    shown += as_bob.get(f"/activity/libraries/{shared_library.pk}/").content.decode()

    assert "/activity/scan" not in shown.replace("/activity/scans/", "") and "/cancel/" not in shown
    assert "/activity/retry/" not in shown


def test_only_the_owner_confirms_a_refused_scan(
    as_alice: Client, as_bob: Client, shared_library: Library
) -> None:
    address = f"/activity/scan/{shared_library.pk}/"
    ScanFactory(library=shared_library, state="refused", error="Most files would go missing.")

    refused = as_bob.post(address, {"confirm": "1"})
    as_alice.post(address, {"confirm": "1"})

    assert refused.status_code == 404
    assert Scan.objects.active().get().is_confirmed


def test_the_way_out_of_a_refused_scan_is_shown_to_the_owner_only(
    as_alice: Client, as_bob: Client, shared_library: Library
) -> None:
    ScanFactory(library=shared_library, state="refused", error="Most files would go missing.")
    address = f"/activity/libraries/{shared_library.pk}/"

    alices, bobs = (client.get(address).content.decode() for client in (as_alice, as_bob))

    assert "Most files would go missing." in alices and "Confirm and scan" in alices
    assert "Most files would go missing." in bobs and "Confirm and scan" not in bobs


def test_a_waiting_scan_is_cancelled_at_once_and_a_running_one_is_asked_to_end(as_alice: Client) -> None:
    waiting, running = ScanFactory(state="queued"), ScanFactory(state="running")

    for scan in (waiting, running):
        as_alice.post(f"/activity/scans/{scan.pk}/cancel/")

    waiting.refresh_from_db()
    running.refresh_from_db()
    assert (waiting.state, running.state, running.is_cancel_requested) == ("cancelled", "running", True)


def test_retry_lets_a_failed_file_wait_again_and_takes_its_row_away(as_alice: Client) -> None:
    file = ModelFileFactory(analysis_state="failed", analysis_error="Broken.", analysis_attempts=3)

    response = as_alice.post(f"/activity/retry/{file.pk}/", headers=HTMX)

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_attempts, file.analysis_error) == ("pending", 0, "")
    assert response.content == b""
    assert "will be tried again" in response["HX-Trigger"]


def test_retry_all_retries_what_an_editor_may_see(as_erin: Client) -> None:
    ModelFileFactory(analysis_state="failed")
    hidden = ModelFileFactory(analysis_state="failed", model__library__is_restricted=True)

    as_erin.post("/activity/retry/")

    assert ModelFile.objects.get(analysis_state="failed") == hidden


def test_a_problem_is_ignored_and_brought_back(as_alice: Client, alice: User) -> None:
    problem = ProblemFactory()
    address = f"/activity/problems/{problem.pk}/ignore/"

    as_alice.post(address)
    problem.refresh_from_db()
    ignored_by = problem.ignored_by
    as_alice.post(address, {"restore": "1"})
    problem.refresh_from_db()

    assert ignored_by == alice
    assert problem.ignored_at is None


def test_strangers_can_do_nothing_to_a_library_that_is_not_theirs(
    as_charlie: Client, shared_library: Library
) -> None:
    scan = ScanFactory(library=shared_library, state="running")
    file = ModelFileFactory(model__library=shared_library, analysis_state="failed")
    problem = ProblemFactory(file=file)

    answers = [
        as_charlie.post(f"/activity/{action}/").status_code
        for action in (
            f"scan/{shared_library.pk}",
            f"scans/{scan.pk}/cancel",
            f"retry/{file.pk}",
            f"problems/{problem.pk}/ignore",
        )
    ]

    assert answers == [404] * 4
    assert not Scan.objects.filter(is_cancel_requested=True).exists()


@pytest.mark.parametrize(
    "action", ["scan", "scan/1", "scans/1/cancel", "retry", "retry/1", "problems/1/ignore"]
)
def test_actions_need_a_post_with_the_token_of_the_page(alice: User, action: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    assert strict.get(f"/activity/{action}/").status_code == 405
    assert strict.post(f"/activity/{action}/").status_code == 403


def test_an_action_leads_back_to_a_page_of_ours_only(as_alice: Client) -> None:
    library = LibraryFactory()

    ours = as_alice.post(f"/activity/scan/{library.pk}/", {"next": "/libraries/"})
    theirs = as_alice.post(f"/activity/scan/{library.pk}/", {"next": "https://evil.example/"})

    assert (ours["Location"], theirs["Location"]) == ("/libraries/", "/activity/")
