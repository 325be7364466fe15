"""The orders of the grid, and the page of rows after a given one: an index answers both, however deep the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F

from config.lib.keyset import BadCursor, decode_cursor, encode_cursor, row_after
from models3d.models import Model3D
from models3d.query_language.nodes import Node
from models3d.querysets import Model3DQuerySet
from models3d.search import RANKED_MATCHES, relevance, word_query

DEFAULT_SORT: Final = "newest"
RELEVANCE: Final = "relevance"
# Stands in a cursor for a size that is not known; sizes are never negative.
_UNKNOWN: Final = -1.0


@dataclass(frozen=True, slots=True)
class Sort:
    """One order: what people call it, its column, and the type of the column's value in a cursor."""

    label: str
    column: str
    type: type
    is_descending: bool = True
    may_be_unknown: bool = False


SORTS: Final = {
    DEFAULT_SORT: Sort("Newest", "added_at", str),
    "name": Sort("Name", "sort_name", str, is_descending=False),
    "largest": Sort("Largest", "largest_size_mm", float, may_be_unknown=True),
    "bytes": Sort("Most disk space", "total_bytes", int),
    RELEVANCE: Sort("Best match", "relevance", float),
}


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows as dicts, and the cursor of the page after them: empty at the end."""

    rows: list[dict[str, Any]]
    next: str


def slice_of(
    models: Model3DQuerySet, *, sort: str, words: Node | None, fields: tuple[str, ...], after: str, limit: int
) -> Slice:
    """The `limit` models that follow cursor `after` (empty: the first ones). Raises BadCursor.

    Relevance to the words of the search `words` orders the newest matches only; see `search.RANKED_MATCHES`.
    """
    by = SORTS[sort]
    query = word_query(words)
    if sort == RELEVANCE and query is not None:
        newest = models.order_by("-added_at", "-id").values("pk")[:RANKED_MATCHES]
        models = Model3D.objects.filter(pk__in=newest).annotate(relevance=relevance(query))
    position = decode_cursor(after, types=[by.type, int]) if after else None
    rows = _rows(models, by=by, position=position, fields=(*fields, "id", by.column), wanted=limit + 1)
    return Slice(rows[:limit], _cursor(rows[limit - 1], by) if len(rows) > limit else "")


def _rows(
    models: Model3DQuerySet, *, by: Sort, position: list[Any] | None, fields: tuple[str, ...], wanted: int
) -> list[dict[str, Any]]:
    value, pk = position or (None, None)
    if by.column == "added_at" and value is not None:
        value = _moment(value)
    column = F(by.column).desc(nulls_last=by.may_be_unknown or None) if by.is_descending else F(by.column)
    ordered = models.order_by(column, "-id" if by.is_descending else "id").values(*fields)
    if not by.may_be_unknown:
        following = row_after([by.column, "id"], [value, pk], descending=by.is_descending)
        return list(ordered.filter(following)[:wanted] if position else ordered[:wanted])
    # Unknown values come last. A query of its own for them keeps each an index range; one with OR would be none.
    known, unknown = ordered.filter(**{f"{by.column}__isnull": False}), ordered.filter(**{by.column: None})
    if position and value == _UNKNOWN:
        return list(unknown.filter(id__lt=pk)[:wanted])
    if position:
        known = known.filter(row_after([by.column, "id"], [value, pk], descending=True))
    rows = list(known[:wanted])
    return rows + list(unknown[: wanted - len(rows)]) if len(rows) < wanted else rows


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadCursor("The place to continue from is not readable.") from error
    if moment.tzinfo is None:
        raise BadCursor("The place to continue from is not readable.")
    return moment


def _cursor(row: dict[str, Any], by: Sort) -> str:
    value = row[by.column]
    if isinstance(value, datetime):
        value = value.isoformat()
    return encode_cursor([_UNKNOWN if value is None else value, row["id"]])
