"""Renaming, merging and deleting tags and creators, with the words and counts of the models they are on."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from collections_app.models import Creator, Tag
from config.lib.versions import ChangedMeanwhile, version_of
from models3d import curation
from models3d.models import Model3D


class NameTaken(Exception):
    """Another row has the name already; merging the two is the way out."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is another one called “{name}”. To make one of the two, merge them.")


def creator_version(creator: Creator) -> str:
    """What a form carries to notice that somebody else changed the creator meanwhile."""
    return version_of(creator.name, creator.links, creator.notes)


def rename_tag(pk: int, *, name: str, version: str) -> Tag:
    """Give a tag another name. Raises NameTaken, ChangedMeanwhile, Tag.DoesNotExist."""
    with transaction.atomic():
        tag = Tag.objects.select_for_update(no_key=True).get(pk=pk)
        if version_of(tag.name) != version:
            raise ChangedMeanwhile("tag")
        tag.name = name
        _save(tag, ["name"])
        curation.settle_words_and_counts(_models_of([tag]))
    return tag


def change_creator(pk: int, *, name: str, links: list[str], notes: str, version: str) -> Creator:
    """Rename a creator, set links and notes. Raises NameTaken, ChangedMeanwhile, Creator.DoesNotExist."""
    with transaction.atomic():
        creator = Creator.objects.select_for_update(no_key=True).get(pk=pk)
        if creator_version(creator) != version:
            raise ChangedMeanwhile("creator")
        is_renamed = creator.name != name
        creator.name, creator.links, creator.notes = name, links, notes
        _save(creator, ["name", "links", "notes"])
        if is_renamed:
            curation.settle_words_and_counts(_models_of([creator]))
    return creator


def merge(kept: Any, others: Iterable[Any]) -> int:
    """Let `kept` stand for all `others`, which go; how many models changed. All are tags, or all are creators."""
    if isinstance(kept, Tag):
        return curation.merge_tags(kept, merged=list(others))
    return curation.merge_creators(kept, merged=list(others))


def delete(rows: Collection[Any]) -> None:
    """Delete these tags, or these creators; their models stay."""
    with transaction.atomic():
        models = _models_of(rows)
        kind = type(next(iter(rows)))
        kind.objects.filter(pk__in=[row.pk for row in rows]).delete()
        curation.settle_words_and_counts(models)


def unused_tags() -> Any:
    """Tags that are on no model at all, not even on one whose files are missing."""
    links = Model3D.tags.through.objects.filter(tag_id=OuterRef("pk"))
    return Tag.objects.filter(~Exists(links), model_count=0)


def delete_unused_tags() -> int:
    """Delete the tags that are on no model; how many went."""
    return int(unused_tags().delete()[0])


def _save(row: Any, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError as error:
        raise NameTaken(row.name) from error


def _models_of(rows: Collection[Any]) -> list[int]:
    pks = [row.pk for row in rows]
    is_tags = isinstance(next(iter(rows)), Tag)
    models = Model3D.objects.filter(**{"tags__in" if is_tags else "creator__in": pks})
    return list(models.order_by().values_list("pk", flat=True).distinct())
