"""Lists of tags and of creators as one person may see them, a page at a time."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef

from collections_app.models import Tag
from config.lib.keyset import BadCursor, decode_cursor, encode_cursor, row_after
from models3d.audience import Audience

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Rows, most used first where everything may be seen, else by name; `next` is the cursor of the following page."""

    rows: list[Any]
    next: str
    has_counts: bool


def group_page(groups: Any, audience: Audience, *, typed: str, after: str) -> GroupPage:
    """Those of `groups`, tags or creators, whose name holds what was typed.

    The counters on the rows tell of all models: they are shown, and ordered by, only where none is hidden.
    """
    has_counts = audience.sees_all and not audience.hides_sensitive
    columns, types = (["model_count", "id"], [int, int]) if has_counts else (["name", "id"], [str, int])
    found = visible_groups(groups, audience).filter(name__icontains=typed)
    found = found.order_by(*(f"-{column}" if has_counts else column for column in columns))
    if after:
        try:
            found = found.filter(row_after(columns, decode_cursor(after, types=types), descending=has_counts))
        except BadCursor:
            after = ""
    rows = list(found[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    cursor = encode_cursor([getattr(last, column) for column in columns]) if last else ""
    return GroupPage(rows[:PAGE], cursor, has_counts)


def visible_groups(groups: Any, audience: Audience) -> Any:
    """Those of `groups`, tags or creators, that are on a model this audience may see; all where nothing is hidden."""
    if audience.sees_all:
        return groups.all()
    link = "tags" if groups.model is Tag else "creator"
    return groups.filter(Exists(audience.models.filter(**{link: OuterRef("pk")})))
