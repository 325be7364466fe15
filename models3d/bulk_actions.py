"""What bulk edits do to one batch of models: each action is a few statements for any number of rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from collections_app.models import Collection, Creator, Tag
from models3d.bulk_models import BulkEdit
from models3d.curation import reanalyze
from models3d.models import Model3D, ModelFile

# Of the links of a batch, only those that were not there are put on; the other way round likewise.
_LINK: Final = """
INSERT INTO {table} (model3d_id, {column})
SELECT unnest(%(models)s::bigint[]), %(target)s ON CONFLICT DO NOTHING RETURNING model3d_id
"""
_UNLINK: Final = """
DELETE FROM {table} WHERE model3d_id = ANY(%(models)s) AND {column} = %(target)s RETURNING model3d_id
"""
_REMEMBER: Final = """
edited_fields = CASE WHEN %(field)s = ANY(model.edited_fields) THEN model.edited_fields
  ELSE ARRAY(SELECT unnest(model.edited_fields || %(field)s::varchar) ORDER BY 1) END, updated_at = now()
"""
_FOLLOW_LINKS: Final = f"""
UPDATE models3d_model3d model SET {_REMEMBER}
WHERE id = ANY(%(models)s) AND %(field)s <> ALL(model.edited_fields)
"""
# Words and memory in one go: each version of a row costs an entry in every index.
_FOLLOW_TAGS: Final = f"""
UPDATE models3d_model3d model SET {_REMEMBER}, tag_words = coalesce(words.names, '')
FROM unnest(%(models)s::bigint[]) AS wanted(id)
LEFT JOIN LATERAL (
  SELECT string_agg(tag.name, ' ' ORDER BY tag.name) AS names
  FROM models3d_model3d_tags link JOIN collections_app_tag tag ON tag.id = link.tag_id
  WHERE link.model3d_id = wanted.id) AS words ON true
WHERE model.id = wanted.id
  AND (model.tag_words <> coalesce(words.names, '') OR %(field)s <> ALL(model.edited_fields))
"""
_COUNT_TAG: Final = """
UPDATE collections_app_tag SET model_count = greatest(0, model_count + %(sign)s * (
  SELECT count(*) FROM models3d_model3d WHERE id = ANY(%(models)s) AND missing_since IS NULL))
WHERE id = %(target)s
"""
_SET_CREATOR: Final = f"""
WITH before AS (
  SELECT id, creator_id, missing_since FROM models3d_model3d
  WHERE id = ANY(%(models)s) AND creator_id IS DISTINCT FROM %(creator)s),
changed AS (
  UPDATE models3d_model3d model SET creator_id = %(creator)s, creator_words = %(words)s, {_REMEMBER}
  FROM before WHERE model.id = before.id),
moved AS (
  SELECT creator_id, -count(*) AS models FROM before WHERE missing_since IS NULL GROUP BY creator_id
  UNION ALL SELECT %(creator)s, count(*) FROM before WHERE missing_since IS NULL),
counted AS (
  UPDATE collections_app_creator creator SET model_count = greatest(0, creator.model_count + moved.models)
  FROM moved WHERE creator.id = moved.creator_id)
SELECT count(*) FROM before
"""
_SET_COLUMN: Final = """
UPDATE models3d_model3d model SET {column} = %(value)s, {remember}
WHERE id = ANY(%(models)s) AND {column} <> %(value)s
"""
_MARK: Final = """
INSERT INTO models3d_mark (user_id, model_id, is_favorite)
SELECT %(user)s, unnest(%(models)s::bigint[]), %(value)s
ON CONFLICT (user_id, model_id) DO UPDATE SET is_favorite = excluded.is_favorite
WHERE models3d_mark.is_favorite <> excluded.is_favorite
"""


class TargetGone(Exception):
    """The tag, collection or creator that an edit is about was deleted meanwhile. Nothing more can be done with it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The {what} was deleted meanwhile. What was done before stays.")


@dataclass(slots=True)
class Outcome:
    """What came of a batch: how many models changed, and for links which ones got or lost which target."""

    changed_count: int = 0
    changes: list[tuple[int, list[int]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Links:
    """A kind of thing that is put on models."""

    word: str
    value_key: str
    table: str
    column: str
    field: str
    rows: Any

    def run(self, edit: BulkEdit, models: list[int], *, statement: str, sign: int) -> Outcome:
        targets = edit.value[self.value_key]
        locked = self.rows.filter(pk__in=targets).order_by("pk").select_for_update(no_key=True)
        if len(locked.values_list("pk", flat=True)) < len(set(targets)):
            raise TargetGone(self.word)
        outcome, touched = Outcome(), set()
        sql = statement.format(table=self.table, column=self.column)
        for target in targets:
            found = [row[0] for row in _rows(sql, models=models, target=target)]
            if found:
                outcome.changes.append((target, found))
                touched.update(found)
                if self.field == "tags":
                    _do(_COUNT_TAG, models=found, target=target, sign=sign)
        outcome.changed_count = len(touched)
        return outcome

    def settle(self, models: list[int]) -> None:
        _lock(models)
        _do(_FOLLOW_TAGS if self.field == "tags" else _FOLLOW_LINKS, models=models, field=self.field)


_TAGS: Final = _Links("tag", "tags", "models3d_model3d_tags", "tag_id", "tags", Tag.objects)
_COLLECTIONS: Final = _Links(
    "collection",
    "collections",
    "models3d_model3d_collections",
    "collection_id",
    "collections",
    Collection.objects,
)


def run_batch(edit: BulkEdit, models: list[int]) -> Outcome:
    """Do the action of `edit` to these models; within a transaction of the caller. Raises TargetGone."""
    return _RUN[BulkEdit.Action(edit.action)](edit, models)


def settle_batch(edit: BulkEdit, models: list[int]) -> None:
    """Let searched words and the memory of what people edited follow the links that `run_batch` made or broke.

    A step of its own: rewriting the row of a model costs ten times what a link does, and people see links at once.
    """
    if edit.action in {BulkEdit.Action.ADD_TAGS, BulkEdit.Action.REMOVE_TAGS}:
        _TAGS.settle(models)
    elif edit.action in {BulkEdit.Action.ADD_TO_COLLECTION, BulkEdit.Action.REMOVE_FROM_COLLECTION}:
        _COLLECTIONS.settle(models)


def _set_creator(edit: BulkEdit, models: list[int]) -> Outcome:
    creator = edit.value["creator"]
    before: QuerySet[Any, Any] = Model3D.objects.filter(pk__in=models).exclude(creator=None)
    Creator.objects.lock({*before.order_by().values_list("creator", flat=True).distinct(), creator} - {None})
    _lock(models)
    row = Creator.objects.filter(pk=creator).first()
    if creator and row is None:
        raise TargetGone("creator")
    values = {"creator": creator, "words": row.name if row else "", "field": "creator"}
    return Outcome(_rows(_SET_CREATOR, models=models, **values)[0][0])


def _set_column(column: str) -> Callable[[BulkEdit, list[int]], Outcome]:
    statement = _SET_COLUMN.format(column=column, remember=_REMEMBER)

    def run(edit: BulkEdit, models: list[int]) -> Outcome:
        _lock(models)
        return Outcome(_do(statement, models=models, value=edit.value["value"], field=column))

    return run


def _set_favorite(edit: BulkEdit, models: list[int]) -> Outcome:
    return Outcome(_do(_MARK, models=models, user=edit.user_id, value=edit.value["value"]))


def _reanalyze(edit: BulkEdit, models: list[int]) -> Outcome:
    reanalyze(ModelFile.objects.filter(model__in=models))
    return Outcome(len(models))


def _lock(models: list[int]) -> None:
    """Models are locked after tags, collections and creators, and in one order, as everywhere."""
    rows = Model3D.objects.filter(pk__in=models).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _do(statement: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _rows(statement: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


_RUN: Final[dict[BulkEdit.Action, Callable[[BulkEdit, list[int]], Outcome]]] = {
    BulkEdit.Action.ADD_TAGS: lambda edit, ids: _TAGS.run(edit, ids, statement=_LINK, sign=1),
    BulkEdit.Action.REMOVE_TAGS: lambda edit, ids: _TAGS.run(edit, ids, statement=_UNLINK, sign=-1),
    BulkEdit.Action.ADD_TO_COLLECTION: lambda edit, ids: _COLLECTIONS.run(edit, ids, statement=_LINK, sign=1),
    BulkEdit.Action.REMOVE_FROM_COLLECTION: lambda edit, ids: _COLLECTIONS.run(
        edit, ids, statement=_UNLINK, sign=-1
    ),
    BulkEdit.Action.SET_CREATOR: _set_creator,
    BulkEdit.Action.SET_LICENSE: _set_column("license"),
    BulkEdit.Action.SET_SENSITIVE: _set_column("is_sensitive"),
    BulkEdit.Action.SET_FAVORITE: _set_favorite,
    BulkEdit.Action.REANALYZE: _reanalyze,
}
