"""Carrying out changes of files: each step stands in the journal before it is done, so that any crash can be completed.

All of it happens under the lock that a library has with scans. One move is whole or not at all: if a file of it cannot be
moved, those before it are moved back.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from libraries.listing import BIN_FOLDER
from libraries.models import Library
from libraries.storage import LibraryStorage, NotWritable, StorageError, bin_path, storage_for
from models3d import derived, file_rows
from models3d.models import FileChange, FileStep, HistoryEntry, Model3D, ModelFile, Move
from models3d.querysets import ModelFileQuerySet

Kind = FileChange.Kind
State = Move.State
# Told of models whose folder is another now: (library, {old path: new path}). The upper room has decisions by path.
Follow = Callable[[Library, dict[str, str]], None]
_BEGUN: Final = (State.RUNNING, State.RETURNING)
_OTHER_DISK: Final = (
    "Another disk than at the last scan is at the folder of the library, so nothing is moved. "
    "Scan the library first."
)
_READ_ONLY: Final = "The library is read-only. Its owner can change that in its settings."


def run_changes(library: Library, *, clock: Callable[[], datetime], follow: Follow) -> set[str]:
    """Carry out what waits in `library`, whose lock is held; return the folders that got anything or lost it for another."""
    finish_begun(library, clock=clock, follow=follow)
    folders = set[str]()
    waiting = FileChange.objects.filter(library=library, state__in=["queued", "running"]).order_by("id")
    while (change := waiting.first()) is not None:
        FileChange.objects.filter(pk=change.pk, started_at=None).update(started_at=clock())
        FileChange.objects.filter(pk=change.pk).update(state=FileChange.State.RUNNING)
        folders |= _run(change, library, clock=clock, follow=follow)
    return folders


def finish_begun(library: Library, *, clock: Callable[[], datetime], follow: Follow) -> None:
    """Bring moves that were cut off half-way to an end. Scans do it too, before they look."""
    begun = Move.objects.filter(state__in=_BEGUN, change__library=library).order_by("id")
    for move in begun.select_related("change", "model", "undoes"):
        _Run(library, move, clock=clock, follow=follow).complete()
        _count(move.change_id)


def _run(change: FileChange, library: Library, *, clock: Callable[[], datetime], follow: Follow) -> set[str]:
    moves = Move.objects.filter(change=change, state=State.PLANNED).order_by("id")
    state, error = FileChange.State.DONE, ""
    folders = set[str]()
    try:
        while (move := moves.select_related("change", "model", "undoes").first()) is not None:
            if FileChange.objects.filter(pk=change.pk, is_cancel_requested=True).exists():
                state = FileChange.State.CANCELLED
                break
            library.refresh_from_db(fields=["is_read_only", "removed_at", "root_device"])
            _refuse(library, storage_for(library))
            _Run(library, move, clock=clock, follow=follow).begin()
            if change.kind not in {Kind.BIN, Kind.EMPTY}:
                folders |= {path.rpartition("/")[0] for path in (move.from_path, move.to_path)}
            _count(change.pk)
    except StorageError as refusal:
        state, error = FileChange.State.FAILED, str(refusal)
    _count(change.pk)
    FileChange.objects.filter(pk=change.pk).update(state=state, error=error, finished_at=clock())
    return folders


def _refuse(library: Library, storage: LibraryStorage) -> None:
    """Raise StorageError if nothing may be moved now. A disk that is not mounted leaves an empty folder that takes files."""
    if library.is_read_only or library.removed_at:
        raise NotWritable(_READ_ONLY)
    if library.root_device not in {None, storage.check_root()}:
        raise StorageError(_OTHER_DISK)


def _count(change_id: int) -> None:
    moves = Move.objects.filter(change=change_id)
    over = [State.DONE, State.TAKEN_BACK, State.EMPTIED]
    FileChange.objects.filter(pk=change_id).update(
        done_count=moves.filter(state__in=over).count(), failed_count=moves.filter(state=State.FAILED).count()
    )


class _Run:
    """One move on its way."""

    def __init__(
        self, library: Library, move: Move, *, clock: Callable[[], datetime], follow: Follow
    ) -> None:
        self.library = library
        self.move = move
        self.kind = move.change.kind
        self.clock = clock
        self.follow = follow
        self.storage = storage_for(library)

    def begin(self) -> None:
        """Write the journal, then go."""
        with transaction.atomic():
            steps = self._steps()
            FileStep.objects.bulk_create(steps, batch_size=2_000)
            self._set(
                State.RUNNING, file_count=len(steps), total_bytes=sum(step.size_bytes for step in steps)
            )
        self.complete()

    def complete(self) -> None:
        """Do what is left of the steps; if one cannot be done, undo those before it."""
        if self.move.state == State.RUNNING:
            try:
                for step in self._in_state(FileStep.State.PLANNED, FileStep.State.MOVING):
                    self._do(step)
            except StorageError as error:
                self._set(State.RETURNING, sentence=str(error))
        if self.move.state == State.RETURNING:
            self._return()
        else:
            self._settle()

    def _steps(self) -> list[FileStep]:
        return [
            FileStep(move=self.move, file_id=file_id, from_path=old, to_path=new, size_bytes=size)
            for file_id, old, new, size in steps_of(self.move, self.library.pk)
            if old != new
        ]

    def _in_state(self, *states: str) -> Sequence[FileStep]:
        return list(FileStep.objects.filter(move=self.move, state__in=states).order_by("id"))

    def _do(self, step: FileStep) -> None:
        is_resumed = step.state == FileStep.State.MOVING
        if not is_resumed:
            FileStep.objects.filter(pk=step.pk).update(state=FileStep.State.MOVING)
        if self.kind == Kind.EMPTY:
            self.storage.delete_binned(step.from_path)
            with transaction.atomic():
                ModelFile.objects.filter(steps=step, relative_path=step.from_path).delete()
                FileStep.objects.filter(pk=step.pk).update(state=FileStep.State.DONE)
            return
        try:
            self._rename(step.from_path, step.to_path, is_resumed=is_resumed)
        except StorageError:
            FileStep.objects.filter(pk=step.pk).update(state=FileStep.State.PLANNED)
            raise
        self._save_row(step, step.from_path, step.to_path, state=FileStep.State.DONE)

    def _return(self) -> None:
        """Move what was moved back. A file that cannot be stays where it is, and its row says so."""
        done = self._in_state(FileStep.State.DONE, FileStep.State.MOVING)
        for step in reversed(done):
            FileStep.objects.filter(pk=step.pk).update(state=FileStep.State.MOVING)
            try:
                self._rename(step.to_path, step.from_path, is_resumed=True)
            except StorageError as error:
                FileStep.objects.filter(pk=step.pk).update(state=FileStep.State.DONE)
                self._set(State.RETURNING, sentence=f"{self.move.sentence} {error}")
                continue
            self._save_row(step, step.to_path, step.from_path, state=FileStep.State.PLANNED)
        self._set(State.FAILED, finished_at=self.clock())
        self._refresh()

    def _rename(self, old: str, new: str, *, is_resumed: bool) -> None:
        self.storage.move(old, new, is_resumed=is_resumed)
        self.storage.remove_empty_folders(old.rpartition("/")[0])

    def _save_row(self, step: FileStep, old: str, new: str, *, state: str) -> None:
        with transaction.atomic():
            if step.file_id is not None:
                file_rows.move_row(step.file_id, self.library, self.storage, old, new, now=self.clock())
            FileStep.objects.filter(pk=step.pk).update(state=state)

    def _settle(self) -> None:
        """All files are where they belong: let the model follow, and write down who did it."""
        with transaction.atomic():
            if self.kind == Kind.EMPTY:
                self._forget_model()
            elif self.kind not in {Kind.BIN, Kind.RESTORE}:
                self.follow(self.library, file_rows.move_models(self.move))
            self._set(State.DONE, finished_at=self.clock())
            if self.move.undoes is not None:
                over = State.EMPTIED if self.kind == Kind.EMPTY else State.TAKEN_BACK
                Move.objects.filter(pk=self.move.undoes.pk).update(state=over)
            self._write_history()
        self._refresh()

    def _forget_model(self) -> None:
        """Whoever empties the bin gives up what was written about models of which nothing is left."""
        if (model := self.move.model) is not None and not model.files.exists():
            Model3D.objects.filter(pk=model.pk).delete()
            self.move.model = None

    def _write_history(self) -> None:
        if self.move.model_id:
            HistoryEntry.objects.create(
                model_id=self.move.model_id,
                user_id=self.move.change.requested_by_id,
                happened_at=self.clock(),
                kind=self.kind,
                from_path=self.move.from_path,
                to_path=self.move.to_path,
            )

    def _refresh(self) -> None:
        files = ModelFile.objects.filter(steps__move=self.move).exclude(model=None)
        ids = set(files.values_list("model_id", flat=True)) | {self.move.model_id or 0}
        derived.refresh_models(ids)
        derived.refresh_libraries([self.library.pk])

    def _set(self, state: str, **fields: object) -> None:
        Move.objects.filter(pk=self.move.pk).update(state=state, **fields)
        self.move.state = state
        for name, value in fields.items():
            setattr(self.move, name, value)


def steps_of(move: Move, library_id: int) -> list[tuple[int | None, str, str, int]]:
    """The files that `move` is about: number, path, path to be, bytes. Files that are missing stay what they are."""
    if move.undoes is not None:
        old_root, new_root = move.undoes.from_path, move.to_path
        steps = move.undoes.steps.filter(state=FileStep.State.DONE).order_by("id")
        # Where a file is now: it may have been moved on since.
        rows = steps.values_list("file_id", "file__relative_path", "to_path", "from_path", "size_bytes")
        found = [
            (file_id, now_at or there, _moved(old, old_root, new_root), size)
            for file_id, now_at, there, old, size in rows
        ]
        is_out = move.change.kind == Kind.UNDO  # what was binned since is restored from there
        return [step for step in found if not (is_out and step[1].startswith(f"{BIN_FOLDER}/"))]
    present = files_of(move, library_id).order_by("relative_path")
    known = present.values_list("pk", "relative_path", "size_bytes")
    return [(pk, path, _target(move, path), size) for pk, path, size in known]


def files_of(move: Move, library_id: int) -> ModelFileQuerySet:
    """The present files on the disk that a move without a predecessor is about."""
    files = ModelFile.objects.present().filter(library=library_id, archive=None)
    if move.file_id is not None:
        return files.filter(pk=move.file_id)
    if move.change.kind == Kind.MOVE:
        return files.filter(Q(model=move.model_id) | Q(relative_path__startswith=f"{move.from_path}/"))
    return files.filter(model=move.model_id)


def _target(move: Move, path: str) -> str:
    if move.change.kind == Kind.BIN:
        return bin_path(move.pk, path)
    if move.file_id:
        return move.to_path
    if path.startswith(f"{move.from_path}/"):
        return _moved(path, move.from_path, move.to_path)
    folder, _, name = path.rpartition("/")
    # A single file, or one of those that share a stem; what was merged into the model from elsewhere stays there.
    is_beside = folder == move.from_path.rpartition("/")[0]
    return f"{move.to_path}/{name}" if is_beside else path


def _moved(path: str, old_root: str, new_root: str) -> str:
    return new_root + path.removeprefix(old_root) if path.startswith(old_root) else path
