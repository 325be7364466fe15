"""What may be meant while somebody types into the search box: fields, and names of what they may see."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from collections_app.models import Collection, Creator, Tag
from models3d.audience import Audience
from models3d.findings import KINDS
from models3d.models import Model3D
from models3d.query_language.fields import FIELDS, FieldInfo, field_of
from models3d.query_language.printing import field_text

_MOST: Final = 8
# Names are offered once this much is typed: one letter begins too many.
_LEAST_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`fill` is the whole search with this in place of what is being typed; `text` and `about` say what it is."""

    fill: str
    text: str
    about: str


def suggestions(typed: str, audience: Audience) -> list[Suggestion]:
    """Up to eight suggestions for the end of `typed`; none where a word is complete."""
    before, last = _last_term(typed)
    minus = "-" if last.startswith("-") else ""
    name, colon, part = last.removeprefix("-").partition(":")
    part = part.strip('"')
    field = field_of(name) if colon else None
    if colon and field is None:
        return []
    found = _values(field, part, audience) if field else _fields(name) + _names(name, audience)
    return [Suggestion(f"{before}{minus}{one.fill}", f"{minus}{one.text}", one.about) for one in found][
        :_MOST
    ]


def _last_term(typed: str) -> tuple[str, str]:
    """What is typed, cut before its last term; blanks inside quotes do not end one."""
    is_quoted, start = False, 0
    for place, letter in enumerate(typed):
        if letter == '"':
            is_quoted = not is_quoted
        elif (letter.isspace() or letter in "()") and not is_quoted:
            start = place + 1
    return typed[:start], typed[start:]


def _fields(begun: str) -> list[Suggestion]:
    if not begun:
        return []
    return [
        Suggestion(f"{field.name}:", f"{field.name}:", field.about)
        for field in FIELDS.values()
        if any(name.startswith(begun.lower()) for name in (field.name, *field.others))
    ]


def _names(begun: str, audience: Audience) -> list[Suggestion]:
    if len(begun) < _LEAST_LETTERS:
        return []
    found = []
    for field in (FIELDS["tag"], FIELDS["creator"], FIELDS["collection"]):
        found += _values(field, begun, audience)[:3]
    return found


def _values(field: FieldInfo, begun: str, audience: Audience) -> list[Suggestion]:
    if field.kind != "name":
        words = (
            ("any", *KINDS)
            if field.name == "problem"
            else ("yes", "no")
            if field.kind == "flag"
            else field.words
        )
        texts = [f"{field.name}:{word}" for word in words if word.startswith(begun.lower())]
        texts = texts or [text for text in field.examples if text.startswith(f"{field.name}:{begun}")]
        return [Suggestion(f"{text} ", text, field.about) for text in texts]
    names = _names_of(field.name, begun, audience)
    texts = [field_text(field.name, name) for name in names]
    return [Suggestion(f"{text} ", text, field.about) for text in texts]


def _names_of(field: str, begun: str, audience: Audience) -> list[str]:
    if field == "library":
        return [one.name for one in audience.libraries if begun.lower() in one.name.lower()]
    if field == "licence":
        licences = audience.models.exclude(license="").filter(license__istartswith=begun)
        return list(licences.order_by("license").values_list("license", flat=True).distinct()[:_MOST])
    rows: QuerySet[Any]
    if field == "tag":
        links: Any = Model3D.tags.through.objects.filter(tag=OuterRef("pk"))
        rows = Tag.objects.order_by("-model_count", "name")
    elif field == "creator":
        links = None
        rows = Creator.objects.order_by("-model_count", "name")
    elif field == "collection":
        links = Model3D.collections.through.objects.filter(collection=OuterRef("pk"))
        rows = Collection.objects.order_by("name")
    else:
        return []
    if not audience.sees_all:
        seen = (
            audience.models.filter(creator=OuterRef("pk"))
            if links is None
            else links.filter(model3d__in=audience.models)
        )
        rows = rows.filter(Exists(seen))
    starting = list(rows.filter(name__istartswith=begun).values_list("name", flat=True)[:_MOST])
    if len(starting) == _MOST or not begun:
        return starting
    inside = rows.filter(name__icontains=begun).exclude(name__istartswith=begun)
    return starting + list(inside.values_list("name", flat=True)[: _MOST - len(starting)])
