"""Curation of many rows at once: analyze files anew, merge tags or creators into one."""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import QuerySet

from collections_app.models import Creator, Tag
from models3d.derived import recount_tags_and_creators
from models3d.models import Model3D, ModelFile

_MOVE_TAG_LINKS = """
INSERT INTO models3d_model3d_tags (model3d_id, tag_id)
SELECT DISTINCT model3d_id, %(kept)s::bigint FROM models3d_model3d_tags WHERE tag_id = ANY(%(merged)s)
ON CONFLICT DO NOTHING
"""
_REFRESH_TAG_WORDS = """
UPDATE models3d_model3d model SET tag_words = coalesce(words.names, '')
FROM unnest(%(models)s::bigint[]) AS wanted(id)
LEFT JOIN LATERAL (
  SELECT string_agg(tag.name, ' ' ORDER BY tag.name) AS names
  FROM models3d_model3d_tags link JOIN collections_app_tag tag ON tag.id = link.tag_id
  WHERE link.model3d_id = wanted.id) AS words ON true
WHERE model.id = wanted.id AND model.tag_words <> coalesce(words.names, '')
"""
_REFRESH_CREATOR_WORDS = """
UPDATE models3d_model3d model SET creator_words = coalesce(creator.name, '')
FROM unnest(%(models)s::bigint[]) AS wanted(id)
JOIN models3d_model3d same ON same.id = wanted.id
LEFT JOIN collections_app_creator creator ON creator.id = same.creator_id
WHERE model.id = wanted.id AND model.creator_words <> coalesce(creator.name, '')
"""
_LOCK_MODELS = "SELECT id FROM models3d_model3d WHERE id = ANY(%(models)s) ORDER BY id FOR NO KEY UPDATE"


def reanalyze(files: QuerySet[ModelFile]) -> int:
    """Let these files wait for their analysis again, whatever came of it before; return how many. The caller rings."""
    return files.filter(missing_since=None).update(
        analysis_state=ModelFile.State.PENDING,
        analysis_claimed_until=None,
        analysis_attempts=0,
        analysis_error_code="",
        analysis_error="",
    )


def merge_tags(kept: Tag, *, merged: Collection[Tag]) -> int:
    """Put `kept` on every model that has one of `merged`, then delete those; return how many models were touched."""
    others = [tag.pk for tag in merged if tag.pk != kept.pk]
    with transaction.atomic(), connection.cursor() as cursor:
        list(Tag.objects.select_for_update().filter(pk__in=[kept.pk, *others]).order_by("pk"))
        models = list(Model3D.objects.filter(tags__in=others).values_list("pk", flat=True).distinct())
        cursor.execute(_LOCK_MODELS, {"models": models})
        cursor.execute(_MOVE_TAG_LINKS, {"kept": kept.pk, "merged": others})
        Tag.objects.filter(pk__in=others).delete()
        settle_words_and_counts(models)
    return len(models)


def merge_creators(kept: Creator, *, merged: Collection[Creator]) -> int:
    """Make `kept` the creator of every model of `merged`, then delete those; return how many models were touched.

    Links of the merged are added to those of `kept`; its notes stay as they are unless it has none.
    """
    others = [creator for creator in merged if creator.pk != kept.pk]
    with transaction.atomic():
        locked = Creator.objects.select_for_update().filter(pk__in=[kept.pk, *(other.pk for other in others)])
        list(locked.order_by("pk"))
        models = list(Model3D.objects.filter(creator__in=others).order_by("pk").values_list("pk", flat=True))
        Model3D.objects.filter(pk__in=models).update(creator=kept)
        links = [*kept.links, *(link for other in others for link in other.links)]
        kept.links = [link for place, link in enumerate(links) if link not in links[:place]]
        kept.notes = kept.notes or next((other.notes for other in others if other.notes), "")
        Creator.objects.filter(pk__in=[other.pk for other in others]).delete()
        kept.save(update_fields=["links", "notes"])
        settle_words_and_counts(models)
    return len(models)


def refresh_tag_words(model_ids: Collection[int]) -> None:
    """Bring the searched words of these models in line with the names of their tags."""
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_TAG_WORDS, {"models": list(model_ids)})


def settle_words_and_counts(model_ids: Collection[int]) -> None:
    """Bring words and counts in line after tags or creators of these models were renamed, put on or taken off."""
    refresh_tag_words(model_ids)
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_CREATOR_WORDS, {"models": list(model_ids)})
    recount_tags_and_creators()
