"""Collections as one person may see them: cards with a picture and how many models are inside, however deep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from collections_app.models import Collection
from collections_app.tree import subtree_ids, trails
from models3d.audience import Audience
from models3d.browsing import COUNT_LIMIT
from models3d.cards import preview_url
from models3d.models import Model3D, ModelFile
from models3d.previews import SMALL

PAGE: Final = 60

# Of each collection so many links are looked at, whatever it holds: a page of collections costs the same in any library.
_COUNT: Final = """
WITH RECURSIVE inside (root_id, id) AS (
  SELECT root_id, root_id FROM unnest(%s::bigint[]) AS root_id
  UNION
  SELECT inside.root_id, child.id FROM collections_app_collection child JOIN inside ON child.parent_id = inside.id)
SELECT inside.root_id, count(DISTINCT seen.id),
  max(seen.id) FILTER (WHERE seen.cover_sha256 <> '' AND NOT seen.is_sensitive)
FROM inside JOIN LATERAL (
  SELECT model.id, model.cover_sha256, model.is_sensitive FROM models3d_model3d_collections link
  JOIN ({models}) AS model ON model.id = link.model3d_id
  WHERE link.collection_id = inside.id LIMIT {limit}) AS seen ON true
GROUP BY inside.root_id
"""


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """One collection on a page. `inner_count` are the collections right inside it."""

    pk: int
    name: str
    count_label: str
    inner_count: int
    picture_url: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A collection that is looked at: the way to it, and the cards of those right inside it."""

    row: Collection
    trail: list[Any]
    inner: list[CollectionCard]


def collection_cards(audience: Audience, *, parent: int | None, after: str = "") -> list[CollectionCard]:
    """Cards of the collections right inside `parent` by name, up to PAGE and one more, after the name `after`.

    Whoever may not see every library gets no collection that holds hidden models only.
    """
    rows = Collection.objects.filter(parent=parent, name__gt=after).order_by("name")
    if audience.sees_all:
        return _cards(list(rows[: PAGE + 1]), audience, keeps_empty=True)
    found: list[CollectionCard] = []
    while len(found) <= PAGE and (some := list(rows.filter(name__gt=after)[: PAGE + 1])):
        found += _cards(some, audience, keeps_empty=False)
        after = some[-1].name
    return found[: PAGE + 1]


def opened(pk: int, audience: Audience) -> Opened | None:
    """The collection, if this audience may know of it: it sees everything, or a model anywhere inside."""
    row = Collection.objects.filter(pk=pk).first()
    if row is None:
        return None
    if not audience.sees_all and not audience.models.filter(collections__in=subtree_ids([pk])).exists():
        return None
    return Opened(row, trails([pk])[pk], collection_cards(audience, parent=pk)[:PAGE])


def cover_choices(pk: int, audience: Audience, *, limit: int) -> list[tuple[str, str, str]]:
    """Pictures that may stand for a collection: (content, address, name of its model), of the newest models inside."""
    links = Model3D.collections.through.objects.filter(collection_id__in=subtree_ids([pk]))
    models = audience.models.filter(pk__in=links.values("model3d_id")).exclude(cover_sha256="")
    found = models.order_by("-added_at", "-id").values_list("cover_sha256", "name")[:limit]
    return [(sha256, preview_url(sha256, SMALL), name) for sha256, name in dict(found).items()]


def _cards(rows: Sequence[Collection], audience: Audience, *, keeps_empty: bool) -> list[CollectionCard]:
    counts = _counts([row.pk for row in rows], audience)
    covers = _covers(rows, counts, audience)
    inner = Collection.objects.filter(parent__in=[row.pk for row in rows]).values_list("parent", flat=True)
    parents = list(inner) if keeps_empty else []
    return [
        CollectionCard(
            row.pk,
            row.name,
            _label(counts[row.pk][0]) if row.pk in counts else "0",
            parents.count(row.pk),
            covers.get(row.pk, ""),
        )
        for row in rows
        if keeps_empty or row.pk in counts
    ]


def _counts(pks: list[int], audience: Audience) -> dict[int, tuple[int, int | None]]:
    models = audience.models.order_by().values("id", "cover_sha256", "is_sensitive")
    try:
        sql, parameters = models.query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(models=sql, limit=COUNT_LIMIT + 1), [pks, *parameters])
        return {root: (number, cover) for root, number, cover in cursor.fetchall()}


def _covers(
    rows: Sequence[Collection], counts: dict[int, tuple[int, int | None]], audience: Audience
) -> dict[int, str]:
    """The address of each collection's picture: the chosen one if it may be seen, else that of its newest model."""
    chosen = {row.cover_sha256 for row in rows if row.cover_sha256}
    seen = set(
        ModelFile.objects.visible_to(audience.user)
        .filter(sha256__in=chosen, model__in=audience.models.values("pk"))
        .values_list("sha256", flat=True)
        if chosen
        else []
    )
    models = {cover for _, cover in counts.values() if cover}
    newest = dict(Model3D.objects.filter(pk__in=models).values_list("pk", "cover_sha256"))
    covers = {}
    for row in rows:
        cover = counts.get(row.pk, (0, None))[1]
        sha256 = row.cover_sha256 if row.cover_sha256 in seen else newest.get(cover or 0, "")
        if sha256:
            covers[row.pk] = preview_url(sha256, SMALL)
    return covers


def _label(number: int) -> str:
    return f"{COUNT_LIMIT:,}+" if number > COUNT_LIMIT else f"{number:,}"
