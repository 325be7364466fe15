"""Joining models: one goes, another keeps what people put into both. No word of anybody is lost."""

from collections.abc import Collection
from typing import Final

from django.db import connection, transaction

from models3d.curation import settle_words_and_counts
from models3d.models import FormerModel, Model3D

_COPY: Final = (
    """INSERT INTO models3d_model3d_tags (model3d_id, tag_id)
       SELECT %(kept)s, tag_id FROM models3d_model3d_tags WHERE model3d_id = %(gone)s ON CONFLICT DO NOTHING""",
    """INSERT INTO models3d_model3d_collections (model3d_id, collection_id)
       SELECT %(kept)s, collection_id FROM models3d_model3d_collections WHERE model3d_id = %(gone)s ON CONFLICT DO NOTHING""",
    """INSERT INTO models3d_mark (user_id, model_id, is_favorite, rating)
       SELECT user_id, %(kept)s, is_favorite, rating FROM models3d_mark WHERE model_id = %(gone)s
       ON CONFLICT (user_id, model_id) DO UPDATE SET is_favorite = models3d_mark.is_favorite OR excluded.is_favorite,
         rating = coalesce(models3d_mark.rating, excluded.rating)""",
)
_HAND_ON: Final = (
    "UPDATE models3d_formermodel SET model_id = %(kept)s WHERE model_id = %(gone)s",
    "INSERT INTO models3d_formermodel (id, model_id) VALUES (%(gone)s, %(kept)s) ON CONFLICT DO NOTHING",
    "UPDATE models3d_modelfile SET model_id = %(kept)s, are_problems_stale = true WHERE model_id = %(gone)s",
)


_UNITED: Final = ("notes", "links", "license", "creator", "is_sensitive", "custom_fields", "edited_fields")


def join_models(pairs: Collection[tuple[int, int]]) -> None:
    """For each (id that goes, id that stays): hand files, tags, collections, marks and notes on, then delete the one.

    What both have, the one that stays keeps; notes of both are kept one after the other. The address of the one that
    goes leads to the other. Derived columns of the kept are left to the caller.
    """
    for gone_id, kept_id in pairs:
        _join(gone_id, kept_id)
    if pairs:
        settle_words_and_counts([kept_id for _, kept_id in pairs])


def unite_words(pairs: Collection[tuple[int, int]]) -> None:
    """For each (id of a model that leaves the shelf, id of the one in its place): give the one what people put into the other.

    The other keeps its own, so that it can come back. Covers and names are not handed on: they belong to its files.
    """
    for gone_id, kept_id in pairs:
        with transaction.atomic():
            gone, kept = _locked(gone_id, kept_id)
            _run(_COPY, gone_id, kept_id)
            _unite(gone, kept)
            kept.save(update_fields=_UNITED)
    if pairs:
        settle_words_and_counts([kept_id for _, kept_id in pairs])


def join_plain_models(pairs: Collection[tuple[int, int]]) -> None:
    """The same for models that go without files or anything that people put into them: their addresses lead on."""
    with transaction.atomic():
        gone = [gone_id for gone_id, _ in pairs]
        kept_by_gone = dict(pairs)
        former = list(FormerModel.objects.filter(model__in=gone))
        for row in former:
            row.model_id = kept_by_gone[row.model_id]
        FormerModel.objects.bulk_update(former, ["model"])
        FormerModel.objects.bulk_create(
            [FormerModel(pk=gone_id, model_id=kept_id) for gone_id, kept_id in pairs], ignore_conflicts=True
        )
        Model3D.objects.filter(pk__in=gone).delete()


def _join(gone_id: int, kept_id: int) -> None:
    with transaction.atomic():
        gone, kept = _locked(gone_id, kept_id)
        _run((*_COPY, *_HAND_ON), gone_id, kept_id)
        _unite(gone, kept)
        kept.cover_id = kept.cover_id or gone.cover_id
        if "name" in gone.edited_fields and "name" not in kept.edited_fields:
            kept.name = gone.name
        kept.edited_fields = sorted({*kept.edited_fields, *gone.edited_fields})
        gone.delete()
        kept.save(update_fields=[*_UNITED, "cover", "name"])


def _locked(gone_id: int, kept_id: int) -> tuple[Model3D, Model3D]:
    both = Model3D.objects.select_for_update(of=["self"]).in_bulk(sorted([gone_id, kept_id]))
    return both[gone_id], both[kept_id]


def _run(statements: Collection[str], gone_id: int, kept_id: int) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"gone": gone_id, "kept": kept_id})


def _unite(gone: Model3D, kept: Model3D) -> None:
    """Put what people wrote into the one also into the other; what scans must not touch is told by `edited_fields`."""
    kept.notes = "\n\n".join(dict.fromkeys(filter(None, [kept.notes, gone.notes])))
    kept.links = kept.links + [link for link in gone.links if link not in kept.links]
    kept.license = kept.license or gone.license
    kept.creator_id = kept.creator_id or gone.creator_id
    kept.is_sensitive = kept.is_sensitive or gone.is_sensitive
    kept.custom_fields = gone.custom_fields | kept.custom_fields
    kept.edited_fields = sorted(
        {*kept.edited_fields, *gone.edited_fields} - ({"name", "cover"} - {*kept.edited_fields})
    )
