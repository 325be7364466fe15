"""Asking for scans, claiming them, ending them; two of one library never run at once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from config.lib.locks import library_lock
from libraries.listing import FileSeen, Ignores, Skipped
from libraries.models import Library
from libraries.services import remove_libraries
from libraries.storage import LocalStorage
from models3d.models import ModelFile
from scanning.models import Scan
from scanning.runner import request_due_scans, request_scan, run_scan
from tests.factories import OwnerFactory
from tests.integration.scanning.shelf import Shelf, counts


def test_asking_twice_gives_one_scan(shelf: Shelf) -> None:
    alice = OwnerFactory()

    first = request_scan(shelf.library, requested_by=alice)
    second = request_scan(shelf.library)

    assert first == second
    assert first.requested_by == alice
    assert Scan.objects.count() == 1


def test_confirming_reaches_the_scan_that_waits(shelf: Shelf) -> None:
    request_scan(shelf.library)

    assert request_scan(shelf.library, is_confirmed=True).is_confirmed
    assert Scan.objects.get().is_confirmed


def test_a_finished_or_unknown_scan_is_not_run_again(shelf: Shelf) -> None:
    scan = shelf.scan()

    assert not run_scan(scan.pk)
    assert not run_scan(scan.pk + 1000)


def test_a_running_scan_is_left_to_its_worker_until_it_is_silent_for_a_minute(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    scan = request_scan(shelf.library)
    now = timezone.now()
    Scan.objects.filter(pk=scan.pk).update(state="running", started_at=now, heartbeat_at=now)

    assert not run_scan(scan.pk, clock=lambda: now + timedelta(seconds=50))
    assert run_scan(scan.pk, clock=lambda: now + timedelta(seconds=70))
    scan.refresh_from_db()
    assert (scan.state, counts(scan)) == (Scan.State.DONE, (1, 1, 0, 0, 0))


def test_due_libraries_are_asked_for_once_and_silent_scans_are_found(shelf: Shelf) -> None:
    now = timezone.now()
    Library.objects.filter(pk=shelf.library.pk).update(next_scan_at=now - timedelta(minutes=1))

    ids = request_due_scans(now=now)
    again = request_due_scans(now=now)

    assert ids == again == [Scan.objects.get().pk]


def test_the_next_scan_is_due_after_the_interval_or_never(shelf: Shelf) -> None:
    scan = shelf.scan()
    shelf.library.refresh_from_db()
    assert shelf.library.next_scan_at == scan.finished_at + timedelta(minutes=720)  # type: ignore[operator]  # it is finished

    Library.objects.filter(pk=shelf.library.pk).update(scan_interval_minutes=0)
    shelf.scan()
    shelf.library.refresh_from_db()
    assert shelf.library.next_scan_at is None


def test_cancelled_before_it_began_changes_nothing(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    scan = request_scan(shelf.library)
    Scan.objects.update(is_cancel_requested=True)

    assert run_scan(scan.pk)

    scan.refresh_from_db()
    assert scan.state == Scan.State.CANCELLED
    assert not ModelFile.objects.exists()


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans write and tell their progress at every chance, as long ones do every second."""
    monkeypatch.setattr("scanning.runner._HEARTBEAT_SECONDS", 0.0)


@pytest.mark.usefixtures("talkative")
def test_progress_is_written_and_told(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    scan = request_scan(shelf.library)
    told: list[tuple[str, str]] = []

    run_scan(scan.pk, told=lambda scan: told.append((scan.phase, Scan.objects.get().phase)))

    assert list(dict.fromkeys(told)) == [(phase, phase) for phase in ("find", "compare", "group", "finish")]


def _note(**values: object) -> None:
    """Write into the row of the only scan, as another process would."""
    Scan.objects.update(**values)


@pytest.mark.usefixtures("talkative")
def test_cancelled_half_way_stops(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    scan = request_scan(shelf.library)

    run_scan(scan.pk, told=lambda _scan: _note(is_cancel_requested=True))

    scan.refresh_from_db()
    assert scan.state == Scan.State.CANCELLED
    assert not ModelFile.objects.exists()


@pytest.mark.usefixtures("talkative")
def test_a_scan_given_to_another_worker_meanwhile_writes_nothing(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    scan = request_scan(shelf.library)
    later = timezone.now() + timedelta(minutes=5)

    run_scan(scan.pk, told=lambda _scan: _note(started_at=later))

    scan.refresh_from_db()
    assert (scan.state, scan.started_at) == (Scan.State.RUNNING, later)
    assert not ModelFile.objects.exists()


@pytest.mark.usefixtures("talkative")
def test_a_library_removed_during_its_scan_is_a_normal_end(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    scan = request_scan(shelf.library)

    assert run_scan(scan.pk, told=lambda _scan: remove_libraries([shelf.library.pk], now=timezone.now()))

    scan.refresh_from_db()
    assert scan.state == Scan.State.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_an_unforeseen_error_is_told_and_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path / "library")

    class Bursting(LocalStorage):
        """A disk that fails in a way nobody foresaw."""

        def iter_files(
            self, scope: str = "", *, ignores: Ignores | None = None
        ) -> Iterator[FileSeen | Skipped]:
            yield FileSeen("a.stl", 1, 1)
            raise RuntimeError("burst")

    monkeypatch.setattr("scanning.runner.storage_for", lambda library: Bursting(library.path))
    scan = request_scan(shelf.library)

    with pytest.raises(RuntimeError):
        run_scan(scan.pk)

    scan.refresh_from_db()
    assert scan.state == Scan.State.FAILED
    assert scan.error == "The scan stopped for an unforeseen reason (RuntimeError); the log has the details."


@pytest.mark.django_db(transaction=True)
def test_while_somebody_holds_the_library_a_scan_waits(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library")
    shelf.write("Dragon/dragon.stl")
    scan = request_scan(shelf.library)
    outcomes: list[bool] = []

    def run_elsewhere() -> None:
        outcomes.append(run_scan(scan.pk))
        connection.close()

    with library_lock(shelf.library.pk) as is_held:
        other = Thread(target=run_elsewhere)
        other.start()
        other.join()
        state_meanwhile = Scan.objects.get().state
    assert run_scan(scan.pk)

    assert is_held
    assert outcomes == [False]
    assert state_meanwhile == Scan.State.QUEUED
    assert ModelFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_scan_run_it_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "library")
    shelf.write(*(f"Kit {n}/part.stl" for n in range(200)))
    scan = request_scan(shelf.library)
    outcomes: list[bool] = []

    def run() -> None:
        outcomes.append(run_scan(scan.pk))
        connection.close()

    workers = [Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(outcomes) == [False, False, False, True]
    assert ModelFile.objects.count() == 200


def test_a_scan_of_many_models_leaves_nothing_to_be_sorted_into_the_word_search(shelf: Shelf) -> None:
    shelf.write(*(f"Model {number}/part.stl" for number in range(1_001)))

    shelf.scan()

    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('model_search')")
        assert cursor.fetchone() == (0,)
