"""What the activity page and the pill in the header show of work under way, by queries cheap enough for every second."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from libraries.models import Library
from models3d.bulk_models import BulkEdit
from models3d.models import ModelFile
from scanning.models import Scan
from scanning.querysets import STALE_AFTER

# Waiting files are counted up to here: a poll must not grow with the library.
WAITING_CAP: Final = 5_000
_WORKING_SHOWN: Final = 8
_EDITS_SHOWN: Final = 10
# Workers claim the files with the lowest ids: those being worked on are among the first that wait.
_CLAIMED_AMONG: Final = 200

_PHASES: Final = (
    Scan.Phase.FIND,
    Scan.Phase.COMPARE,
    Scan.Phase.GROUP,
    Scan.Phase.ARCHIVES,
    Scan.Phase.FINISH,
)

_WAITING_BY_LIBRARY: Final = """
SELECT library_id, count(*) FROM (
  SELECT library_id FROM models3d_modelfile
  WHERE analysis_state = 'pending' AND missing_since IS NULL AND (%(all)s OR library_id = ANY(%(ids)s))
  ORDER BY id LIMIT %(limit)s) AS first
GROUP BY library_id
"""


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One step of a scan: `state` is done, active or ahead."""

    label: str
    detail: str
    state: str


@dataclass(frozen=True, slots=True)
class Counter:
    """One figure of a scan's outcome, with its icon and the level of its badge."""

    number: int
    word: str
    icon: str
    level: str


@dataclass(frozen=True, slots=True)
class ScanCard:
    """A scan under way. `percent` and `left_seconds` are None where the number of files is not known beforehand."""

    scan: Scan
    phases: list[PhaseRow]
    percent: int | None
    files_per_second: int | None
    left_seconds: float | None
    is_silent: bool


@dataclass(frozen=True, slots=True)
class WaitingShare:
    """Files of one library that wait, of `total` that it has."""

    library: Library
    waiting: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Work:
    """The queue of files to be hashed, measured and pictured. `is_capped`: there are more than `waiting`."""

    waiting: int
    is_capped: bool
    shares: list[WaitingShare]
    working: list[ModelFile]


@dataclass(frozen=True, slots=True)
class Live:
    """Everything under way that one person may see."""

    cards: list[ScanCard]
    due: list[Library]
    work: Work
    edits: list[BulkEdit]

    @property
    def is_active(self) -> bool:
        """Whether asking again soon will show something new."""
        is_scanning = any(card.scan.state != Scan.State.PAUSED for card in self.cards)
        return is_scanning or bool(self.due or self.work.waiting or self.edits)


def live(user: Any, *, now: datetime) -> Live:
    """What is under way in the libraries that `user` may see, and their bulk edits, in five queries."""
    visible = Library.objects.visible_to(user).only("name", "file_count", "next_scan_at")
    libraries = {library.pk: library for library in visible}
    scans = list(Scan.objects.unfinished().filter(library__in=libraries).order_by("id"))
    for scan in scans:
        scan.library = libraries[scan.library_id]
    scanned = {scan.library_id for scan in scans}
    due = [library for library in libraries.values() if library.is_due(now) and library.pk not in scanned]
    edits = list(BulkEdit.objects.visible_to(user).unfinished().order_by("id")[:_EDITS_SHOWN])
    return Live([card_of(scan, now) for scan in scans], due, _work(libraries, user=user, now=now), edits)


def pill(user: Any) -> dict[str, Any]:
    """What the header says: files found by running scans, else files that wait, else nothing; two queries."""
    visible = Library.objects.visible_to(user)
    found = list(Scan.objects.active().filter(library__in=visible).values_list("found_count", flat=True))
    if found:
        return {"is_scanning": True, "number": sum(found), "is_capped": False}
    number = ModelFile.objects.waiting().visible_to(user).order_by("id")[: WAITING_CAP + 1].count()
    return {
        "is_scanning": False,
        "number": min(number, WAITING_CAP),
        "is_capped": number > WAITING_CAP,
    }


def outcome(scan: Scan) -> list[Counter]:
    """The figures of a scan that are not zero."""
    counters = [
        Counter(scan.new_count, "new", "plus", "good"),
        Counter(scan.changed_count, "changed", "pencil", "info"),
        Counter(scan.moved_count, "moved", "folder-open", "info"),
        Counter(scan.returned_count, "back again", "undo-2", "good"),
        Counter(scan.missing_count, "missing", "eye-off", "warn"),
        Counter(scan.skipped_count, "not read", "ban", "warn"),
    ]
    return [counter for counter in counters if counter.number]


def card_of(scan: Scan, now: datetime) -> ScanCard:
    """How far a scan under way is; `scan.library` is asked for its number of files."""
    elapsed = (now - scan.started_at).total_seconds() if scan.started_at else 0.0
    is_finding = scan.phase == Scan.Phase.FIND
    rate = scan.found_count / elapsed if is_finding and elapsed >= 1 else None
    expected = scan.library.file_count
    percent = left = None
    if is_finding and expected and not scan.folder:
        percent = min(99, scan.found_count * 100 // expected)
        left = max(0, expected - scan.found_count) / rate if rate else None
    is_silent = (
        scan.state == Scan.State.RUNNING
        and scan.heartbeat_at is not None
        and scan.heartbeat_at < now - STALE_AFTER
    )
    return ScanCard(scan, _phases(scan), percent, round(rate) if rate else None, left, is_silent)


def _phases(scan: Scan) -> list[PhaseRow]:
    details = {
        Scan.Phase.FIND: f"{scan.found_count:,} found",
        Scan.Phase.COMPARE: f"{scan.new_count:,} new, {scan.changed_count:,} changed",
        Scan.Phase.GROUP: f"{scan.model_count:,} models" if scan.model_count else "",
        Scan.Phase.ARCHIVES: _members(scan) if scan.archive_count else "",
        Scan.Phase.FINISH: "",
    }
    reached = _PHASES.index(Scan.Phase(scan.phase)) if scan.phase else -1
    rows = []
    for place, phase in enumerate(_PHASES):
        state = "done" if place < reached else "active" if place == reached else "ahead"
        rows.append(PhaseRow(str(phase.label), details[phase] if place <= reached else "", state))
    return rows


def _members(scan: Scan) -> str:
    archives = "archive" if scan.archive_count == 1 else "archives"
    return f"{scan.member_count:,} files in {scan.archive_count:,} {archives}"


def _work(libraries: dict[int, Library], *, user: Any, now: datetime) -> Work:
    counts = _waiting_by_library(libraries, is_everything=user.is_superuser)
    waiting = sum(counts.values())
    is_capped = waiting > WAITING_CAP
    shares = []
    if not is_capped:
        for pk, number in sorted(counts.items()):
            total = max(libraries[pk].file_count, number)
            shares.append(WaitingShare(libraries[pk], number, total - number, total))
    working = _being_worked_on(libraries, now) if waiting else []
    return Work(min(waiting, WAITING_CAP), is_capped, shares, working)


def _waiting_by_library(library_ids: Collection[int], *, is_everything: bool) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING_BY_LIBRARY,
            {"all": is_everything, "ids": list(library_ids), "limit": WAITING_CAP + 1},
        )
        return {pk: number for pk, number in cursor.fetchall() if pk in library_ids}


def _being_worked_on(library_ids: Collection[int], now: datetime) -> list[ModelFile]:
    first = ModelFile.objects.waiting().order_by("id").values("pk")[:_CLAIMED_AMONG]
    claimed = ModelFile.objects.filter(pk__in=first, library__in=library_ids, analysis_claimed_until__gt=now)
    return list(
        claimed.select_related("model").only("relative_path", "size_bytes", "model__name")[:_WORKING_SHOWN]
    )
