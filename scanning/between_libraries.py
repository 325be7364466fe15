"""Rows follow files that moved from one library to another, whichever of the two was scanned first.

The scan that found the file made a new row, a twin, for it; here the row that lost the file takes the twin's place. The
scan that ends last of two that run at once sees what both found.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from config.lib.locks import library_lock
from libraries.models import Library
from libraries.storage import storage_for
from models3d.merging import join_models
from models3d.models import Model3D, ModelFile
from scanning import between_statements as statements
from scanning import model_statements, move_statements
from scanning.moves import hash_targets, match
from scanning.naming import is_parsed_name
from scanning.sql import batches, execute, fetch
from scanning.staging import Watch

# Two scans that end at once must not wait for each other: only the one of the older library waits.
_PATIENCE_SECONDS: Final = 3.0


@dataclass(slots=True)
class Followed:
    """What came of it: (old path, new path) of files that came here and of those that went from here, by the other's name.

    The models and libraries are to be counted anew.
    """

    arrived: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    left: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    models: set[int] = field(default_factory=set)
    libraries: set[int] = field(default_factory=set)


def follow_between_libraries(
    library: Library, *, since: datetime | None, now: datetime, watch: Watch
) -> Followed:
    """Let rows of other libraries follow files to `library`, and its rows follow them to others.

    `now` is when this scan began, `since` when the one before did: what it saw had not moved by then. To be called after
    the rows of the scan are written, while `scan_diff` is there.
    """
    followed = Followed()
    came_from = {row[0] for row in fetch(statements.SOURCES_OF_ARRIVALS, library=library.pk)}
    went_to = set()
    if since is not None:
        went_to = {row[0] for row in fetch(statements.TARGETS_OF_VANISHED, library=library.pk, since=since)}
    for other in Library.objects.filter(pk__in=came_from | went_to).order_by("pk"):
        with _lock(other.pk, patience=_PATIENCE_SECONDS if library.pk < other.pk else 0) as is_held:
            if is_held and other.pk in came_from:
                followed.arrived[other.name] = _follow(
                    other, library, since=now, watch=watch, followed=followed
                )
            if is_held and since is not None and other.pk in went_to:
                followed.left[other.name] = _follow(
                    library, other, since=since, watch=watch, followed=followed
                )
    return followed


@contextmanager
def _lock(library_id: int, *, patience: float) -> Iterator[bool]:
    until = time.monotonic() + patience
    with ExitStack() as locks:
        while not (is_held := locks.enter_context(library_lock(library_id))) and time.monotonic() < until:
            time.sleep(0.1)
        yield is_held


def _follow(
    source: Library, target: Library, *, since: datetime, watch: Watch, followed: Followed
) -> list[tuple[str, str]]:
    """Let rows missing in `source` take the places of their twins in `target`; return old and new paths."""
    execute(move_statements.DROP)
    execute(statements.MAKE_SOURCES, source=source.pk)
    execute(statements.MAKE_TARGETS, target=target.pk, since=since)
    execute(move_statements.MAKE_MATCHES)
    if not fetch(move_statements.HAS_TARGETS)[0][0]:
        return []
    hash_targets(storage_for(target), watch)
    match()
    followed.libraries |= {source.pk, target.pk}
    followed.models |= _move_models(target)
    paths = []
    for matches in batches(statements.MATCHES):
        watch.tick()
        followed.models |= _take_places(target, [(source_id, twin_id) for source_id, twin_id, *_ in matches])
        paths += [(old, new) for *_, old, new in matches]
    return paths


def _move_models(target: Library) -> set[int]:
    """Models first: after a crash in between, the next scan of either library finds the files again."""
    execute(statements.DROP)
    execute(statements.MAKE_MODEL_MOVES)
    touched = set()
    for model_id, heir_id, takes_place, path, name, is_named, old_name, old_path in fetch(statements.HEIRS):
        if not takes_place:
            _join(model_id, heir_id)
            continue
        with transaction.atomic():
            Model3D.objects.filter(pk=heir_id).update(relative_path=f"/{heir_id}")
            keeps_name = is_named or not is_parsed_name(old_name, path=old_path)
            Model3D.objects.filter(pk=model_id).update(
                library=target, relative_path=path, name=old_name if keeps_name else name
            )
            _join(heir_id, model_id)
        touched.add(model_id)
    return touched


def _join(gone_id: int, kept_id: int) -> None:
    execute(model_statements.MOVE_PROBLEMS, gone=gone_id, kept=kept_id)
    join_models([(gone_id, kept_id)])


def _take_places(target: Library, pairs: list[tuple[int, int]]) -> set[int]:
    """Write where the files are now, in place of their twins; return the models that are to be counted anew."""
    sources, twins = [source for source, _ in pairs], [twin for _, twin in pairs]
    with transaction.atomic():
        execute(statements.DROP)
        touched = set(ModelFile.objects.filter(pk__in=sources + twins).values_list("model_id", flat=True))
        execute(statements.MAKE_MOVED, sources=sources, twins=twins)
        execute(statements.HAND_ON_COVERS)
        ModelFile.objects.filter(pk__in=twins).delete()
        execute(move_statements.MOVE_MEMBERS, library=target.pk)
        execute(move_statements.MOVE_ROWS, library=target.pk)
        execute(statements.TAKE_OVER)
        execute(statements.FOLLOW_MEMBERS)
        execute(statements.DROP)
    return {model_id for model_id in touched if model_id}
