"""More like this: the models whose meshes are nearest in shape to one mesh."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import F

from models3d.audience import Audience
from models3d.cards import CARD_FIELDS, card
from models3d.models import Model3D, ModelFile
from models3d.shapes import Likeness, nearest_shapes

# Beyond this hardly a pair of a mixed collection was called alike by eye (docs/duplicates.md).
_FARTHEST: Final = 0.04
# Some of the nearest shapes belong to the model itself, or to nobody who may be seen.
_SHAPES: Final = 30

_NEAREST_FILES: Final = """
SELECT DISTINCT ON (file.model_id) file.model_id, file.id, near.distance
FROM unnest(%(shapes)s::bigint[], %(distances)s::float8[]) AS near(shape_id, distance)
JOIN models3d_modelfile file ON file.shape_id = near.shape_id
WHERE file.missing_since IS NULL AND file.put_aside_at IS NULL AND file.model_id IS NOT NULL
  AND file.library_id = ANY(%(libraries)s)
  AND file.model_id IS DISTINCT FROM %(besides)s
ORDER BY file.model_id, near.distance, file.id
"""


@dataclass(frozen=True, slots=True)
class NearModel:
    """A model, its file that is nearest in shape, and how far that is, as `models3d.shapes.nearest_shapes` measures."""

    model_id: int
    file_id: int
    distance: float


def likeness_of(file: ModelFile) -> Likeness | None:
    """What is compared of a file; None where no shape was found in it."""
    if file.shape_invariants is None or file.shape_histogram is None:
        return None
    return Likeness(
        file.shape_invariants, file.shape_histogram, file.shape_chirality or 0.0, file.shape_scale_mm or 0.0
    )


def similar_to(
    likeness: Likeness, audience: Audience, *, limit: int, besides: int | None = None
) -> list[NearModel]:
    """Models in libraries of the audience with a mesh that is alike, nearest first, at most one entry a model.

    `likeness` may be that of a file of a library or of any other mesh; `besides` is a model that is left out.
    """
    shapes = nearest_shapes(likeness, limit=_SHAPES, farthest=_FARTHEST)
    values: dict[str, Any] = {
        "shapes": [number for number, _ in shapes],
        "distances": [distance for _, distance in shapes],
        "libraries": [library.pk for library in audience.libraries],
        "besides": besides,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST_FILES, values)
        found = [NearModel(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda near: (near.distance, near.model_id))[:limit]


def similar_cards(model: Model3D, audience: Audience, *, asked: str, limit: int) -> list[dict[str, Any]]:
    """Cards of the models most like this one: like the file asked for by number, else its largest mesh."""
    file = mesh_to_compare(model, asked)
    likeness = likeness_of(file) if file else None
    if likeness is None:
        return []
    # Twice as many, as sensitive ones may be left out.
    near = similar_to(likeness, audience, limit=2 * limit, besides=model.pk)
    place = {one.model_id: number for number, one in enumerate(near)}
    rows: Any = audience.models.filter(pk__in=place).values(*CARD_FIELDS, "id")
    ordered = sorted(rows, key=lambda row: place[row["id"]])[:limit]
    blurs, units = audience.blurs_sensitive, audience.user.units
    return [card(row, units=units, blurs_sensitive=blurs, is_eager=False) for row in ordered]


def mesh_to_compare(model: Model3D, asked: str) -> ModelFile | None:
    """The file asked for by number, else the largest mesh that shows the thing itself; None where no shape is known."""
    files = ModelFile.objects.present().filter(model=model, shape__isnull=False)
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 19
    chosen = files.filter(pk=int(asked)).first() if is_number else None
    by_area = files.order_by(F("area_mm2").desc(nulls_last=True), "id")
    return chosen or by_area.exclude(role=ModelFile.Role.SUPPORTED).first() or by_area.first()
