"""Fields of the search box that ask something of the model as a whole: each becomes a condition on Model3D."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.contrib.postgres.aggregates import BoolAnd
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Least, Now
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from collections_app.models import Creator, Tag
from libraries.models import Library
from models3d import kinds
from models3d.beds import Sides
from models3d.file_conditions import in_range
from models3d.models import Mark, Model3D, ModelFile
from models3d.prints.printers import bed_called
from models3d.query_language.nodes import Age, Box, Days, Field, Flag, Range, Text
from models3d.query_language.words import words_of
from models3d.search import matching, search_query

_COLUMNS: Final = {"size": "largest_size_mm", "files": "file_count", "bytes": "total_bytes"}

_COLLECTIONS_BELOW: Final = """
WITH RECURSIVE below(id) AS (
  SELECT id FROM collections_app_collection WHERE name ILIKE %s
  UNION SELECT child.id FROM collections_app_collection child JOIN below ON child.parent_id = below.id)
SELECT id FROM below
"""


def model_condition(field: Field, user: Any) -> Q:
    """What models fulfill; `user` is whose favourites and ratings count."""
    value = field.value
    if isinstance(value, Range):
        if field.name == "rating":
            return Q(pk__in=Mark.objects.filter(in_range("rating", value), user=user).values("model"))
        return in_range(_COLUMNS[field.name], value)
    if isinstance(value, Days | Age):
        return _added(value)
    if isinstance(value, Box):
        return fitting(value.sides_mm)
    if isinstance(value, Flag):
        return _flag(field.name, value, user)
    if field.name == "fits":
        bed = bed_called(value.text, user=user)
        return fitting(bed.sides_mm) if bed else Q(pk__in=[])
    return _TEXTS[field.name](value)


def _added(value: Days | Age) -> Q:
    if isinstance(value, Age):
        moment = Now() - timedelta(days=value.days)
        return Q(added_at__lt=moment) if value.is_older else Q(added_at__gte=moment)
    found = Q()
    if value.first:
        found &= Q(added_at__gte=_midnight(value.first))
    if value.end:
        found &= Q(added_at__lt=_midnight(value.end))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def fitting(sides_mm: Sides) -> Q:
    """Models of which at least one mesh is measured and none is too large for the room, turned as is best by right angles.

    The figures of the model, which are those of its largest mesh, tell most of it. The look at all its meshes is a value and
    no condition, so that Postgres looks at those of one model after the other, and not at all meshes there are.
    """
    measured = ModelFile.objects.present().filter(model=OuterRef("pk"), size_x_mm__isnull=False)
    every = BoolAnd(_fits_in(sides_mm))
    fits = measured.order_by().values("model").annotate(fits=every).values("fits")
    return Q(_fits_in(sides_mm), Subquery(fits), largest_size_mm__lte=sides_mm[2])


def _fits_in(sides_mm: Sides) -> Q:
    sides = (F("size_x_mm"), F("size_y_mm"), F("size_z_mm"))
    shortest, middle, longest = sides_mm
    middle_side = sides[0] + sides[1] + sides[2] - Least(*sides) - Greatest(*sides)
    return Q(
        LessThanOrEqual(Least(*sides), shortest),
        LessThanOrEqual(middle_side, middle),
        LessThanOrEqual(Greatest(*sides), longest),
    )


def _flag(name: str, value: Flag, user: Any) -> Q:
    if name == "favourite":
        found = Q(pk__in=Mark.objects.filter(user=user, is_favorite=True).values("model"))
        return found if value.is_yes else ~found
    column = {"watertight": "is_watertight", "sensitive": "is_sensitive"}[name]
    return Q(**{column: value.is_yes})


def _named(rows: QuerySet[Any], value: Text, *, is_whole: bool) -> QuerySet[Any]:
    """Rows called so; `*` at either end stands for anything. Without it, a part of the name does unless `is_whole`."""
    text = value.text.strip("*")
    begins, ends = value.text.endswith("*") or value.is_open, value.text.startswith("*")
    if not text:
        return rows
    if (begins and ends) or not (begins or ends or is_whole or value.is_exact):
        return rows.filter(name__icontains=text)
    if begins and is_whole:
        return rows.filter(name__istartswith=text)
    return rows.filter(**{f"name__{'icontains' if begins else 'iendswith' if ends else 'iexact'}": text})


def _tag(value: Text) -> Q:
    tagged = Model3D.tags.through.objects.filter(tag__in=_named(Tag.objects.all(), value, is_whole=True))
    return Q(pk__in=tagged.values("model3d_id"))


def _creator(value: Text) -> Q:
    return Q(creator__in=_named(Creator.objects.all(), value, is_whole=False))


def _library(value: Text) -> Q:
    return Q(library__in=_named(Library.objects.all(), value, is_whole=False))


def _collection(value: Text) -> Q:
    """Models in a collection of that name, or in one below it."""
    text = re.sub(r"([\\%_])", r"\\\1", value.text.strip("*"))
    pattern = text if value.is_exact else f"%{text}%"
    links = Model3D.collections.through.objects.filter(collection__in=RawSQL(_COLLECTIONS_BELOW, [pattern]))
    return Q(pk__in=links.values("model3d_id"))


def _licence(value: Text) -> Q:
    if value.text.lower() == "none":
        return Q(license="")
    lookup = "iexact" if value.is_exact else "istartswith"
    return Q(**{f"license__{lookup}": value.text.strip("*")}) & ~Q(license="")


def _path(value: Text) -> Q:
    """Models with these words side by side in their path or a file's name: the word index finds them, then they are compared."""
    words = words_of(value.text)
    found = Q(file_words__icontains=value.text.strip("*"))
    return matching(search_query(f"'{words}':*")) & found if words else found


def _has(value: Text) -> Q:
    word = value.text
    if word in _THINGS:
        return _THINGS[word]()
    extensions = kinds.extensions_of(word) or [word]
    return Q(formats__overlap=extensions)


_THINGS: Final[dict[str, Callable[[], Q]]] = {
    "picture": lambda: ~Q(cover_sha256=""),
    "notes": lambda: ~Q(notes=""),
    "licence": lambda: ~Q(license=""),
    "license": lambda: ~Q(license=""),
    "creator": lambda: Q(creator__isnull=False),
    "tags": lambda: ~Q(tag_words=""),
    "collection": lambda: Q(Exists(Model3D.collections.through.objects.filter(model3d=OuterRef("pk")))),
    "links": lambda: ~Q(links=[]),
    "problems": lambda: _problem(Text("any")),
    "supported": lambda: Q(
        Exists(ModelFile.objects.present().filter(model=OuterRef("pk"), role=ModelFile.Role.SUPPORTED))
    ),
}


def _in(value: Text) -> Q:
    members = ModelFile.objects.present().filter(model=OuterRef("pk"), archive__isnull=False)
    if value.text != "archive":
        members = members.filter(archive__extension__startswith=value.text)
    return Q(Exists(members))


def _problem(value: Text) -> Q:
    """Models with an open problem. The rows belong to the room above, hence by the name of the relation."""
    wrong = Model3D.objects.filter(problems__ignored_at=None, problems__isnull=False)
    if value.text != "any":
        wrong = wrong.filter(problems__kind=value.text, problems__ignored_at=None)
    return Q(pk__in=wrong.order_by().values("pk"))


_TEXTS: Final[dict[str, Callable[[Text], Q]]] = {
    "tag": _tag,
    "creator": _creator,
    "library": _library,
    "collection": _collection,
    "licence": _licence,
    "path": _path,
    "has": _has,
    "in": _in,
    "problem": _problem,
}
