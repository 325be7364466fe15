"""Asking for changes of files: organise, move, bin, restore, empty, undo. What is asked for stands in rows; a worker does it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from libraries.models import Library
from libraries.path_template import PathTemplate
from libraries.paths import archive_and_member, display_path, row_path
from libraries.safe_names import numbered, safe_name
from models3d.models import FileChange, FileStep, Model3D, ModelFile, Move
from models3d.organizing import plan_moves

Kind = FileChange.Kind
_AT_ONCE: Final = 1_000


class ChangeRefused(ValueError):
    """What was asked for cannot be done. The text is a sentence for the user."""


def organize(
    library: Library, *, template: str, model_ids: Collection[int] | None, by: Any, now: datetime
) -> FileChange:
    """Return a change that waits for its plan, of these models or, without any, of the whole library. Raises ChangeRefused."""
    require_writable(library)
    ids = None if model_ids is None else sorted(set(model_ids))
    return FileChange.objects.create(
        library=library,
        kind=Kind.ORGANIZE,
        state=FileChange.State.PLANNING,
        template=template,
        model_ids=ids,
        requested_by=by,
        requested_at=now,
    )


def plan(change: FileChange) -> None:
    """Write the moves of an organising change for people to look at; what an earlier try wrote is written anew."""
    Move.objects.filter(change=change).delete()
    models = Model3D.objects.filter(library=change.library_id)
    if change.model_ids is not None:
        models = models.filter(pk__in=change.model_ids)
    conflicts = unchanged = total = 0
    rows: list[Move] = []
    for planned in plan_moves(models, PathTemplate(change.template)):
        if planned.is_unchanged:
            unchanged += 1
            continue
        total += 1
        conflicts += bool(planned.conflict)
        rows.append(
            Move(
                change=change,
                model_id=planned.model_id,
                name=planned.name,
                from_path=planned.from_path,
                to_path=planned.to_path,
                sentence=planned.conflict,
                state=Move.State.CONFLICT if planned.conflict else Move.State.PLANNED,
            )
        )
        if len(rows) >= _AT_ONCE:
            Move.objects.bulk_create(rows)
            rows = []
    Move.objects.bulk_create(rows)
    is_planning = FileChange.objects.filter(pk=change.pk, state=FileChange.State.PLANNING)
    is_planning.update(
        state=FileChange.State.PLANNED,
        move_count=total - conflicts,
        conflict_count=conflicts,
        unchanged_count=unchanged,
    )


def start(change: FileChange) -> bool:
    """Let a planned change be carried out; False if it is under way, over or cancelled already. Raises ChangeRefused."""
    require_writable(change.library)
    planned = FileChange.objects.filter(pk=change.pk, state=FileChange.State.PLANNED)
    return bool(planned.update(state=FileChange.State.QUEUED))


def cancel(change: FileChange, *, now: datetime) -> None:
    """Stop a change: at once if it was not begun, else after the model that is being moved."""
    states = FileChange.State
    changes = FileChange.objects.filter(pk=change.pk)
    changes.filter(state=states.RUNNING).update(is_cancel_requested=True)
    waiting = changes.filter(state__in=[states.PLANNING, states.PLANNED, states.QUEUED])
    waiting.update(state=states.CANCELLED, finished_at=now)


def undo(change: FileChange, *, by: Any, now: datetime) -> FileChange:
    """Return a change that moves everything back, the last first. Raises ChangeRefused."""
    require_writable(change.library)
    done = change.moves.filter(state=Move.State.DONE).order_by("-id")
    if not change.is_undoable or not done.exists():
        raise ChangeRefused("There is nothing left of it that could be moved back.")
    with transaction.atomic():
        FileChange.objects.select_for_update().get(pk=change.pk)
        if change.undone_by.filter(state__in=["queued", "running"]).exists():
            raise ChangeRefused("It is being moved back already.")
        back = _new(change.library, Kind.UNDO, by=by, now=now, undoes=change)
        _add(back, (_back(move, move.from_path) for move in done.iterator(_AT_ONCE)))
    return back


def move_model(model: Model3D, *, folder: str, by: Any, now: datetime) -> FileChange:
    """Return a change that gives the model's folder this path, with all files in it that are known. Raises ChangeRefused."""
    require_writable(model.library)
    old = model.relative_path
    if archive_and_member(old):
        raise ChangeRefused("It lies inside an archive, which cannot be changed from here.")
    new = clean_path(folder)
    if new == old:
        raise ChangeRefused("That is where it is already.")
    if new.startswith(f"{old}/"):
        raise ChangeRefused("A folder cannot be moved into itself.")
    return _one(model.library, Kind.MOVE, model=model, old=old, new=new, by=by, now=now)


def rename_file(file: ModelFile, *, path: str, by: Any, now: datetime) -> FileChange:
    """Return a change that gives a file this path; its ending stays. Raises ChangeRefused."""
    _require_own_file(file, "renamed")
    new = clean_path(path)
    if new == file.relative_path:
        raise ChangeRefused("That is its name already.")
    if _ending(new) != _ending(file.relative_path):
        raise ChangeRefused(
            f"The ending of its name stays “{_ending(file.relative_path)}”: it tells what the file is."
        )
    return _one(
        file.library, Kind.MOVE, model=file.model, file=file, old=file.relative_path, new=new, by=by, now=now
    )


def bin_models(library: Library, models: Iterable[Model3D], *, by: Any, now: datetime) -> FileChange:
    """Return a change that puts all files of these models of `library` into its bin. Raises ChangeRefused."""
    require_writable(library)
    with transaction.atomic():
        change = _new(library, Kind.BIN, by=by, now=now)
        moves = (
            Move(change=change, model=model, name=model.name, from_path=model.relative_path)
            for model in models
        )
        if not _add(change, moves):
            raise ChangeRefused("Nothing was chosen.")
    return change


def bin_file(file: ModelFile, *, by: Any, now: datetime) -> FileChange:
    """Return a change that puts one file into the bin. Raises ChangeRefused."""
    _require_own_file(file, "deleted")
    return _one(
        file.library, Kind.BIN, model=file.model, file=file, old=file.relative_path, new="", by=by, now=now
    )


def binned() -> "QuerySet[Move]":
    """What is in the bin: one move for each model or file that was put there."""
    return Move.objects.filter(change__kind=Kind.BIN, state=Move.State.DONE, file_count__gt=0)


def sums_of(moves: "QuerySet[Move]") -> dict[str, int]:
    """How many things, files and bytes are in these moves: `things`, `files`, `bytes`."""
    sums = moves.order_by().aggregate(things=Count("id"), files=Sum("file_count"), bytes=Sum("total_bytes"))
    return {name: number or 0 for name, number in sums.items()}


def restore(move: Move, *, by: Any, now: datetime) -> FileChange:
    """Return a change that brings something back from the bin: to its old place, or beside it if that is taken."""
    library = move.change.library
    require_writable(library)
    with transaction.atomic():
        _claim([move.pk])
        change = _new(library, Kind.RESTORE, by=by, now=now)
        _add(change, [_back(move, _free_path(move))])
    return change


def empty(moves: "QuerySet[Move]", *, by: Any, now: datetime) -> list[FileChange]:
    """Return changes that delete for good what is in the bin, one for each library that is writable."""
    changes = []
    libraries = Library.objects.kept().filter(is_read_only=False, pk__in=moves.values("change__library"))
    for library in libraries:
        with transaction.atomic():
            Library.objects.select_for_update().get(pk=library.pk)
            free = moves.filter(change__library=library).exclude(pk__in=_claimed())
            change = _new(library, Kind.EMPTY, by=by, now=now)
            if _add(change, (_back(move, "") for move in free.iterator(_AT_ONCE))):
                changes.append(change)
            else:
                change.delete()
    return changes


def empty_old(*, now: datetime, days: int) -> None:
    """Ask for what has been in the bin for longer than `days` to be deleted."""
    empty(binned().filter(finished_at__lt=now - timedelta(days=days)), by=None, now=now)


def require_writable(library: Library) -> None:
    """Raise ChangeRefused, with what helps, if files of the library may not be changed."""
    if library.is_read_only:
        raise ChangeRefused(
            f"{library.name} is read-only. Its owner can let Layershelf change files in the settings of the library."
        )


def clean_path(text: str) -> str:
    """A path that a person typed, as rows hold it. Raises ChangeRefused if no disk would take it, or scans would skip it."""
    parts = [part.strip() for part in text.replace("\\", "/").strip().strip("/").split("/")]
    for part in parts:
        if not part or part in {".", ".."}:
            raise ChangeRefused("Between two “/” there must be a name, and none may be “.” or “..”.")
        if part.startswith("."):
            raise ChangeRefused(
                f"“{part}” begins with a dot: such files are hidden, and scans leave them out."
            )
        if safe_name(part) != part:
            raise ChangeRefused(f"“{part}” is no name that every system takes; “{safe_name(part)}” is.")
    return row_path("/".join(parts))


def _require_own_file(file: ModelFile, what: str) -> None:
    if file.archive_id is not None:
        inside = archive_and_member(file.relative_path)
        name = display_path(inside[0].rpartition("/")[2]) if inside else "an archive"
        raise ChangeRefused(
            f"It lies inside {name}. Files in archives cannot be {what} one by one; unpack it first."
        )
    require_writable(file.library)
    if file.missing_since is not None:
        raise ChangeRefused("It was not there at the last scan.")


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return f"{dot}{ending}".lower() if stem else ""


def _one(
    library: Library,
    kind: FileChange.Kind,
    *,
    model: Model3D | None,
    old: str,
    new: str,
    by: Any,
    now: datetime,
    file: ModelFile | None = None,
) -> FileChange:
    with transaction.atomic():
        change = _new(library, kind, by=by, now=now)
        name = file.file_name if file else str(model)
        _add(change, [Move(change=change, model=model, file=file, name=name, from_path=old, to_path=new)])
    return change


def _new(
    library: Library, kind: FileChange.Kind, *, by: Any, now: datetime, undoes: FileChange | None = None
) -> FileChange:
    return FileChange.objects.create(
        library=library, kind=kind, undoes=undoes, requested_by=by, requested_at=now
    )


def _add(change: FileChange, moves: Iterable[Move]) -> int:
    rows = []
    for move in moves:
        move.change = change
        rows.append(move)
    Move.objects.bulk_create(rows, batch_size=_AT_ONCE)
    FileChange.objects.filter(pk=change.pk).update(move_count=len(rows))
    return len(rows)


def _back(move: Move, to_path: str) -> Move:
    return Move(
        model_id=move.model_id,
        file_id=move.file_id,
        undoes=move,
        name=move.name,
        from_path=move.to_path or move.from_path,
        to_path=to_path,
        file_count=move.file_count,
        total_bytes=move.total_bytes,
    )


def _claimed() -> "QuerySet[Move, Any]":
    """What is being restored or deleted already."""
    states = [Move.State.PLANNED, Move.State.RUNNING, Move.State.RETURNING]
    active = ["queued", "running"]
    return Move.objects.filter(state__in=states, change__state__in=active, undoes__isnull=False).values(
        "undoes"
    )


def _claim(move_ids: list[int]) -> None:
    """Lock things in the bin until the transaction ends; raise ChangeRefused if they are on their way out of it."""
    held = binned().filter(pk__in=move_ids).exclude(pk__in=_claimed())
    if len(held.select_for_update(of=("self",))) < len(move_ids):
        raise ChangeRefused("It is not in the bin any more.")


def _free_path(move: Move) -> str:
    """Where something from the bin goes: the first of its path, “path (2)” and so on at which no file of its is in the way."""
    files = list(move.steps.filter(state=FileStep.State.DONE).values_list("from_path", flat=True))
    present = ModelFile.objects.present().filter(library=move.change.library_id)
    is_folder = any(path.startswith(f"{move.from_path}/") for path in files)
    for number in range(1, _AT_ONCE):
        wanted = move.from_path if number == 1 else _numbered(move.from_path, number, is_folder=is_folder)
        if is_folder and number > 1:
            is_taken = present.filter(relative_path__startswith=f"{wanted}/").exists()
        else:
            paths = [wanted + path.removeprefix(move.from_path) for path in files]
            is_taken = present.filter(relative_path__in=paths).exists()
        if not is_taken:
            return wanted
    raise ChangeRefused("A thousand files of this name are there already.")


def _numbered(path: str, number: int, *, is_folder: bool) -> str:
    return f"{path} ({number})" if is_folder else numbered(path, number)
