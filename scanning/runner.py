"""Asking for scans and running them: the row is the queue, its heartbeat tells that somebody works on it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.commits import relaxed_commits
from config.lib.locks import library_lock
from libraries.models import Library
from libraries.paths import display_path
from libraries.storage import storage_for
from models3d import moving
from scanning.decisions import decisions_of
from scanning.following import follow
from scanning.models import Scan
from scanning.reconcile import Reconciliation, Report
from scanning.reports import keep_lists
from scanning.walking import RootVanished, ScanRefused

logger = logging.getLogger(__name__)

_HEARTBEAT_SECONDS: Final = 1.0


class ScanStopped(Exception):
    """Somebody asked for the scan to end, or it was given to another worker. What is written already stays."""


def request_scan(
    library: Library,
    *,
    folder: str = "",
    requested_by: Any = None,
    is_confirmed: bool = False,
    is_dry_run: bool = False,
) -> Scan:
    """Return a new waiting scan of `library`, or the one that waits, runs or rests already.

    `folder` limits it to one folder and all below (a path relative to the root). A waiting scan is widened to what is
    asked for; if one of another folder runs, the whole library is due after it.
    """
    folder = folder.strip("/")
    wanted = {
        "requested_by": requested_by,
        "is_confirmed": is_confirmed,
        "is_dry_run": is_dry_run,
        "folder": folder,
    }
    while True:
        try:
            with transaction.atomic():
                return Scan.objects.create(library=library, **wanted)
        except IntegrityError:
            active = Scan.objects.unfinished().filter(library=library).first()
        if active is not None:
            _widen(active, folder=folder, is_confirmed=is_confirmed)
            return active


def _widen(active: Scan, *, folder: str, is_confirmed: bool) -> None:
    """Let a scan that is asked for already do what somebody else wants of it, too."""
    is_covered = f"{folder}/".startswith(f"{active.folder}/") if active.folder else True
    idle = Scan.objects.filter(pk=active.pk, state__in=[Scan.State.QUEUED, Scan.State.PAUSED])
    if is_confirmed and idle.update(is_confirmed=True):
        active.is_confirmed = True
    if is_covered:
        return
    if idle.update(folder=""):
        active.folder = ""
    else:
        Library.objects.filter(pk=active.library_id).update(next_scan_at=timezone.now())


def request_due_scans(*, now: datetime) -> list[int]:
    """Ask for a scan of every library whose interval is over; return the ids of all scans that can be started."""
    for library in Library.objects.due(now):
        request_scan(library)
    return list(Scan.objects.startable(now).order_by("id").values_list("pk", flat=True))


def run_scan(
    scan_id: int, *, clock: Callable[[], datetime] = timezone.now, told: Callable[[Scan], None] | None = None
) -> bool:
    """Run a waiting or abandoned scan to its end; False if there was nothing to do or its library is busy.

    The outcome stands in the row. `told` is called with the row about once a second. Raises what nobody foresaw, after
    the row says that the scan failed.
    """
    with relaxed_commits():  # whatever a power cut undoes, the next scan does again
        claimed = _claim(scan_id, clock())
        if claimed is None:
            return False
        scan, begun_at = claimed
        with library_lock(scan.library_id) as is_held:
            if not is_held:
                Scan.objects.filter(pk=scan.pk, started_at=scan.started_at).update(
                    state=Scan.State.QUEUED, started_at=begun_at
                )
                return False
            if (library := Library.objects.filter(pk=scan.library_id).first()) is not None:
                moving.finish_begun(library, clock=clock, follow=follow)
            _run_claimed(scan, Watcher(scan, clock=clock, told=told), is_continued=begun_at is not None)
    return True


class Watcher:
    """Writes how far a scan is into its row about once a second, and ends it when it is asked to."""

    def __init__(
        self, scan: Scan, *, clock: Callable[[], datetime], told: Callable[[Scan], None] | None = None
    ) -> None:
        self.scan = scan
        self.clock = clock
        self._told = told
        self._written = time.monotonic()

    def tick(
        self,
        *,
        phase: str = "",
        path: str = "",
        found: int | None = None,
        inside: tuple[int, int] | None = None,
    ) -> None:
        """Note where the scan is; raise ScanStopped if it is to end. `inside` counts opened archives and files in them."""
        scan = self.scan
        is_new_phase = bool(phase) and phase != scan.phase
        scan.phase = phase or scan.phase
        scan.current_path = display_path(path)
        scan.found_count = scan.found_count if found is None else found
        scan.archive_count, scan.member_count = inside or (scan.archive_count, scan.member_count)
        seconds = time.monotonic() - self._written
        # A phase that begins within a moment of the last writing is written with the next: small scans stay quick.
        if seconds > _HEARTBEAT_SECONDS or (is_new_phase and seconds > _HEARTBEAT_SECONDS / 4):
            self._write()

    def _write(self) -> None:
        scan, self._written = self.scan, time.monotonic()
        scan.heartbeat_at = self.clock()
        mine = Scan.objects.filter(pk=scan.pk, state=Scan.State.RUNNING, started_at=scan.started_at)
        goes_on = mine.filter(is_cancel_requested=False, is_pause_requested=False, library__removed_at=None)
        is_mine = goes_on.update(
            heartbeat_at=scan.heartbeat_at,
            phase=scan.phase,
            current_path=scan.current_path,
            found_count=scan.found_count,
            archive_count=scan.archive_count,
            member_count=scan.member_count,
        )
        if not is_mine:
            raise ScanStopped
        if self._told:
            self._told(scan)


def _claim(scan_id: int, now: datetime) -> tuple[Scan, datetime | None] | None:
    """Take a scan that can be started; return it and when it began before, had somebody been at it."""
    startable = Scan.objects.startable(now).filter(pk=scan_id)
    scan = startable.select_related("library").first()
    if scan is None:
        return None
    begun_at = scan.started_at
    unclaimed = Scan.objects.filter(pk=scan_id, state=scan.state, heartbeat_at=scan.heartbeat_at)
    if not unclaimed.update(state=Scan.State.RUNNING, started_at=now, heartbeat_at=now):
        return None
    scan.state, scan.started_at, scan.heartbeat_at = Scan.State.RUNNING, now, now
    return scan, begun_at


def _run_claimed(scan: Scan, watcher: Watcher, *, is_continued: bool) -> None:
    library = scan.library
    now = watcher.clock()
    work = Reconciliation(library, storage_for(library), watch=watcher, now=now, folder=scan.folder)
    rules = work.places.decisions.digest(library)
    regroups = is_continued or not _is_settled(scan, rules)
    try:
        if scan.is_cancel_requested or scan.is_pause_requested:
            raise ScanStopped
        work.run(is_confirmed=scan.is_confirmed, is_dry_run=scan.is_dry_run, regroups=regroups)
    except ScanRefused as error:
        _finish(scan, work.report, Scan.State.REFUSED, watcher, error=str(error))
    except RootVanished as error:
        _finish(scan, work.report, Scan.State.FAILED, watcher, error=str(error))
    except ScanStopped:
        if not _rests(scan):
            _finish(scan, work.report, Scan.State.CANCELLED, watcher)
    except Exception as error:
        logger.exception("Scan %s failed.", scan.pk)
        sentence = (
            f"The scan stopped for an unforeseen reason ({type(error).__name__}); the log has the details."
        )
        _finish(scan, work.report, Scan.State.FAILED, watcher, error=sentence)
        raise
    else:
        # What a folder's files are part of may have changed for those beside it: the next whole scan sees to it.
        is_settled = not scan.folder or (work.report.diff.is_empty and not regroups)
        rules = work.places.decisions.digest(library)  # decisions go with folders that moved
        _finish(scan, work.report, Scan.State.DONE, watcher, rules=rules if is_settled else "")


def _note_whole_scan(library: Library, scan: Scan, report: Report, *, now: datetime) -> None:
    # By the interval that holds now: it may have been changed while the scan ran.
    interval = timedelta(minutes=library.scan_interval_minutes)
    library.next_scan_at = now + interval if interval else None
    if scan.rules and scan.rules != decisions_of(library.pk).digest(library):
        library.next_scan_at = now  # somebody decided otherwise while the scan ran
    if scan.state == Scan.State.DONE and not scan.is_dry_run:
        library.scanned_at, library.root_device = now, report.root_device
    library.save(update_fields=["next_scan_at", "scanned_at", "root_device"])


def _rests(scan: Scan) -> bool:
    """Let a scan that is to pause do so; False if it is to end."""
    to_pause = Scan.objects.filter(pk=scan.pk, state=Scan.State.RUNNING, started_at=scan.started_at)
    to_pause = to_pause.filter(is_pause_requested=True, is_cancel_requested=False, library__removed_at=None)
    return bool(to_pause.update(state=Scan.State.PAUSED, is_pause_requested=False, phase="", current_path=""))


def _is_settled(scan: Scan, rules: str) -> bool:
    """Whether the last scan that wrote rows came to its end, by the rules that hold now."""
    earlier = Scan.objects.filter(library=scan.library_id, is_dry_run=False, pk__lt=scan.pk)
    last = earlier.exclude(state=Scan.State.REFUSED).order_by("-id").values_list("state", "rules").first()
    return last is None or last == (Scan.State.DONE, rules)


def _finish(
    scan: Scan, report: Report, state: Scan.State, watcher: Watcher, *, error: str = "", rules: str = ""
) -> None:
    now = watcher.clock()
    diff = report.diff
    scan.state, scan.finished_at, scan.heartbeat_at, scan.error, scan.rules = state, now, now, error, rules
    scan.found_count, scan.new_count, scan.changed_count = diff.found, diff.new, diff.changed
    scan.moved_count, scan.missing_count, scan.returned_count = diff.moved, diff.missing, diff.returned
    scan.archive_count, scan.member_count = report.archive_count, report.member_count
    scan.skipped_count, scan.current_path = report.skipped_count, ""
    with transaction.atomic():
        library = Library.objects.select_for_update().filter(pk=scan.library_id).first()
        if library is None:
            return  # removed meanwhile, and its scans with it
        scan.model_count = library.model_count
        if not scan.folder:
            _note_whole_scan(library, scan, report, now=now)
        mine = Scan.objects.filter(pk=scan.pk, state=Scan.State.RUNNING, started_at=scan.started_at)
        if mine.update(**{name: getattr(scan, name) for name in _OUTCOME}):
            keep_lists(scan, report.lists())


_OUTCOME: Final = (
    *(
        "state",
        "finished_at",
        "heartbeat_at",
        "error",
        "rules",
        "found_count",
        "new_count",
        "changed_count",
        "phase",
    ),
    *(
        "moved_count",
        "missing_count",
        "returned_count",
        "skipped_count",
        "current_path",
        "model_count",
        "archive_count",
        "member_count",
    ),
)
