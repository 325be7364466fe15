"""Looking into the archives of a library: the files in new and changed ones become rows, those of others stay as they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction

from libraries.archives.outside import rar_programs
from libraries.listing import ignore_rules
from libraries.models import Library
from libraries.storage import LibraryStorage, StorageError
from models3d import derived
from scanning import member_statements as statements
from scanning.archives import LISTING_VERSION, Listing, Member, listing_of
from scanning.sql import execute, fetch
from scanning.staging import SKIPPED_KEPT, Watch, copy_rows

# What is written at once: little enough that the scan can be stopped, and that no lock is held for long.
_MEMBERS_A_WRITE: Final = 20_000
_ARCHIVES_A_WRITE: Final = 500


@dataclass(slots=True)
class Looked:
    """What came of it: how many archives were opened, how many files are in them, what is not listed and why."""

    archive_count: int = 0
    member_count: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    skipped_count: int = 0

    def skip(self, entries: list[tuple[str, str]], count: int) -> None:
        """Note what is not listed, with reasons."""
        self.skipped += entries[: SKIPPED_KEPT - len(self.skipped)]
        self.skipped_count += count


@dataclass(frozen=True, slots=True)
class _Archive:
    id: int
    path: str
    mtime_ns: int | None
    listed_as: str


def follow_archives(library_id: int, *, now: datetime) -> None:
    """Let the files in archives be where these are: missing with them, and in their models."""
    execute(statements.MISS_WITH_ARCHIVES, library=library_id, now=now)
    execute(statements.FOLLOW_ARCHIVES, library=library_id)


def has_unlisted(library: Library) -> bool:
    """Whether there is an archive that `look_into_archives` would open."""
    return bool(fetch(statements.UNLISTED, library=library.pk, rules=_rules(library)))


def look_into_archives(library: Library, storage: LibraryStorage, *, watch: Watch, now: datetime) -> Looked:
    """List the files of archives that are new or changed since they were listed, in short transactions.

    An archive that cannot be read for now is left as it was, and tried again by the next scan.
    """
    looked = Looked()
    rows = fetch(statements.UNLISTED, library=library.pk, rules=_rules(library))
    if not rows:
        return looked
    watch.tick(phase="archives")
    try:
        batch: list[tuple[_Archive, Listing]] = []
        for archive, listing in _iter_listings(
            [_Archive(*row) for row in rows], library, storage, watch, looked
        ):
            batch.append((archive, listing))
            waiting = sum(len(listed.members) for _, listed in batch)
            if waiting >= _MEMBERS_A_WRITE or len(batch) == _ARCHIVES_A_WRITE:
                _write(library.pk, batch, now=now)
                batch = []
        _write(library.pk, batch, now=now)
    finally:
        execute(statements.DROP_LISTED)
    return looked


def _iter_listings(
    archives: list[_Archive], library: Library, storage: LibraryStorage, watch: Watch, looked: Looked
) -> Iterator[tuple[_Archive, Listing]]:
    ignores = ignore_rules(library.ignore_patterns)
    for archive in archives:
        tick = partial(watch.tick, path=archive.path, inside=(looked.archive_count, looked.member_count))
        tick()
        try:
            directory = storage.directory(archive.path, tick=tick)
        except StorageError as error:
            looked.skip([(archive.path, str(error))], 1)
            continue
        except OSError as error:
            reason = error.strerror or "unknown reason"
            looked.skip([(archive.path, f"The archive could not be read from its disk: {reason}.")], 1)
            continue
        listing = listing_of(directory, archive_path=archive.path, mtime_ns=archive.mtime_ns, ignores=ignores)
        looked.archive_count += 1
        looked.member_count += len(listing.members)
        looked.skip(listing.skipped, listing.skipped_count)
        yield archive, listing


def _write(library_id: int, batch: list[tuple[_Archive, Listing]], *, now: datetime) -> None:
    if not batch:
        return
    with transaction.atomic():
        execute(statements.MAKE_LISTED)
        copy_rows("scan_listed", ((a.id, a.listed_as, found.code, found.sentence) for a, found in batch))
        copy_rows("scan_members", _iter_rows(batch))
        execute("ANALYZE scan_members, scan_listed")
        execute(statements.MISS_MEMBERS, now=now)
        execute(statements.UPDATE_MEMBERS)
        execute(statements.INSERT_MEMBERS, library=library_id)
        derived.refresh_models(row[0] for row in fetch(statements.NOTE_LISTED) if row[0])


def _iter_rows(batch: list[tuple[_Archive, Listing]]) -> Iterator[tuple[int, *tuple[object, ...]]]:
    member: Member
    for archive, listing in batch:
        for member in listing.members:
            yield (archive.id, *member)


def _rules(library: Library) -> str:
    """What decides, beside the archive itself, which files are listed."""
    return f"{LISTING_VERSION} {bool(rar_programs())} {library.ignore_patterns}"
