"""Suggestions while somebody types the name of a tag, creator, collection or licence. They tell of visible models only."""

from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from collections_app.models import Collection, Creator, Tag
from collections_app.tree import BETWEEN, path_of, trails
from models3d.audience import Audience
from models3d.licenses import identifiers
from models3d.models import Model3D

_SHOWN: Final = 20


def suggestions(kind: str, typed: str, audience: Audience) -> list[str]:
    """What the text box of this kind may become; for tags, what stands before the last comma is kept."""
    if kind == "tags":
        before, comma, last = typed.rpartition(",")
        start = f"{before}{comma} " if comma else ""
        return [f"{start}{name}" for name in _names(Tag.objects, last.strip(), audience)]
    if kind == "creators":
        return _names(Creator.objects, typed.strip(), audience)
    if kind == "collections":
        return _places(typed.rpartition(BETWEEN)[2].strip(), audience)
    wanted = typed.strip().lower()
    return [one for one in identifiers() if wanted in one.lower()][:_SHOWN]


def _names(rows: Any, typed: str, audience: Audience) -> list[str]:
    found = rows.filter(Q(name__istartswith=typed) | Q(name__icontains=f" {typed}"))
    if not audience.sees_all:
        through = Model3D.objects.filter(pk__in=audience.models.values("pk"))
        link = "tags" if rows.model is Tag else "creator"
        found = found.filter(Exists(through.filter(**{link: OuterRef("pk")})))
    return list(found.order_by("-model_count", "name").values_list("name", flat=True)[:_SHOWN])


def _places(typed: str, audience: Audience) -> list[str]:
    found = Collection.objects.filter(name__icontains=typed).order_by("name")
    if not audience.sees_all:
        found = found.filter(Exists(audience.models.filter(collections=OuterRef("pk"))))
    ways = trails(list(found.values_list("pk", flat=True)[:_SHOWN]))
    return sorted(path_of(way) for way in ways.values())
