"""Scans that begin by themselves when files of a watched library change. One thread of the worker; rows and inotify tell it.

Where changes cannot be heard, the library's row says why (`watch_note`), and its interval remains.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import Error, close_old_connections, connections

from config.lib.bell import ring_by_name
from libraries.inotify import Listener, TooManyFolders
from libraries.listing import ignore_rules
from libraries.models import Library
from libraries.mounts import deaf_file_system
from libraries.paths import disk_path
from scanning.models import Scan
from scanning.runner import request_scan

logger = logging.getLogger(__name__)

# A scan begins when nothing has happened for a moment; where something always happens, it begins all the same.
QUIET_SECONDS: Final = 2.0
_LONGEST_WAIT_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 10.0
_STEP_SECONDS: Final = 0.5


# Path, device and number of a folder: another disk may be mounted at the path.
_Place = tuple[str, int, int] | None


@dataclass(slots=True)
class _Unrest:
    """When the first and the last change was heard that no scan has seen yet."""

    first: float
    last: float

    def is_over(self, now: float) -> bool:
        return now - self.last >= QUIET_SECONDS or now - self.first >= _LONGEST_WAIT_SECONDS


class Watcher:
    """Watches the libraries whose rows want it. `run` does it until `stop`; its steps can be taken one by one as well."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._listener = Listener()
        self._watched: dict[int, tuple[str, _Place]] = {}
        self._unrest: dict[int, _Unrest] = {}
        self._looked_at: float | None = None
        self._wake, self._waker = os.pipe()
        self._is_stopped = threading.Event()

    def run(self) -> None:
        """Watch until stopped. A database that does not answer is waited for."""
        try:
            while not self._is_stopped.is_set():
                close_old_connections()
                try:
                    self.step()
                except Error as error:
                    logger.warning("Watching waits for the database: %s", error)
                    self._is_stopped.wait(LOOK_SECONDS)
        finally:
            self._listener.close()
            connections.close_all()

    def stop(self) -> None:
        """Let `run` return within a moment. From any thread, and from signal handlers."""
        self._is_stopped.set()
        with suppress(OSError):
            os.write(self._waker, b"x")

    def step(self, *, timeout_seconds: float = _STEP_SECONDS) -> None:
        """Look at the rows if it is time to, wait for changes, and ask for the scans that are due."""
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._look_at_rows()
        changed, lost = self._listener.changed(timeout_seconds=timeout_seconds, wake=self._wake)
        self._note(changed)
        for library_id in lost:
            self._watched.pop(_number(library_id), None)
            self._looked_at = None
        self._ask_for_scans()

    def _look_at_rows(self) -> None:
        """Begin and end watching as the rows want it."""
        libraries = Library.objects.kept().filter(storage=Library.Storage.FOLDER)
        wanted = {library.pk: library for library in libraries.filter(is_watched=True)}
        for pk in self._watched.keys() - wanted.keys():
            self._listener.remove(pk)
            del self._watched[pk]
        for library in wanted.values():
            rules = (library.ignore_patterns, _folder_at(library))
            if self._watched.get(library.pk) != rules:
                self._listener.remove(library.pk)
                self._watched.pop(library.pk, None)
                note = self._begin(library)
                if not note:
                    self._watched[library.pk] = rules
                    self._note({library.pk})  # what happened before was not heard
                _write_note(library, note)
        for library in libraries.filter(is_watched=False).exclude(watch_note=""):
            _write_note(library, "")

    def _begin(self, library: Library) -> str:
        """Listen to a library's folder; return the sentence why that cannot be, or an empty text."""
        root = disk_path(library.path)
        if kind := deaf_file_system(root):
            return f"Changes are not noticed at once, because the folder is on a network disk ({kind}). {_instead(library)}"
        try:
            self._listener.add(library.pk, root, ignores=ignore_rules(library.ignore_patterns))
        except TooManyFolders as error:
            limit = f" ({error.limit:,}, fs.inotify.max_user_watches)" if error.limit else ""
            return (
                f"Changes are not noticed at once, because there are more folders than the system allows to watch{limit}. "
                f"{_instead(library)}"
            )
        except OSError as error:
            return f"The folder cannot be watched now: {error.strerror}. {_instead(library)}"
        return ""

    def _note(self, changed: set[Hashable]) -> None:
        now = self._clock()
        for tree in changed:
            unrest = self._unrest.setdefault(_number(tree), _Unrest(now, now))
            unrest.last = now

    def _ask_for_scans(self) -> None:
        now = self._clock()
        for pk in [pk for pk, unrest in self._unrest.items() if unrest.is_over(now)]:
            if _has_been_asked(pk):
                del self._unrest[pk]
            else:
                self._unrest[pk] = _Unrest(now, now)


def start_watching() -> Callable[[], None]:
    """Start the thread that watches, and return what stops it within a moment, from wherever it is called."""
    try:
        watcher = Watcher()
    except OSError as error:
        logger.warning("Libraries are not watched: %s", error)
        return lambda: None
    threading.Thread(target=watcher.run, name="watching", daemon=True).start()
    return watcher.stop


def _has_been_asked(library_id: int) -> bool:
    """Ask for a scan; False if one runs that may have passed the changed folder already, so that another must follow."""
    library = Library.objects.kept().filter(pk=library_id, is_watched=True).first()
    if library is None:
        return True
    if Scan.objects.filter(library=library, state=Scan.State.RUNNING).exists():
        return False
    ring_by_name("scanning.tasks.run_scan", request_scan(library).pk)
    return True


def _folder_at(library: Library) -> _Place:
    """Which folder is at the library's path now; None if there is none, or one that could hang whoever looks at it."""
    root = disk_path(library.path)
    if deaf_file_system(root):
        return None
    try:
        found = Path(root).stat()
    except OSError:
        return None
    return root, found.st_dev, found.st_ino


def _write_note(library: Library, note: str) -> None:
    if library.watch_note != note:
        Library.objects.filter(pk=library.pk).update(watch_note=note)


def _instead(library: Library) -> str:
    if library.scan_interval_minutes:
        return "It is scanned by its interval instead."
    return "It is only scanned when asked for; choose an interval in its settings."


def _number(tree: Hashable) -> int:
    assert isinstance(tree, int)
    return tree
