"""Where models belong by a path template: a plan that only reads. Carrying it out is left to `models3d.moving`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Value
from django.db.models.functions import MD5

from collections_app.models import Collection
from collections_app.tree import Place, trails
from libraries.path_template import CannotBePlaced, PathTemplate, PathValues
from libraries.paths import IN_ARCHIVE, display_path
from models3d.models import Model3D
from models3d.querysets import Model3DQuerySet

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """One model with the folder it is in and the one it is to be in; `conflict` is a sentence if it stays where it is."""

    model_id: int
    name: str
    from_path: str
    to_path: str
    conflict: str = ""

    @property
    def is_unchanged(self) -> bool:
        """Whether the model is where it belongs."""
        return self.from_path == self.to_path and not self.conflict


def plan_moves(models: Model3DQuerySet, template: PathTemplate) -> Iterator[PlannedMove]:
    """Yield for each of `models`, all of one library, in the order of their numbers, where it belongs by `template`.

    Read lazily in batches of a fixed number of queries, so that a preview costs what it shows. Nothing is written.
    """
    taken: dict[str, str] = {}
    after = 0
    while rows := list(_rows(models, after=after)):
        ways = trails({place.pk for model in rows if (place := _first_collection(model))})
        planned = [_planned(model, template, ways, taken) for model in rows]
        held = _models_at(rows[0].library_id, planned)
        for move in planned:
            holder = held.get(move.to_path)
            if holder is None or holder[0] == move.model_id or move.conflict:
                yield move
            else:
                yield _conflict(move, f"“{display_path(move.to_path)}” is the folder of {holder[1]}.")
        after = rows[-1].pk


def _rows(models: Model3DQuerySet, *, after: int) -> Model3DQuerySet:
    rows = models.present().filter(pk__gt=after).order_by("pk").select_related("creator")
    fields = ("library_id", "relative_path", "name", "creator__name")
    return rows.prefetch_related("tags", "collections").only(*fields)[:_BATCH]


def _planned(
    model: Model3D, template: PathTemplate, ways: dict[int, list[Place]], taken: dict[str, str]
) -> PlannedMove:
    old = model.relative_path
    stays = PlannedMove(model.pk, model.name, old, old)
    if IN_ARCHIVE in old:
        return _conflict(stays, "It lies inside an archive, which is moved as a whole.")
    try:
        new = template.format(_values(model, ways))
    except CannotBePlaced as error:
        return _conflict(stays, str(error))
    move = PlannedMove(model.pk, model.name, old, new)
    if other := taken.get(new.casefold()):
        return _conflict(move, f"{other} would be in the same folder.")
    taken[new.casefold()] = model.name
    return move


def _conflict(move: PlannedMove, sentence: str) -> PlannedMove:
    return PlannedMove(move.model_id, move.name, move.from_path, move.to_path, sentence)


def _first_collection(model: Model3D) -> Collection | None:
    """A model may be in many collections; a path has room for one: the first by name."""
    return min(model.collections.all(), key=lambda one: (one.name.casefold(), one.pk), default=None)


def _values(model: Model3D, ways: dict[int, list[Place]]) -> PathValues:
    collection = _first_collection(model)
    return PathValues(
        creator=model.creator.name if model.creator else "",
        collections=tuple(place.name for place in ways[collection.pk]) if collection else (),
        tags=tuple(tag.name for tag in model.tags.all()),
        name=model.name,
    )


def _models_at(library_id: int, planned: list[PlannedMove]) -> dict[str, tuple[int, str]]:
    """The models of the library that are at the targets, by path."""
    digests = [MD5(Value(move.to_path)) for move in planned]
    found = Model3D.objects.filter(library=library_id).annotate(digest=MD5("relative_path"))
    rows = found.filter(digest__in=digests).values_list("relative_path", "pk", "name")
    return {path: (pk, name) for path, pk, name in rows}
