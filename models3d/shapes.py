"""Shapes: which files have the same one, and which shapes are near to one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

# Copies that were moved, turned, scaled, exported anew or subdivided differ by less in every invariant.
SAME_INVARIANTS: Final = 1e-4
# Rounded coordinates change a size by less than this; people scale by more.
SAME_SCALE: Final = 5e-4
# Smaller ones are rounding: the shape is its own mirror image.
LEAST_CHIRALITY: Final = 1e-7
# Mirror images have chiralities that differ by less but for the sign; those of rounding differ by more.
_SAME_CHIRALITY: Final = 0.2

# What looks alike, for a person to judge: thinned and repaired copies, and variants with another label or cover
# (docs/duplicates.md has the figures).
_ALIKE_INVARIANTS: Final = 0.1
_ALIKE_HISTOGRAM: Final = 0.01
_ALIKE_SCALE: Final = 0.02

# The norm of the third moments, which vanish where every point has one opposite.
_SKEWNESS: Final = 5
_SYMMETRIC: Final = 1e-3

# Settling is one at a time in the whole database, or two workers would found the same shape twice.
_LOCK: Final = 0x4C53_5348
_BATCH: Final = 200

# Mean difference of two cumulated histograms, in root mean square radii: 10,000 pairs, 16 bins to the radius.
_HISTOGRAM_DISTANCE: Final = (
    "(cube(shape.histogram::float8[]) <#> cube(%(histogram)s::smallint[]::float8[])) / 160000"
)

_UNSETTLED: Final = """
SELECT id, shape_invariants, shape_histogram, shape_chirality, shape_scale_mm FROM models3d_modelfile
WHERE shape_histogram IS NOT NULL AND shape_id IS NULL ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
"""
_SAME: Final = """
SELECT id, family_id, scale_mm, chirality FROM models3d_shape
WHERE cube(invariants) <@ cube(%(low)s::float8[], %(high)s::float8[]) ORDER BY id
"""
_ALIKE: Final = f"""
SELECT id FROM (
  SELECT id, {_HISTOGRAM_DISTANCE} AS distance FROM models3d_shape shape
  WHERE cube(invariants) <@ cube(%(low)s::float8[], %(high)s::float8[])
    AND likeness_id = id AND scale_mm BETWEEN %(smaller)s AND %(larger)s) AS near
WHERE distance < %(most)s ORDER BY distance LIMIT 1
"""
# The key is drawn beforehand: a shape that stands for itself names itself.
_FOUND: Final = """
WITH drawn AS (SELECT nextval(pg_get_serial_sequence('models3d_shape', 'id')) AS id)
INSERT INTO models3d_shape
  (id, invariants, histogram, chirality, scale_mm, is_symmetric, family_id, likeness_id)
SELECT id, %(invariants)s, %(histogram)s, %(chirality)s, %(scale_mm)s, %(is_symmetric)s,
  coalesce(%(family)s, id), coalesce(%(likeness)s, id) FROM drawn RETURNING id
"""
_FORGET: Final = """
DELETE FROM models3d_shape shape
WHERE NOT EXISTS (SELECT FROM models3d_modelfile file WHERE file.shape_id = shape.id)
  AND NOT EXISTS (SELECT FROM models3d_shape other WHERE other.family_id = shape.id AND other.id <> shape.id)
  AND NOT EXISTS (SELECT FROM models3d_shape other WHERE other.likeness_id = shape.id AND other.id <> shape.id)
"""
# The index finds candidates by the invariants; the histogram then has a say in their order.
_NEAREST: Final = f"""
SELECT id, distance FROM (
  SELECT id, (cube(invariants) <#> cube(%(invariants)s::float8[])) / 17 + {_HISTOGRAM_DISTANCE} AS distance
  FROM (
    SELECT id, invariants, histogram FROM models3d_shape WHERE {{condition}}
    ORDER BY cube(invariants) <=> cube(%(invariants)s::float8[]) LIMIT %(candidates)s) AS shape) AS near
WHERE distance < %(farthest)s ORDER BY distance, id LIMIT %(limit)s
"""
# Without a further condition, and a bound for one that few rows meet: the index is then walked from the nearest on, and
# only as far as needed.
_NEAREST_ANY: Final = _NEAREST.format(condition="NOT is_symmetric")
_NEAREST_SYMMETRIC: Final = _NEAREST.format(
    condition="cube(invariants) <@ cube(%(low)s::float8[], %(high)s::float8[]) AND is_symmetric"
    " AND scale_mm BETWEEN %(smaller)s AND %(larger)s"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared of a mesh: the values of models3d.meshes.fingerprint and models3d.meshes.histogram."""

    invariants: Sequence[float]
    histogram: Sequence[int]
    chirality: float
    scale_mm: float

    @property
    def is_symmetric(self) -> bool:
        """Whether every point has an opposite one, as in balls, boxes, tubes and rings."""
        return self.invariants[_SKEWNESS] < _SYMMETRIC


def is_mirrored(one: float, other: float) -> bool:
    """Whether two chiralities are those of mirror images.

    >>> is_mirrored(0.01, -0.01), is_mirrored(0.01, 0.01), is_mirrored(2e-6, -1e-7)
    (True, False, False)
    """
    smaller, larger = sorted((abs(one), abs(other)))
    return one * other < 0 and smaller > max(LEAST_CHIRALITY, (1 - _SAME_CHIRALITY) * larger)


def is_same_scale(one: float, other: float) -> bool:
    """Whether two sizes are the same but for rounding.

    >>> is_same_scale(100, 100.01), is_same_scale(100, 101)
    (True, False)
    """
    return abs(one - other) <= SAME_SCALE * max(one, other)


def settle_shapes() -> int:
    """Give every measured file its shape, found or founded; return how many got one. Safe to call at any time."""
    total = 0
    while settled := _settle_batch():
        total += settled
    return total


def forget_unused_shapes() -> int:
    """Delete the shapes that no file has and that stand for no other; return how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_FORGET)
        return int(cursor.rowcount)


def nearest_shapes(likeness: Likeness, *, limit: int, farthest: float) -> list[tuple[int, float]]:
    """Numbers and distances of the shapes nearest to one, nearest first, itself included; none beyond `farthest`.

    A distance is the mean difference of the invariants plus that of the histograms: below 1e-4 for the same shape,
    0.05 is still alike. Symmetric shapes are near to symmetric ones of their own size only.
    """
    asked = {"candidates": 2 * limit, "farthest": farthest, "limit": limit}
    values = _values(likeness) | _box(likeness, _ALIKE_INVARIANTS) | asked
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST_SYMMETRIC if likeness.is_symmetric else _NEAREST_ANY, values)
        return [(number, distance) for number, distance in cursor.fetchall()]


def _settle_batch() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_UNSETTLED, {"limit": _BATCH})
        settled = [(_shape_for(Likeness(*row[1:]), cursor), row[0]) for row in cursor.fetchall()]
        cursor.executemany("UPDATE models3d_modelfile SET shape_id = %s WHERE id = %s", settled)
    return len(settled)


def _shape_for(likeness: Likeness, cursor: CursorWrapper) -> int:
    """The number of the shape of a mesh; founded if it is the first of its kind."""
    cursor.execute(_SAME, _box(likeness, SAME_INVARIANTS))
    family: int | None = None
    for number, its_family, scale_mm, chirality in cursor.fetchall():
        is_as_large = is_same_scale(scale_mm, likeness.scale_mm)
        if is_as_large and not is_mirrored(chirality, likeness.chirality):
            return int(number)
        if is_as_large or not likeness.is_symmetric:
            family = its_family if family is None else family
    cursor.execute(_ALIKE, _values(likeness) | _box(likeness, _ALIKE_INVARIANTS))
    alike = cursor.fetchone()
    founded = _values(likeness) | {
        "chirality": likeness.chirality,
        "scale_mm": likeness.scale_mm,
        "family": family,
        "likeness": alike[0] if alike else None,
    }
    cursor.execute(_FOUND, founded)
    return int(cursor.fetchone()[0])


def _values(likeness: Likeness) -> dict[str, Any]:
    return {
        "invariants": list(likeness.invariants),
        "histogram": list(likeness.histogram),
        "is_symmetric": likeness.is_symmetric,
        "smaller": likeness.scale_mm * (1 - _ALIKE_SCALE),
        "larger": likeness.scale_mm * (1 + _ALIKE_SCALE),
        "most": _ALIKE_HISTOGRAM,
    }


def _box(likeness: Likeness, half: float) -> dict[str, Any]:
    return {
        "low": [value - half for value in likeness.invariants],
        "high": [value + half for value in likeness.invariants],
    }
