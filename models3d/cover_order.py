"""Which file's picture stands for a model: the rule, as terms to sort by."""

from typing import Any, Final

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Sqrt
from django.db.models.lookups import Exact, IRegex

# Pictures that somebody made to stand for the model, told by their names; the first ones sooner than the others.
_COVER: Final = "(cover|hero)"
_PREVIEW: Final = "(preview|render|thumb|main|title)"

# Words that name a thing which comes with the one that people look for.
_ACCESSORY: Final = (
    r"\m(base|stand|support|raft|brim|sprue|test|sample|swatch|calibration|jig|spacer|washer|screw|bolt|nut|peg|pin|plug|magnet)"
    r"s?\d*\M"
)

# Terms over `present` (files with `file_name`) and `wanted` (their models). Pictures named as covers come first, then
# meshes, then sliced and CAD files, then other pictures. Among meshes an accessory comes last, unless its word is in the
# name of the model (of a “Headphone stand” the stand is the thing), and one with supports after one without. What is left
# is decided by detail: many triangles stand for a figure, few for its base, and a screw with its fine thread is small.
COVER_ORDER: Final = rf"""
    present.id = wanted.cover_id DESC NULLS LAST,
    CASE WHEN present.kind = 'image' AND present.file_name ~* '{_COVER}' THEN 0
         WHEN present.kind = 'image' AND present.file_name ~* '{_PREVIEW}' THEN 1
         WHEN present.kind = 'mesh' THEN 2 WHEN present.kind IN ('cad', 'sliced') THEN 3 ELSE 4 END,
    coalesce(strpos(lower(wanted.name), lower(substring(layershelf_words(
      CASE WHEN starts_with(present.relative_path, wanted.relative_path || '/')
           THEN substr(present.relative_path, length(wanted.relative_path) + 2) ELSE present.file_name END
    ) FROM '(?i){_ACCESSORY}'))) = 0, false),
    present.role = 'supported',
    present.triangle_count * sqrt(present.area_mm2) DESC NULLS LAST,
    present.id"""


def best_mesh_first() -> list[Any]:
    """Terms for `order_by` of files: the mesh to look at first, by the same rule as far as a single row can tell."""
    file_name = Func(F("relative_path"), Value("^.*/"), Value(""), function="regexp_replace")
    words = Func(file_name, function="layershelf_words", output_field=TextField())
    return [
        IRegex(words, Value(_ACCESSORY)),
        Exact(F("role"), Value("supported")),
        (F("triangle_count") * Sqrt("area_mm2")).desc(nulls_last=True),
        "id",
    ]
