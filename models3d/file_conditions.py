"""Fields of the search box that ask something of one file: each becomes a condition on ModelFile."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce

from models3d.query_language.nodes import Field, Range, Text

# The column that a number is compared with. Expressions have an index of their own, see ModelFile.
_COLUMNS: Final = {
    "x": "size_x_mm",
    "y": "size_y_mm",
    "z": "size_z_mm",
    "volume": "volume_mm3",
    "area": "area_mm2",
    "triangles": "triangle_count",
    "bodies": "body_count",
    "holes": "hole_count",
    "layer": "layer_height_mm",
    "time": "print_seconds",
}
_EXPRESSIONS: Final[dict[str, Callable[[], Any]]] = {
    "grams": lambda: Coalesce("filament_grams", "estimated_filament_grams"),
    "resin": lambda: Coalesce("resin_ml", "estimated_resin_ml") * 1000.0,
    "overhang": lambda: F("overhang_45_mm2") * 100.0 / Func(F("area_mm2"), 0.0, function="NULLIF"),
}
_TEXTS: Final = {"material": "material", "printer": "printer_name", "slicer": "slicer"}

FILE_FIELDS: Final = frozenset({*_COLUMNS, *_EXPRESSIONS, *_TEXTS, "hash"})


def file_condition(field: Field, alias: str) -> tuple[dict[str, Any], Q]:
    """Return what files fulfill: expressions to add under names that begin with `alias`, and a condition that uses them."""
    value = field.value
    if isinstance(value, Range):
        if field.name in _EXPRESSIONS:
            return {alias: _EXPRESSIONS[field.name]()}, in_range(alias, value)
        return {}, in_range(_COLUMNS[field.name], value)
    assert isinstance(value, Text)
    if field.name == "hash":
        digits = value.text.lower()
        # Between it and the letter after the last digit: an index range, whatever the collation.
        return {}, Q(sha256__gte=digits, sha256__lt=f"{digits}g")
    lookup = "iexact" if value.is_exact else "icontains"
    column = _TEXTS[field.name]
    # The second is what lets the index of sliced files answer.
    return {}, Q(**{f"{column}__{lookup}": value.text}) & ~Q(**{column: ""})


def in_range(column: str, value: Range) -> Q:
    """Rows whose `column` lies within; unknown values do not."""
    found = Q(**{f"{column}__isnull": False})
    if value.low is not None:
        found &= Q(**{f"{column}__{'gte' if value.includes_low else 'gt'}": value.low})
    if value.high is not None:
        found &= Q(**{f"{column}__{'lte' if value.includes_high else 'lt'}": value.high})
    return found
