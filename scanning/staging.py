"""Walking a library into a temporary table: what the disk says, ready to be compared with the rows by one statement."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.db import DatabaseError, connection

from libraries.listing import FileSeen, Skipped
from scanning.grouping import Holds, holds

SKIPPED_KEPT: Final = 1_000
IGNORED_KEPT: Final = 1_000
_ROWS_A_WRITE: Final = 2_000
# While a COPY runs, its connection can do nothing else; it is ended this often so that progress can be told.
_SECONDS_A_COPY: Final = 1.0
_MAX_BIGINT: Final = 2**63 - 1

_DROP_TABLES: Final = """
DROP TABLE IF EXISTS pg_temp.scan_seen, pg_temp.scan_diff, pg_temp.scan_arrivals, pg_temp.scan_models,
  pg_temp.scan_places, pg_temp.scan_moves, pg_temp.scan_moved, pg_temp.scan_renames, pg_temp.scan_votes,
  pg_temp.scan_model_moves, pg_temp.scan_joins, pg_temp.scan_sources, pg_temp.scan_targets, pg_temp.scan_matches,
  pg_temp.scan_hashes, pg_temp.scan_guesses, pg_temp.scan_batches, pg_temp.scan_owned, pg_temp.scan_leaving,
  pg_temp.scan_yielded;
"""
_MAKE_TABLES: Final = """
CREATE TEMPORARY TABLE scan_seen (
  path text, size_bytes bigint, mtime_ns bigint, etag text, folder integer, own_model text,
  makes_model boolean, decided text);
"""
_NULL: Final = "\\N"
_COMPANIONS: Final = Holds.COMPANIONS
_COPY_SEEN: Final = (
    "COPY scan_seen (path, size_bytes, mtime_ns, etag, folder, own_model, makes_model) FROM STDIN"
)


class Watch(Protocol):
    """Whoever follows a scan. Called often; it decides how seldom to write, and raises to stop the scan."""

    def tick(
        self,
        *,
        phase: str = "",
        path: str = "",
        found: int | None = None,
        inside: tuple[int, int] | None = None,
    ) -> None: ...


class OwnModel(Protocol):
    """Names the model that a file is by itself; asked for archives, for files in the root, and where all have one."""

    def is_for_every_file_in(self, folder: str) -> bool: ...

    def of(self, path: str) -> str | None: ...


@dataclass(slots=True)
class Staged:
    """What was seen: `folders` maps each folder with files to its number in the table and what it directly holds."""

    found: int = 0
    folders: dict[str, tuple[int, int]] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    skipped_count: int = 0
    ignored: list[str] = field(default_factory=list)
    ignored_count: int = 0
    unknown: list[str] = field(default_factory=list)

    def skip(self, entry: Skipped) -> None:
        """Note an entry that was not listed."""
        if entry.is_ignored:
            self.ignored_count += 1
            if len(self.ignored) < IGNORED_KEPT:
                self.ignored.append(entry.row_path)
            return
        self.skipped_count += 1
        if len(self.skipped) < SKIPPED_KEPT:
            self.skipped.append((entry.row_path, entry.reason))
        if entry.is_unknown:
            self.unknown.append(entry.row_path)

    def place(self, folder: str, held: int) -> int:
        """Return the number of `folder`, which directly holds what `held` says beside what is known of it."""
        number, before = self.folders.get(folder, (len(self.folders), 0))
        self.folders[folder] = (number, before | held)
        return number


@contextmanager
def staging_tables() -> Iterator[None]:
    """Have empty temporary tables in this session for the length of the block."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP_TABLES + _MAKE_TABLES)
    try:
        yield
    finally:
        # A broken session has lost them already.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(_DROP_TABLES)


def stage(entries: Iterable[FileSeen | Skipped], *, own_model: OwnModel, watch: Watch) -> Staged:
    """Copy every file of `entries` into `scan_seen` and return what was learnt of the folders."""
    staged = Staged()
    entries = iter(entries)
    while _stage_for_a_while(entries, staged, own_model):
        watch.tick(phase="find", path=next(reversed(staged.folders), ""), found=staged.found)
    return staged


def _stage_for_a_while(entries: Iterable[FileSeen | Skipped], staged: Staged, own_model: OwnModel) -> bool:
    """Copy for about a second; False once there is no more. This loop runs once per file: it is kept flat."""
    until = time.monotonic() + _SECONDS_A_COPY
    held_by_ending: dict[str, Holds] = {}
    lines: list[str] = []
    folder, number, held_here, is_odd_folder, is_asked = None, 0, Holds.NOTHING, False, False
    with connection.cursor() as cursor, cursor.copy(_COPY_SEEN) as copy:
        for entry in entries:
            if isinstance(entry, Skipped):
                staged.skip(entry)
                continue
            path, size_bytes, mtime_ns, etag = entry
            parent, _, name = path.rpartition("/")
            ending = name.rpartition(".")[2]
            held = held_by_ending.get(ending)
            if held is None:
                held = holds(name)
                if len(ending) != len(name):
                    held_by_ending[ending] = held
            if parent != folder or held is not held_here:
                number = staged.place(parent, int(held))
                folder, held_here = parent, held
                is_odd_folder = "\\" in folder or not folder.isprintable()
                is_asked = not folder or own_model.is_for_every_file_in(folder)
            own = _NULL
            if held is Holds.ARCHIVES or is_asked:
                own = copy_text(own_model.of(path))
            modified: int | str = (
                mtime_ns if mtime_ns is not None and mtime_ns <= _MAX_BIGINT else _bigint(mtime_ns)
            )
            if is_odd_folder or "\\" in name or not name.isprintable():
                path = copy_text(path)
            lines.append(
                f"{path}\t{size_bytes}\t{modified}\t{etag}\t{number}\t{own}\t{held is not _COMPANIONS}\n"
            )
            if len(lines) == _ROWS_A_WRITE:
                copy.write("".join(lines))
                staged.found += len(lines)
                lines.clear()
                if time.monotonic() > until:
                    return True
        copy.write("".join(lines))
        staged.found += len(lines)
    return False


def copy_text(value: str | None) -> str:
    r"""Return `value` as a field of COPY's text format.

    >>> copy_text("a\tb"), copy_text(None)
    ('a\\tb', '\\N')
    """
    return _NULL if value is None else value.translate(_ESCAPES)


def copy_rows(table: str, rows: Iterable[Iterable[Any]]) -> None:
    """Append `rows` to a temporary table by COPY."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def _bigint(nanoseconds: int | None) -> int | str:
    """A time that fits its column; file systems can hold times after 2262."""
    if nanoseconds is None:
        return _NULL
    return nanoseconds if -_MAX_BIGINT <= nanoseconds <= _MAX_BIGINT else _MAX_BIGINT
