"""Writing parsed values onto many models at once, around everything that a person typed; counters and search words follow."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction

from collections_app.models import Creator, Tag
from collections_app.shelving import Place, collections_at
from models3d.curation import refresh_tag_words
from models3d.models import Model3D
from scanning import metadata_statements as statements
from scanning.models import ParsedMetadata
from scanning.sql import execute, fetch

_COLUMNS: Final = ("name", "creator_id", "license", "links", "notes")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What paths and papers tell about one model. `notes` are None where the papers are those of the last time.

    `applied` is what was put on the model before; the other fields below `papers` are remembered for the next time.
    """

    model_id: int
    name: str
    creator: str
    license: str
    tags: tuple[str, ...]
    collection: Place
    links: list[str]
    notes: str | None
    papers: str
    from_papers: dict[str, Any]
    from_path: dict[str, Any]
    applied: dict[str, Any]


@dataclass(slots=True)
class _Ids:
    """The rows that wanted names stand for, by lower-case name or by place."""

    creators: dict[str, int]
    tags: dict[str, int]
    collections: dict[Place, int]


@dataclass(slots=True)
class _Links:
    """Links between models and tags, or models and collections, as pairs of ids."""

    added: list[tuple[int, int]] = field(default_factory=list)
    removed: list[tuple[int, int]] = field(default_factory=list)


def put_on_models(wanted: Sequence[Wanted]) -> None:
    """Give each model what is wanted for it, in one transaction; what a person typed or chose stays."""
    if not wanted:
        return
    ids = _Ids(
        creators=_by_name(Creator.objects.named(sorted({one.creator for one in wanted if one.creator}))),
        tags=_by_name(Tag.objects.named(_each_once(tag for one in wanted for tag in one.tags))),
        collections=collections_at({one.collection for one in wanted if one.collection}),
    )
    with transaction.atomic():
        # Tags and creators before models, each in one order, as everywhere: nobody waits in a circle.
        Tag.objects.lock({*ids.tags.values(), *(pk for one in wanted for pk in one.applied.get("tags", []))})
        Creator.objects.lock(
            {*ids.creators.values(), *(one.applied["creator"] for one in wanted if "creator" in one.applied)}
        )
        locked = (
            Model3D.objects.select_for_update(of=["self"], no_key=True).defer("search_vector").order_by("pk")
        )
        models = {model.pk: model for model in locked.filter(pk__in=[one.model_id for one in wanted])}
        _write([one for one in wanted if one.model_id in models], models, ids)


def _write(wanted: Sequence[Wanted], models: dict[int, Model3D], ids: _Ids) -> None:
    applied: dict[int, dict[str, Any]] = {}
    tags, shelves = _Links(), _Links()
    creator_counts: Counter[int] = Counter()
    changed: list[Model3D] = []
    for one in wanted:
        model = models[one.model_id]
        before = tuple(getattr(model, column) for column in _COLUMNS)
        applied[model.pk] = _settle_columns(model, one, ids)
        if tuple(getattr(model, column) for column in _COLUMNS) != before:
            changed.append(model)
        _count(creator_counts, before[1], model.creator_id, is_present=model.missing_since is None)
        tag_ids = {pk for pk in (ids.tags.get(tag.lower()) for tag in one.tags) if pk}
        shelf_ids = {pk for pk in [ids.collections.get(one.collection)] if pk}
        applied[model.pk]["tags"] = _link(tags, model, "tags", tag_ids, one.applied)
        applied[model.pk]["collections"] = _link(shelves, model, "collections", shelf_ids, one.applied)
    _write_columns(changed, creator_counts)
    _write_links(tags, statements.ADD_TAGS, statements.REMOVE_TAGS, applied, "tags")
    _write_links(shelves, statements.ADD_COLLECTIONS, statements.REMOVE_COLLECTIONS, applied, "collections")
    _count_tags(tags, models)
    _remember(wanted, applied)


def _settle_columns(model: Model3D, wanted: Wanted, ids: _Ids) -> dict[str, Any]:
    """Set the columns of `model` that are nobody's choice; return what of them is parsed now."""
    before, applied = wanted.applied, {}
    targets: dict[str, tuple[str, Any, Any]] = {  # column: (name as an edited field, value, nothing)
        "creator_id": ("creator", ids.creators.get(wanted.creator.lower()), None),
        "license": ("license", wanted.license, ""),
        "links": ("links", wanted.links, []),
    }
    for column, (name, target, nothing) in targets.items():
        if name not in model.edited_fields and getattr(model, column) in (nothing, before.get(name, nothing)):
            setattr(model, column, target)
            applied[name] = target
    if "notes" not in model.edited_fields and (
        not model.notes or _digest(model.notes) == before.get("notes")
    ):
        model.notes = model.notes if wanted.notes is None else wanted.notes
        applied["notes"] = _digest(model.notes)
    if "name" not in model.edited_fields:
        applied["name"] = _settle_name(model, wanted.name, before.get("name"))
    return applied


def _settle_name(model: Model3D, target: str, before: list[str] | None) -> list[str] | None:
    """Set the name that is told, or the one that the model had before; return both, as far as the told one is in use."""
    if before and model.name == before[0]:
        model.name = target or before[1]
        return [target, before[1]] if target else None
    if before or not target or target == model.name:
        return None
    given = [target, model.name]
    model.name = target
    return given


def _link(links: _Links, model: Model3D, name: str, wanted: set[int], applied: dict[str, Any]) -> list[int]:
    """Note which links come and go; return those of before that stay. Where a person chose, nothing moves."""
    if name in model.edited_fields:
        return []
    before = set(applied.get(name, []))
    links.added += [(model.pk, pk) for pk in sorted(wanted - before)]
    links.removed += [(model.pk, pk) for pk in sorted(before - wanted)]
    return sorted(before & wanted)


def _write_columns(models: Sequence[Model3D], creator_counts: Counter[int]) -> None:
    if models:
        rows = [
            {"id": model.pk} | {column: getattr(model, column) for column in _COLUMNS} for model in models
        ]
        execute(statements.WRITE_MODELS, rows=json.dumps(rows))
    _write_counts(statements.COUNT_CREATORS, creator_counts)


def _write_links(links: _Links, add: str, remove: str, applied: dict[int, dict[str, Any]], name: str) -> None:
    """Write links, and narrow `links` to those that really came and went; only those that came are ours."""
    links.added, links.removed = _write_pairs(add, links.added), _write_pairs(remove, links.removed)
    for model_id, other_id in links.added:
        applied[model_id][name].append(other_id)


def _write_pairs(sql: str, pairs: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    if not pairs:
        return []
    models, others = zip(*pairs, strict=True)
    return [
        (model_id, other_id) for model_id, other_id in fetch(sql, models=list(models), others=list(others))
    ]


def _count_tags(links: _Links, models: dict[int, Model3D]) -> None:
    counts: Counter[int] = Counter()
    for pairs, by in ((links.added, 1), (links.removed, -1)):
        for model_id, tag_id in pairs:
            counts[tag_id] += by * (models[model_id].missing_since is None)
    _write_counts(statements.COUNT_TAGS, counts)
    if tagged := {model_id for model_id, _ in (*links.added, *links.removed)}:
        refresh_tag_words(sorted(tagged))


def _count(counts: Counter[int], before: int | None, after: int | None, *, is_present: bool) -> None:
    if before != after and is_present:
        for pk, by in ((before, -1), (after, 1)):
            if pk:
                counts[pk] += by


def _write_counts(sql: str, counts: Counter[int]) -> None:
    if changes := {pk: by for pk, by in counts.items() if by}:
        execute(sql, ids=list(changes), by=list(changes.values()))


def _remember(wanted: Sequence[Wanted], applied: dict[int, dict[str, Any]]) -> None:
    rows, nothing = [], []
    for one in wanted:
        put = {key: value for key, value in applied[one.model_id].items() if value}
        row = ParsedMetadata(
            model_id=one.model_id,
            papers=one.papers,
            from_papers=one.from_papers,
            from_path=one.from_path,
            applied=put,
        )
        if row.papers or row.from_path or put:
            rows.append(row)
        else:
            nothing.append(one.model_id)
    columns = ["papers", "from_papers", "from_path", "applied"]
    ParsedMetadata.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["model"], update_fields=columns
    )
    ParsedMetadata.objects.filter(pk__in=nothing).delete()


def _by_name(rows: Iterable[Creator | Tag]) -> dict[str, int]:
    return {row.name.lower(): row.pk for row in rows}


def _each_once(names: Iterable[str]) -> list[str]:
    return sorted({name.lower(): name for name in names}.values())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
