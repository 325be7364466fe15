"""A scan can rest and go on: it keeps no lock, and nothing that was written is lost."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from config.accounts.models import User
from libraries.models import Library
from models3d.models import ModelFile
from scanning import progress
from scanning.models import Scan
from scanning.runner import request_due_scans, request_scan, run_scan
from scanning.steering import cancel_scan, pause_scan, resume_scan
from tests.factories import ScanFactory
from tests.integration.scanning.shelf import Shelf, counts


@pytest.fixture
def paused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """A scan that was paused while it wrote the second of three windows."""
    monkeypatch.setattr("scanning.runner._HEARTBEAT_SECONDS", 0.0)
    monkeypatch.setattr("scanning.reconcile._BATCH", 2)
    shelf.write(*(f"Kit {number}/part.stl" for number in range(6)))
    scan = request_scan(shelf.library)
    run_scan(scan.pk, told=_pause_when(lambda: ModelFile.objects.count() == 2))
    scan.refresh_from_db()
    return scan


def _pause_when(is_time: Callable[[], bool]) -> Callable[[Scan], None]:
    def told(scan: Scan) -> None:
        if is_time():
            pause_scan(scan.pk)

    return told


def test_a_running_scan_rests_and_keeps_what_it_wrote(paused: Scan) -> None:
    assert (paused.state, paused.finished_at, paused.is_pause_requested) == (Scan.State.PAUSED, None, False)
    assert 2 <= ModelFile.objects.count() < 6


def test_a_resumed_scan_ends_with_everything(paused: Scan, shelf: Shelf) -> None:
    resume_scan(paused.pk)

    assert run_scan(paused.pk)

    paused.refresh_from_db()
    assert (paused.state, counts(paused)[0]) == (Scan.State.DONE, 6)
    assert shelf.models() == {f"Kit {number}": {f"Kit {number}/part.stl"} for number in range(6)}


def test_a_paused_scan_is_started_by_no_clock_and_no_change(paused: Scan) -> None:
    Library.objects.update(next_scan_at=timezone.now())

    assert request_due_scans(now=timezone.now()) == []
    assert request_scan(paused.library) == paused
    assert not run_scan(paused.pk)
    assert Scan.objects.get().state == Scan.State.PAUSED


def test_scan_now_lets_it_go_on(paused: Scan, as_alice: Client) -> None:
    as_alice.post(f"/activity/scan/{paused.library_id}/")

    assert Scan.objects.get().state == Scan.State.QUEUED


def test_a_paused_scan_can_be_cancelled(paused: Scan) -> None:
    cancel_scan(paused.pk, now=timezone.now())

    paused.refresh_from_db()
    assert paused.state == Scan.State.CANCELLED and paused.finished_at is not None


def test_a_waiting_scan_pauses_at_once(shelf: Shelf) -> None:
    scan = request_scan(shelf.library)

    pause_scan(scan.pk)

    assert not run_scan(scan.pk)
    assert Scan.objects.get().state == Scan.State.PAUSED


def test_cancelling_counts_more_than_pausing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanning.runner._HEARTBEAT_SECONDS", 0.0)
    shelf.write("orc.stl")
    scan = request_scan(shelf.library)

    def told(scan: Scan) -> None:
        Scan.objects.filter(pk=scan.pk).update(is_cancel_requested=True, is_pause_requested=True)

    run_scan(scan.pk, told=told)

    assert Scan.objects.get().state == Scan.State.CANCELLED


def test_the_page_offers_to_pause_and_to_resume(as_alice: Client, alice: User) -> None:
    scan = ScanFactory(state="running", started_at=timezone.now(), heartbeat_at=timezone.now())
    running = as_alice.get("/activity/").content.decode()
    as_alice.post(f"/activity/scans/{scan.pk}/pause/")
    Scan.objects.filter(is_pause_requested=True).update(state="paused", is_pause_requested=False)

    resting = as_alice.get("/activity/").content.decode()
    is_polling = progress.live(alice, now=timezone.now()).is_active
    as_alice.post(f"/activity/scans/{scan.pk}/resume/")

    assert f"/activity/scans/{scan.pk}/pause/" in running
    assert f"/activity/scans/{scan.pk}/resume/" in resting and "is paused" in resting
    assert not is_polling
    assert Scan.objects.get().state == Scan.State.QUEUED


def test_strangers_pause_and_resume_nothing(as_charlie: Client, shared_library: Library) -> None:
    scan = ScanFactory(library=shared_library, state="running")

    for action in ("pause", "resume"):
        assert as_charlie.post(f"/activity/scans/{scan.pk}/{action}/").status_code == 404
