"""Collections by their place in the tree, made where they are not there yet."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Lower

from collections_app.models import Collection

Place = tuple[str, ...]


def collections_at(places: Iterable[Place]) -> dict[Place, int]:
    """Return the id of the collection at each place (names from the outermost inwards); missing ones are made.

    Case does not tell names apart, and somebody else may make the same ones meanwhile.
    """
    wanted = {place[: depth + 1] for place in places for depth in range(len(place))}
    ids: dict[Place, int] = {}
    for depth in range(1, max(map(len, wanted), default=0) + 1):
        level = sorted(place for place in wanted if len(place) == depth)
        ids |= _level(level, ids)
    return ids


def _level(places: list[Place], ids: dict[Place, int]) -> dict[Place, int]:
    """The collections at places of one depth, whose parents have the given ids."""
    parents = {place: ids.get(place[:-1]) for place in places}
    known = _known(parents)
    missing = {(parents[place], place[-1].lower()): place for place in places if place not in known}
    Collection.objects.bulk_create(
        [Collection(parent_id=parents[place], name=place[-1]) for place in missing.values()],
        ignore_conflicts=True,
    )
    return known | _known({place: parents[place] for place in places if place not in known})


def _known(parents: dict[Place, int | None]) -> dict[Place, int]:
    if not parents:
        return {}
    # Lowered by Postgres on both sides: its idea of case is the one of the unique constraint.
    lowered: Any = Collection.objects.annotate(_lowered=Lower("name"))
    rows = lowered.filter(Q(parent__in={pk for pk in parents.values() if pk}) | Q(parent=None))
    rows = rows.filter(_lowered__in=[Lower(Value(place[-1])) for place in parents])
    by_place = {
        (parent, name.lower()): pk for pk, parent, name in rows.values_list("pk", "parent_id", "name")
    }
    found = {place: by_place.get((parent, place[-1].lower())) for place, parent in parents.items()}
    return {place: pk for place, pk in found.items() if pk}
