"""The rail of facets: what can be chosen, with how many models each choice would show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from collections_app.models import Collection, Creator, Tag
from collections_app.tree import subtree_ids
from models3d.audience import Audience
from models3d.filters import BrowseFilters
from models3d.kinds import is_model_file
from models3d.querysets import Model3DQuerySet

# Choices are counted over this many of the newest matches; beyond, a count reads “12+”.
COUNTED_MATCHES: Final = 1_000
_SHOWN: Final = 8
_MOST: Final = 24

_TITLES: Final = {
    "favourite": "Mine", "fits": "Size", "library": "Library", "type": "File type", "tag": "Tags", "collection": "Collections",
    "creator": "Creator",
}  # fmt: skip

_FAVOURITES: Final = ("yes", "Favourites")
_FITS: Final = ("mine", "Fits my printer")

_COUNTS: Final = {
    "library": """
      SELECT 'library', library.id::text, library.name, count(*) FROM hits
      JOIN libraries_library library ON library.id = hits.library_id GROUP BY library.id""",
    "type": """
      SELECT 'type', format, upper(format), count(*) FROM hits, unnest(hits.formats) AS format GROUP BY format""",
    "tag": """
      SELECT 'tag', tag.id::text, tag.name, count(*) FROM hits
      JOIN models3d_model3d_tags link ON link.model3d_id = hits.id
      JOIN collections_app_tag tag ON tag.id = link.tag_id GROUP BY tag.id""",
    # Each model counts once for every collection it is in, and for those around it.
    "collection": """
      SELECT 'collection', place.id::text, place.name, count(*) FROM (
        WITH RECURSIVE placed (model_id, id) AS (
          SELECT link.model3d_id, link.collection_id FROM hits
          JOIN models3d_model3d_collections link ON link.model3d_id = hits.id
          UNION
          SELECT placed.model_id, inner_place.parent_id FROM placed
          JOIN collections_app_collection inner_place ON inner_place.id = placed.id
          WHERE inner_place.parent_id IS NOT NULL)
        SELECT * FROM placed) AS placed
      JOIN collections_app_collection place ON place.id = placed.id GROUP BY place.id""",
    "creator": """
      SELECT 'creator', creator.id::text, creator.name, count(*) FROM hits
      JOIN collections_app_creator creator ON creator.id = hits.creator_id GROUP BY creator.id""",
}


@dataclass(slots=True)
class Option:
    """One choice of a facet."""

    value: str
    label: str
    count: int | None = None  # None: not counted yet
    is_chosen: bool = False
    is_capped: bool = False

    @property
    def count_label(self) -> str:
        """The count as people read it: empty where nobody counted, “12+” where counting stopped."""
        return "" if self.count is None else f"{self.count:,}{'+' if self.is_capped and self.count else ''}"


@dataclass(slots=True)
class Facet:
    """A group of choices; `more` are those that stand behind “Show more”."""

    name: str
    title: str
    options: list[Option] = field(default_factory=list)
    more: list[Option] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the page shows its choices at once: creators and collections only where one is chosen."""
        return self.name not in {"creator", "collection"} or any(option.is_chosen for option in self.options)

    @property
    def rows(self) -> list[dict[str, str | bool]]:
        """What `models3d/facet_option.html` shows of the choices that are seen at once."""
        return [self._row(option) for option in self.options]

    @property
    def more_rows(self) -> list[dict[str, str | bool]]:
        """The same of those that stand behind “Show more”."""
        return [self._row(option) for option in self.more]

    def _row(self, option: Option) -> dict[str, str | bool]:
        return {
            "name": self.name,
            "value": option.value,
            "label": option.label,
            "is_chosen": option.is_chosen,
            "count_label": option.count_label,
        }


def stored_facets(filters: BrowseFilters, audience: Audience, *, is_counted: bool) -> list[Facet]:
    """Facets from the counters on the rows, which tell of all models: cheap, and right where nothing is chosen.

    With `is_counted` false the choices come without numbers. A person from whom a library is hidden gets neither tags
    nor creators here: those may tell of models they may not see.
    """
    by_format: dict[str, int] = {}
    for library in audience.libraries:
        for name, count in library.model_counts_by_format.items():
            by_format[name] = by_format.get(name, 0) + count
    found = {
        "favourite": [Option(*_FAVOURITES)],
        "fits": [Option(*_FITS)],
        "library": [Option(str(one.pk), one.name, one.model_count) for one in audience.libraries],
        "type": [Option(name, name.upper(), count) for name, count in by_format.items()],
        "tag": _most_used(Tag.objects.most_used()) if audience.sees_all else [],
        "collection": _outermost() if audience.sees_all else [],
        "creator": _most_used(Creator.objects.most_used()) if audience.sees_all else [],
    }
    facets = [_facet(name, options, filters, audience) for name, options in found.items()]
    if not is_counted:
        for facet in facets:
            for option in (*facet.options, *facet.more):
                option.count = None
    return facets


def counted_facets(filters: BrowseFilters, audience: Audience) -> list[Facet]:
    """Facets counted over the newest COUNTED_MATCHES of the models that fit `filters`.

    Where choices of one facet widen the result (library, type, creator), it is counted as if none of it were chosen.
    """
    found: dict[str, list[Option]] = {name: [] for name in _TITLES}
    chosen = [name for name in ("library", "type", "creator") if getattr(filters, name)]
    found["favourite"] = [Option(*_FAVOURITES)]
    found["fits"] = [Option(*_FITS)]
    looks = [(filters, [name for name in _COUNTS if name not in chosen])]
    looks += [(filters.without(name), [name]) for name in chosen]
    for look, names in looks:
        for name, value, label, count, total in _count(
            look.apply(audience.models, user=audience.user), names
        ):
            found[name].append(Option(value, label, count, is_capped=total > COUNTED_MATCHES))
    return [_facet(name, options, filters, audience) for name, options in found.items()]


def _count(models: Model3DQuerySet, names: list[str]) -> Iterable[tuple[str, str, str, int, int]]:
    newest = models.order_by("-added_at", "-id").values("id", "library_id", "formats", "creator_id")
    try:
        hits, parameters = newest[: COUNTED_MATCHES + 1].query.sql_with_params()
    except EmptyResultSet:  # nothing can fit: no library to see, or no word in the search
        return []
    parts = " UNION ALL ".join(
        f"(SELECT * FROM ({_COUNTS[name]}) AS counted (facet, value, label, models) ORDER BY models DESC LIMIT {_MOST})"
        for name in names
    )
    sql = (
        f"WITH found AS ({hits}), hits AS (SELECT * FROM found LIMIT {COUNTED_MATCHES}), "
        "total AS (SELECT count(*) AS models FROM found) "
        f"SELECT part.*, total.models FROM ({parts}) AS part, total"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _outermost() -> list[Option]:
    rows = Collection.objects.filter(parent=None).order_by("name").values_list("pk", "name")[:_MOST]
    return [Option(str(pk), name) for pk, name in rows]


def _may_know(collection: int, audience: Audience) -> bool:
    """Whether the collection's name tells nothing of models that this audience may not see."""
    if audience.sees_all:
        return True
    inside = subtree_ids([collection])
    return audience.models.filter(collections__in=inside).exists()


def _most_used(rows: Any) -> list[Option]:
    return [
        Option(str(pk), name, count)
        for pk, name, count in rows.values_list("pk", "name", "model_count")[:_MOST]
    ]


def _facet(name: str, options: list[Option], filters: BrowseFilters, audience: Audience) -> Facet:
    chosen = [str(value) for value in getattr(filters, name)]
    known = {option.value for option in options}
    # Choices of the address that no model of the result has stay, to be taken back.
    absent = labels_of(name, [value for value in chosen if value not in known], audience)
    options += [Option(value, label, 0) for value, label in absent.items()]
    for option in options:
        option.is_chosen = option.value in chosen
    options.sort(
        key=lambda option: (not option.is_chosen, _is_aside(name, option), -(option.count or 0), option.label)
    )
    shown = max(_SHOWN, len(chosen))
    return Facet(name, _TITLES[name], options[:shown], options[shown:])


def _is_aside(name: str, option: Option) -> bool:
    """Whether a file type only accompanies models: papers and pictures stand below what is printed."""
    return name == "type" and not is_model_file(f"x.{option.value}")


def labels_of(name: str, values: Iterable[str], audience: Audience) -> dict[str, str]:
    """What people call these values of a facet; those that do not exist for this audience are left out."""
    values = list(values)
    if not values:
        return {}
    if name == "type":
        return {value: value.upper() for value in values}
    if name == "library":
        return {str(one.pk): one.name for one in audience.libraries if str(one.pk) in values}
    if name == "favourite":
        return dict([_FAVOURITES])
    if name == "fits":
        return dict([_FITS])
    if name == "collection":
        shown = Collection.objects.filter(pk__in=values)
        return {str(pk): label for pk, label in shown.values_list("pk", "name") if _may_know(pk, audience)}
    rows: Any = Tag.objects if name == "tag" else Creator.objects
    found = rows.filter(pk__in=values)
    if not audience.sees_all:
        found = found.filter(models__in=audience.models).distinct()
    return {str(pk): label for pk, label in found.values_list("pk", "name")}
