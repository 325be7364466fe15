"""Watched libraries are scanned when something in them changes; those that cannot be watched say why."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.test import Client

from libraries.models import Library
from scanning import watching
from scanning.models import Scan
from scanning.runner import run_scan
from scanning.watching import LOOK_SECONDS, QUIET_SECONDS, Watcher
from tests.integration.scanning.shelf import Shelf


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """A watcher whose steps are taken by the test."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.watcher = Watcher(clock=self.clock)

    def step(self, *, seconds: float = 0.0) -> None:
        """Let time pass, then take a step."""
        self.clock.now += seconds
        self.watcher.step(timeout_seconds=0.05)

    def settle(self) -> None:
        """Take in the rows, and let the scan that begins a watch be done."""
        self.step(seconds=LOOK_SECONDS)
        self.step(seconds=QUIET_SECONDS)
        for pk in Scan.objects.active().values_list("pk", flat=True):
            run_scan(pk)


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.watcher._listener.close()


def _watch(shelf: Shelf, **settings: object) -> None:
    Library.objects.filter(pk=shelf.library.pk).update(is_watched=True, **settings)


def _waiting() -> int:
    return Scan.objects.filter(state=Scan.State.QUEUED).count()


def test_a_change_is_scanned_once_it_is_quiet(shelf: Shelf, watched: Watched) -> None:
    _watch(shelf)
    watched.settle()

    shelf.write("Orc/orc.stl", "Orc/axe.stl")
    watched.step()
    watched.step(seconds=QUIET_SECONDS / 2)
    early = _waiting()
    shelf.write("Orc/hat.stl")
    watched.step()
    watched.step(seconds=QUIET_SECONDS / 2)
    still_early = _waiting()
    watched.step(seconds=QUIET_SECONDS)

    assert (early, still_early, _waiting()) == (0, 0, 1)
    assert run_scan(Scan.objects.get(state=Scan.State.QUEUED).pk)
    assert shelf.models() == {"Orc": {"Orc/orc.stl", "Orc/axe.stl", "Orc/hat.stl"}}


def test_a_folder_that_is_never_quiet_is_scanned_all_the_same(shelf: Shelf, watched: Watched) -> None:
    _watch(shelf)
    watched.settle()

    for number in range(70):
        shelf.write(f"log{number}.stl")
        watched.step(seconds=1)

    assert _waiting() == 1


def test_libraries_are_watched_from_when_their_rows_say_so_until_they_do_not(
    shelf: Shelf, watched: Watched
) -> None:
    watched.settle()
    shelf.write("before.stl")
    watched.step()
    watched.step(seconds=QUIET_SECONDS)
    unasked = Scan.objects.count()

    _watch(shelf)
    watched.settle()
    Library.objects.update(is_watched=False)
    watched.step(seconds=LOOK_SECONDS)
    shelf.write("after.stl")
    watched.step()
    watched.step(seconds=QUIET_SECONDS)

    assert (unasked, Scan.objects.count()) == (0, 1)


def test_a_change_during_a_scan_is_scanned_after_it(shelf: Shelf, watched: Watched) -> None:
    _watch(shelf)
    watched.settle()
    running = Scan.objects.create(library=shelf.library, state=Scan.State.RUNNING)

    shelf.write("orc.stl")
    watched.step()
    watched.step(seconds=QUIET_SECONDS)
    during = _waiting()
    Scan.objects.filter(pk=running.pk).update(state=Scan.State.DONE)
    watched.step(seconds=QUIET_SECONDS)

    assert (during, _waiting()) == (0, 1)


def test_what_the_library_leaves_out_begins_no_scan(shelf: Shelf, watched: Watched) -> None:
    _watch(shelf, ignore_patterns="*.tmp")
    watched.settle()

    shelf.write("x.tmp", "@eaDir/x.jpg", "x.stl.part")
    watched.step()
    watched.step(seconds=QUIET_SECONDS)

    assert _waiting() == 0


def test_a_network_disk_says_why_it_is_not_watched(
    shelf: Shelf, watched: Watched, monkeypatch: pytest.MonkeyPatch, as_alice: Client
) -> None:
    # Stands for a mount of this machine.
    monkeypatch.setattr(watching, "deaf_file_system", lambda path: "nfs4")
    _watch(shelf)

    watched.settle()
    page = as_alice.get("/libraries/").content.decode()
    monkeypatch.undo()
    watched.settle()

    assert "because the folder is on a network disk (nfs4). It is scanned by its interval instead." in page
    shelf.library.refresh_from_db()
    assert shelf.library.watch_note == ""
    assert "network disk" not in as_alice.get("/libraries/").content.decode()


def test_a_folder_that_is_away_is_watched_when_it_is_back(shelf: Shelf, watched: Watched) -> None:
    _watch(shelf, scan_interval_minutes=0)
    watched.settle()
    away = shelf.root.with_name("away")

    shelf.root.rename(away)
    watched.step(seconds=LOOK_SECONDS)
    note = Library.objects.get().watch_note
    away.rename(shelf.root)
    watched.settle()
    shelf.write("orc.stl")
    watched.step()
    watched.step(seconds=QUIET_SECONDS)

    assert note.startswith(
        "The folder cannot be watched now: No such file or directory. It is only scanned when"
    )
    assert Library.objects.get().watch_note == ""
    assert _waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_the_thread_finds_changes_by_itself_and_stops_when_told(
    transactional_db: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shelf = Shelf(tmp_path_factory.mktemp("watched") / "library", is_watched=True)
    stop = watching.start_watching()
    thread = next(one for one in threading.enumerate() if one.name == "watching")

    until = time.monotonic() + 30
    while not Scan.objects.exists() and time.monotonic() < until:
        time.sleep(0.1)
    Scan.objects.all().delete()
    shelf.write("Orc/orc.stl")
    while not Scan.objects.exists() and time.monotonic() < until:
        time.sleep(0.1)
    stop()
    thread.join(10)

    assert Scan.objects.get().library == shelf.library
    assert not thread.is_alive()
