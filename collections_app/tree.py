"""Where collections stand in their tree: what is inside them, and what they are inside of."""

from collections.abc import Collection as Ids
from dataclasses import dataclass
from typing import Final

from django.db import connection

# Names from the outermost inwards are written with this between them; no name may hold it.
BETWEEN: Final = " / "

# UNION and not UNION ALL: a circle, which no page can make, then ends by itself.
_SUBTREE: Final = """
WITH RECURSIVE inside (id) AS (
  SELECT unnest(%s::bigint[])
  UNION
  SELECT child.id FROM collections_app_collection child JOIN inside ON child.parent_id = inside.id)
SELECT id FROM inside
"""
_TRAILS: Final = """
WITH RECURSIVE around (of_id, id, depth) AS (
  SELECT of_id, of_id, 0 FROM unnest(%s::bigint[]) AS of_id
  UNION
  SELECT around.of_id, place.parent_id, around.depth + 1 FROM around
  JOIN collections_app_collection place ON place.id = around.id
  WHERE place.parent_id IS NOT NULL AND around.depth < 100)
SELECT around.of_id, place.id, place.name FROM around
JOIN collections_app_collection place ON place.id = around.id ORDER BY around.of_id, around.depth DESC
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One collection on the way from the outermost one inwards."""

    pk: int
    name: str


def subtree_ids(pks: Ids[int]) -> list[int]:
    """Ids of these collections and of all inside them, however deep; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, [list(pks)])
        return [row[0] for row in cursor.fetchall()]


def trails(pks: Ids[int]) -> dict[int, list[Place]]:
    """For each of these collections the way to it from the outermost one, itself included; one query."""
    found: dict[int, list[Place]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TRAILS, [list(pks)])
        for of_pk, pk, name in cursor.fetchall():
            found.setdefault(of_pk, []).append(Place(pk, name))
    return found


def path_of(trail: list[Place]) -> str:
    """A trail as people read and type it.

    >>> path_of([Place(1, "Miniatures"), Place(2, "Dragons")])
    'Miniatures / Dragons'
    """
    return BETWEEN.join(place.name for place in trail)


def names_in(path: str) -> tuple[str, ...]:
    """The names that a typed path is made of, from the outermost inwards; empty where nothing was typed.

    >>> names_in(" Miniatures /  big  Dragons/1/72 "), names_in(" / ")
    (('Miniatures', 'big Dragons/1/72'), ())
    """
    parts = (" ".join(part.replace("\\x00", "").split()) for part in f" {path} ".split(BETWEEN))
    return tuple(part for part in parts if part)
