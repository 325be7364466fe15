"""Shapes: finding the nearest of many, founding one, and counting duplicate groups among them."""

import random
from collections.abc import Iterator
from typing import Final

from django.contrib.auth import get_user_model
from django.db import connection

from benchmarks.figures import Figure, milliseconds_of
from benchmarks.rows import make_rows
from models3d.audience import audience_of
from models3d.duplicates import groups_for
from models3d.models import ModelFile
from models3d.shapes import settle_shapes
from models3d.similar import likeness_of, similar_to

_REPEAT: Final = 100
_FILES_PER_MODEL: Final = 4

# How far the invariants of 160 real meshes are spread in each direction (square roots of the principal variances).
_SPREADS: Final = (
    0.84,
    0.5,
    0.26,
    0.23,
    0.18,
    0.14,
    0.12,
    0.11,
    0.08,
    0.05,
    0.03,
    0.03,
    0.03,
    0.02,
    0.005,
    0,
    0,
)
_COPY_SHAPES: Final = """
COPY models3d_shape (id, invariants, histogram, chirality, scale_mm, is_symmetric, family_id, likeness_id) FROM STDIN
"""
# One file to a shape; the content of every third is that of the file before it.
_FILES: Final = """
UPDATE models3d_modelfile file SET shape_id = shape.id, shape_invariants = shape.invariants,
  shape_histogram = shape.histogram, shape_chirality = shape.chirality, shape_scale_mm = shape.scale_mm,
  sha256 = CASE WHEN place % 3 = 0 THEN sha256_before ELSE file.sha256 END
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, lag(sha256) OVER (ORDER BY id) AS sha256_before
      FROM models3d_modelfile) AS numbered
JOIN models3d_shape shape ON shape.id = place
WHERE file.id = numbered.id
"""
_RESTART: Final = (
    "SELECT setval(pg_get_serial_sequence('models3d_shape', 'id'), (SELECT max(id) FROM models3d_shape))"
)


def run(shape_count: int) -> Iterator[Figure]:
    """Measure with `shape_count` shapes, each of one file."""
    library = make_rows(shape_count // _FILES_PER_MODEL)
    with connection.cursor() as cursor:
        with cursor.copy(_COPY_SHAPES) as copy:
            for row in _iter_shapes(shape_count):
                copy.write_row(row)
        cursor.execute(_FILES)
        cursor.execute(_RESTART)
        cursor.execute("VACUUM ANALYZE")
    audience = audience_of(get_user_model().objects.create_superuser("comparer"))
    files = iter(random.Random(1).sample(list(library.files.all()[:shape_count]), 4 * _REPEAT))

    def nearest() -> None:
        likeness = likeness_of(next(files))
        assert likeness is not None
        assert similar_to(likeness, audience, limit=8)

    median, slowest = milliseconds_of(nearest, repeat=_REPEAT)
    what = f"models nearest in shape, {shape_count:,} shapes"
    yield Figure(f"{what}, p50", median, "ms", target=20)
    yield Figure(f"{what}, p95", slowest, "ms")

    def settle() -> None:
        file = next(files)
        changed = [value * 1.01 for value in file.shape_invariants or []]
        ModelFile.objects.filter(pk=file.pk).update(shape=None, shape_invariants=changed)
        assert settle_shapes() == 1

    median, _ = milliseconds_of(settle, repeat=_REPEAT)
    yield Figure(f"finding or founding the shape of a file, {shape_count:,} shapes, p50", median, "ms")
    for alikeness in ("same_file", "same_shape"):
        median, _ = milliseconds_of(lambda: groups_for(audience, alikeness), repeat=10)  # noqa: B023  # used at once
        yield Figure(f"page of 24 groups, {alikeness}, {shape_count:,} files, p50", median, "ms")
    library.delete()


def _iter_shapes(count: int) -> Iterator[tuple[object, ...]]:
    """Rows of shapes as varied as those of real meshes; every tenth is another one enlarged."""
    import numpy as np  # heavy, and needed by this function only

    random = np.random.default_rng(1)
    directions, _ = np.linalg.qr(random.normal(size=(17, 17)))
    invariants = 1 + random.normal(size=(count, 17)) * _SPREADS @ directions
    widths = random.uniform(1.2, 3.0, count)
    bins = np.arange(1, 65) / 16
    for place in range(count):
        number, family = place + 1, place if place % 10 == 9 else place + 1
        histogram = (10_000 * np.minimum(bins / widths[family - 1], 1) ** 2).astype(int).tolist()
        scale_mm = 10 + family % 90 * (1.5 if family != number else 1.0)
        yield number, invariants[family - 1].tolist(), histogram, 0.01, scale_mm, False, family, family
