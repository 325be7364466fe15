"""Bringing the rows of one library in line with its files: walk, compare, decide whether to believe it, write, group.

Nothing is deleted: files that are gone are marked missing. Every statement is a short transaction of its own; a scan that
ends half-way leaves rows that the next one completes (`regroups` then makes sure that each file is in the right model).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final

from django.db import transaction

from config.lib.locks import metadata_lock
from libraries.listing import FileSeen, Skipped, ignore_rules, rule_telling
from libraries.models import Library
from libraries.storage import LibraryStorage
from models3d import derived
from models3d.models import Model3D
from scanning import move_statements, statements
from scanning.between_libraries import follow_between_libraries
from scanning.decisions import decisions_of, rename_rows
from scanning.diff import Diff, why_refused
from scanning.members import Looked, follow_archives, look_into_archives
from scanning.metadata import mark_models, take_back
from scanning.model_moves import join_left_models, move_models
from scanning.moves import find_moves
from scanning.naming import readable_name, told_by_path
from scanning.placing import Places
from scanning.reports import BETWEEN_MODELS, LISTED, Listed
from scanning.sql import execute, fetch
from scanning.staging import SKIPPED_KEPT, Staged, Watch, copy_rows, stage, staging_tables
from scanning.unchanged import FEW, is_unchanged
from scanning.walking import ScanRefused, Walk

# Rows a statement writes at most: about a second's work, so that others wait for no lock and progress is told.
_BATCH: Final = 20_000
# From so many written models on, the list that the word search has waiting is worth sorting in.
_MANY_MODELS: Final = 1_000


@dataclass(slots=True)
class Report:
    """What a scan did."""

    diff: Diff = field(default_factory=Diff)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    skipped_count: int = 0
    root_device: int | None = None
    archive_count: int = 0
    member_count: int = 0
    changes: list[Listed] = field(default_factory=list)
    regrouped: list[Listed] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)
    ignored_count: int = 0

    def lists(self) -> list[Listed]:
        """Every list of the report."""
        skipped = Listed("skipped", self.skipped_count, self.skipped)
        ignored = Listed("ignored", self.ignored_count, self.ignored)
        return [*self.changes, *self.regrouped, skipped, ignored]

    def count_as_moved(self, what: str, moved: list[tuple[str, str]], paths: set[str]) -> None:
        """Take files of another library that were counted as new, or of this one as missing, for `moved`."""
        setattr(self.diff, what, getattr(self.diff, what) - len(moved))
        self.diff.moved += len(moved)
        kept = {found.what: found.entries for found in self.changes}
        kept[what] = [entry for entry in kept[what] if entry[0] not in paths]
        kept["moved"] = (kept.get("moved", []) + moved)[:LISTED]
        self.changes = [Listed(name, getattr(self.diff, name), entries) for name, entries in kept.items()]

    def take_up(self, looked: Looked) -> None:
        """Add what came of looking into archives."""
        self.archive_count, self.member_count = looked.archive_count, looked.member_count
        self.skipped = (self.skipped + looked.skipped)[:SKIPPED_KEPT]
        self.skipped_count += looked.skipped_count


class Reconciliation:
    """One scan of `library`, or of one `folder` of it, through `storage`.

    Use once, under the library's lock and outside of a transaction.
    """

    def __init__(
        self, library: Library, storage: LibraryStorage, *, watch: Watch, now: datetime, folder: str = ""
    ) -> None:
        self.library = library
        self.storage = storage
        self.watch = watch
        self.now = now
        self.folder = folder
        self._scope = f"{folder}/" if folder else ""
        self.report = Report()
        self.places = Places(library, decisions_of(library.pk), scope=self._scope)
        self._staged = Staged()
        self._ensured: set[str] = set()
        self._touched: set[int] = set()
        self._made: set[int] = set()
        self._other_libraries: set[int] = set()

    def run(self, *, is_confirmed: bool, is_dry_run: bool, regroups: bool) -> Report:
        """Do all of it and return the report, filled as far as it came also if this raises ScanRefused or RootVanished.

        `is_confirmed` writes even where much would go missing; `is_dry_run` writes nothing; `regroups` looks at the model
        of every file, also if no file came or went.
        """
        self.watch.tick(phase="find")
        walk = Walk(self.storage, folder=self.folder, ignores=ignore_rules(self.library.ignore_patterns))
        self.report.root_device = walk.root_device
        entries = walk.entries
        if not regroups and not self.folder and 0 < self.library.file_count <= FEW:
            first = walk.take(FEW, watch=self.watch)
            if len(first) <= FEW and is_unchanged(self.library, first):
                walk.check_root()
                return self._unchanged(first)
            entries = chain(first, entries)
        with staging_tables(), metadata_lock(self.library.pk, waits=True):
            self._staged = stage(entries, own_model=self.places.own_model, watch=self.watch)
            self._report_staged()
            walk.check_root(is_root_unknown="" in self._staged.unknown)
            return self._run(is_confirmed=is_confirmed, is_dry_run=is_dry_run, regroups=regroups)

    def _run(self, *, is_confirmed: bool, is_dry_run: bool, regroups: bool) -> Report:
        with transaction.atomic():
            self._compare()
        diff = self.report.diff
        if not diff.is_empty:
            has_vanished = bool(diff.missing or diff.changed or diff.returned)
            find_moves(self.library.pk, self.storage, has_vanished=has_vanished, watch=self.watch)
            self._count()
            self._list_changes()
        is_other_device = self.library.root_device not in {None, self.report.root_device}
        is_bucket = self.library.storage == Library.Storage.S3
        sentence = why_refused(diff, is_other_device=is_other_device, is_bucket=is_bucket)
        if sentence and not is_confirmed:
            raise ScanRefused(sentence)
        is_different = regroups or not diff.is_empty
        if is_dry_run:
            if is_different:
                self._choose_places(regroups=True)
            return self.report
        if is_different:
            self._write(regroups=regroups or bool(diff.new or diff.moved or diff.missing or diff.returned))
        looked = look_into_archives(self.library, self.storage, watch=self.watch, now=self.now)
        self.report.take_up(looked)
        if diff.new or diff.missing:
            self._follow_between_libraries()
        if is_different or looked.archive_count:
            self._finish()
            mark_models(self.library, model_ids=None if regroups else self._touched | self._made)
        return self.report

    def _unchanged(self, entries: list[FileSeen | Skipped]) -> Report:
        for entry in entries:
            if isinstance(entry, Skipped):
                self._staged.skip(entry)
            else:
                self._staged.found += 1
        self._report_staged()
        self.report.diff.known = self.report.diff.found
        return self.report

    def _report_staged(self) -> None:
        report, staged = self.report, self._staged
        report.skipped, report.skipped_count = staged.skipped, staged.skipped_count
        rule = rule_telling(self.library.ignore_patterns)
        report.ignored = [(path, rule(path)) for path in staged.ignored]
        report.ignored_count = staged.ignored_count
        report.diff.found = staged.found

    def _compare(self) -> None:
        diff = self.report.diff
        self.watch.tick(phase="compare", found=diff.found)
        self.places.drop_lonely_companions()
        execute(statements.COMPARE, library=self.library.pk, scope=self._scope)
        self._count()
        diff.known = diff.found - diff.new - diff.returned + diff.missing
        if self._staged.unknown and diff.missing:
            execute(statements.KEEP_UNKNOWN, unknown=self._staged.unknown)
            self._count()

    def _count(self) -> None:
        diff, counts = self.report.diff, dict(fetch(statements.COUNT))
        diff.new, diff.changed, diff.moved = (counts.get(what, 0) for what in ("new", "changed", "moved"))
        diff.missing, diff.returned = counts.get("missing", 0), counts.get("returned", 0)

    def _list_changes(self) -> None:
        diff = self.report.diff
        for what in ("new", "changed", "moved", "missing", "returned"):
            if total := getattr(diff, what):
                entries = fetch(statements.LIST_CHANGES, what=what, limit=LISTED)
                self.report.changes.append(Listed(what, total, [(path, detail) for path, detail in entries]))

    def _follow_between_libraries(self) -> None:
        done = self.library.scans.filter(state="done", is_dry_run=False, folder="").order_by("-id")
        before = done.values_list("started_at", flat=True).first()
        followed = follow_between_libraries(self.library, since=before, now=self.now, watch=self.watch)
        self._touched |= followed.models
        self._other_libraries = followed.libraries
        for other, moves in followed.arrived.items():
            self.report.count_as_moved(
                "new", [(new, f"{other}: {old}") for old, new in moves], {new for _, new in moves}
            )
        for other, moves in followed.left.items():
            self.report.count_as_moved(
                "missing", [(f"{other}: {new}", old) for old, new in moves], {old for old, _ in moves}
            )

    def _write(self, *, regroups: bool) -> None:
        self.watch.tick(phase="group")
        rename_rows(self.library.pk, self._choose_places(regroups=regroups))
        self._touched.update(row[0] for row in fetch(statements.MODELS_OF_KNOWN))
        last = fetch(statements.LAST_NUMBER)[0][0]
        diff = self.report.diff
        if diff.moved or self.report.regrouped:
            folders = self.places.model_folders
            move_models(self.library.pk, scope=self._scope, folders=folders, watch=self.watch)
        self._move_rows(last if diff.moved else 0)
        for window in self._windows(last if diff.missing or diff.changed or diff.returned else 0):
            execute(statements.MARK_MISSING, now=self.now, **window)
            execute(statements.UPDATE_FILES, **window)
        left = self._move_files() if regroups and self._has_known_files else set()
        for window in self._windows(last):
            self._insert_files(window)
        follow_archives(self.library.pk, now=self.now)
        take_back(left)
        if diff.moved or self.report.regrouped:
            self._touched -= join_left_models()
        self._touched -= _remove_left(left)

    def _finish(self) -> None:
        self.watch.tick(phase="finish")
        for some in _batches(sorted(self._touched)):
            derived.refresh_models(some)
            self.watch.tick()
        if len(self._touched) + len(self._made) > _MANY_MODELS:
            derived.settle_search_index()
        derived.refresh_libraries({self.library.pk} | self._other_libraries)

    @property
    def _has_known_files(self) -> bool:
        return self._staged.found > self.report.diff.new

    def _choose_places(self, *, regroups: bool) -> dict[str, str]:
        """Decide which model each file belongs to, list those that change theirs; return decided paths that moved."""
        new_paths = self.places.follow_moves() if self.report.diff.moved else {}
        self.places.choose(self._staged, has_known_files=self._has_known_files)
        if regroups and self._has_known_files:
            with transaction.atomic():
                execute(statements.FIND_MOVES, library=self.library.pk)
            if total := fetch(statements.COUNT_MOVES)[0][0]:
                entries = fetch(statements.LIST_MOVES, limit=LISTED, between=BETWEEN_MODELS)
                self.report.regrouped = [
                    Listed("regroup", total, [(path, detail) for path, detail in entries])
                ]
        return new_paths

    def _move_rows(self, last: int) -> None:
        """Write where moved files are now; those that go where another row is make room first, all in one go."""
        for window in self._windows(last):
            with transaction.atomic():
                self._move_some(fetch(move_statements.MOVED, is_taken=False, **window), exchange=False)
        with transaction.atomic():
            self._move_some(fetch(move_statements.MOVED, is_taken=True, after=0, upto=last), exchange=True)

    def _move_some(self, moved: list[tuple[Any, ...]], *, exchange: bool) -> None:
        if not moved:
            return
        execute(move_statements.MAKE_MOVED)
        copy_rows("scan_moved", ((*row, *told_by_path(row[1])) for row in moved))
        if exchange:
            execute(move_statements.MAKE_YIELDED, library=self.library.pk)
            execute(move_statements.STEP_ASIDE)
        execute(move_statements.MOVE_MEMBERS, library=self.library.pk)
        execute(move_statements.MOVE_ROWS, library=self.library.pk)

    def _insert_files(self, window: dict[str, int]) -> None:
        arrivals = fetch(statements.ARRIVALS, **window)
        if not arrivals:
            return
        rows = []
        for path, size_bytes, mtime_ns, etag, folder, own_model, decided in arrivals:
            model = self.places.of(folder, own_model=own_model, decided=decided)
            rows.append((path, size_bytes, mtime_ns, etag, *told_by_path(path), model))
        with transaction.atomic():
            execute(statements.MAKE_ARRIVALS)
            copy_rows("scan_arrivals", rows)
            counted = self._ensure_models({row[-1] for row in rows if row[-1]})
            added = fetch(statements.INSERT_FILES, library=self.library.pk)
        self._touched.update({row[0] for row in added} - counted)

    def _move_files(self) -> set[int]:
        """Put known files into the models they now belong to; return the models that lost some."""
        with transaction.atomic():
            if self.report.diff.moved:
                execute(statements.FIND_MOVES, library=self.library.pk)  # anew: rows have moved since
            execute(statements.DROP_SETTLED_MOVES)
        with transaction.atomic():
            execute(statements.MAKE_ARRIVALS)
            self._ensure_models({row[0] for row in fetch(statements.MODELS_TO_MOVE_TO)})
        for window in self._windows(fetch(statements.LAST_MOVE)[0][0]):
            moved = fetch(statements.MOVE_FILES, library=self.library.pk, **window)
            self._touched.update(row[0] for row in moved)
        execute(statements.MOVE_PROBLEMS)
        return {row[0] for row in fetch(statements.LEFT_MODELS)}

    def _ensure_models(self, paths: set[str]) -> set[int]:
        """Create the models at `paths` that are not there yet, counted by `scan_arrivals`; return the ids of these."""
        wanted = sorted(paths - self._ensured)
        rows = [(path, readable_name(path, is_file=path not in self.places.model_folders)) for path in wanted]
        self._ensured |= paths
        if not rows:
            return set()
        execute(statements.MAKE_MODELS)
        copy_rows("scan_models", rows)
        made = {row[0] for row in fetch(statements.INSERT_MODELS, library=self.library.pk, now=self.now)}
        self._made |= made
        return made

    def _windows(self, last: int) -> Iterator[dict[str, int]]:
        for after in range(0, last, _BATCH):
            self.watch.tick()
            yield {"after": after, "upto": after + _BATCH}


def _remove_left(model_ids: set[int]) -> set[int]:
    """Delete models that regrouping left without any file, unless a person put something into them; return their ids."""
    empty = Model3D.objects.filter(pk__in=model_ids, files=None).untouched()
    removed = set(empty.values_list("pk", flat=True))
    Model3D.objects.filter(pk__in=removed).delete()
    return removed


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + 2_000] for start in range(0, len(ids), 2_000))
