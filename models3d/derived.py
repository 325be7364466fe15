"""Columns of models, libraries, tags and creators that follow from other rows, kept by one statement for any number of rows."""

from collections.abc import Iterable

from django.db import connection, transaction

from models3d.cover_order import COVER_ORDER

# One round trip handles this many models; a larger set is cut, so that no statement holds row locks for long.
_BATCH = 2_000

_LOCK_MODELS = "SELECT id FROM models3d_model3d WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"

# Bytes are those on the disk: what lies in an archive is counted with it.
# The size of a model is that of its largest mesh by area, supports left aside.
_REFRESH_MODELS = rf"""
WITH wanted AS (SELECT id, relative_path, name, cover_id FROM models3d_model3d WHERE id = ANY(%(ids)s)),
present AS (
  SELECT file.*, regexp_replace(file.relative_path, '^.*/', '') AS file_name
  FROM models3d_modelfile file WHERE file.model_id = ANY(%(ids)s) AND file.missing_since IS NULL
    AND file.put_aside_at IS NULL),
counted AS (
  SELECT model_id, count(*) AS file_count, sum(size_bytes) FILTER (WHERE archive_id IS NULL) AS total_bytes,
         array_agg(DISTINCT extension ORDER BY extension) FILTER (WHERE extension <> '') AS formats,
         bool_and(is_watertight) AS is_watertight,
         left(string_agg(file_name, ' ' ORDER BY id), 20000) AS file_names
  FROM present GROUP BY model_id),
gone AS (
  SELECT model_id, max(coalesce(missing_since, put_aside_at)) AS missing_since FROM models3d_modelfile
  WHERE model_id = ANY(%(ids)s) AND (missing_since IS NOT NULL OR put_aside_at IS NOT NULL) GROUP BY model_id),
largest AS (
  SELECT DISTINCT ON (model_id) model_id, size_x_mm, size_y_mm, size_z_mm
  FROM present WHERE size_x_mm IS NOT NULL
  ORDER BY model_id, role = 'supported', area_mm2 DESC NULLS LAST, id),
cover AS (
  SELECT DISTINCT ON (present.model_id) present.model_id, present.sha256
  FROM present JOIN wanted ON wanted.id = present.model_id
  JOIN models3d_preview preview ON preview.sha256 = present.sha256 AND preview.form = 'picture'
  ORDER BY present.model_id, {COVER_ORDER})
UPDATE models3d_model3d model SET
  file_count = coalesce(counted.file_count, 0),
  total_bytes = coalesce(counted.total_bytes, 0),
  formats = coalesce(counted.formats, '{{}}'),
  is_watertight = counted.is_watertight,
  size_x_mm = largest.size_x_mm, size_y_mm = largest.size_y_mm, size_z_mm = largest.size_z_mm,
  cover_sha256 = coalesce(cover.sha256, ''),
  missing_since = CASE WHEN counted.file_count IS NULL THEN gone.missing_since END,
  file_words = left(wanted.relative_path, 2000) || ' ' || coalesce(counted.file_names, '')
FROM wanted
LEFT JOIN counted ON counted.model_id = wanted.id
LEFT JOIN gone ON gone.model_id = wanted.id
LEFT JOIN largest ON largest.model_id = wanted.id
LEFT JOIN cover ON cover.model_id = wanted.id
WHERE model.id = wanted.id AND (
  model.file_count, model.total_bytes, model.formats, model.is_watertight, model.size_x_mm, model.size_y_mm,
  model.size_z_mm, model.cover_sha256, model.missing_since, model.file_words
) IS DISTINCT FROM (
  coalesce(counted.file_count, 0), coalesce(counted.total_bytes, 0), coalesce(counted.formats, '{{}}'), counted.is_watertight,
  largest.size_x_mm, largest.size_y_mm, largest.size_z_mm, coalesce(cover.sha256, ''),
  CASE WHEN counted.file_count IS NULL THEN gone.missing_since END,
  left(wanted.relative_path, 2000) || ' ' || coalesce(counted.file_names, ''))
"""

_REFRESH_LIBRARIES = """
WITH models AS (
  SELECT library_id, count(*) AS model_count FROM models3d_model3d
  WHERE library_id = ANY(%(ids)s) AND missing_since IS NULL GROUP BY library_id),
files AS (
  SELECT library_id, count(*) AS file_count,
         sum(size_bytes) FILTER (WHERE archive_id IS NULL) AS total_bytes FROM models3d_modelfile
  WHERE library_id = ANY(%(ids)s) AND missing_since IS NULL GROUP BY library_id),
formats AS (
  SELECT library_id, jsonb_object_agg(format, models) AS by_format FROM (
    SELECT library_id, format, count(*) AS models FROM models3d_model3d, unnest(formats) AS format
    WHERE library_id = ANY(%(ids)s) AND missing_since IS NULL GROUP BY library_id, format) AS counted
  GROUP BY library_id)
UPDATE libraries_library library SET
  model_count = coalesce(models.model_count, 0), file_count = coalesce(files.file_count, 0),
  total_bytes = coalesce(files.total_bytes, 0), model_counts_by_format = coalesce(formats.by_format, '{}')
FROM unnest(%(ids)s::bigint[]) AS wanted(id)
LEFT JOIN models ON models.library_id = wanted.id
LEFT JOIN files ON files.library_id = wanted.id
LEFT JOIN formats ON formats.library_id = wanted.id
WHERE library.id = wanted.id
"""

_RECOUNT_TAGS = """
WITH counted AS (
  SELECT link.tag_id, count(*) AS models FROM models3d_model3d_tags link
  JOIN models3d_model3d model ON model.id = link.model3d_id AND model.missing_since IS NULL GROUP BY link.tag_id)
UPDATE collections_app_tag tag SET model_count = coalesce(counted.models, 0)
FROM collections_app_tag same LEFT JOIN counted ON counted.tag_id = same.id
WHERE tag.id = same.id AND tag.model_count <> coalesce(counted.models, 0)
"""

_RECOUNT_CREATORS = """
WITH counted AS (
  SELECT creator_id, count(*) AS models FROM models3d_model3d
  WHERE creator_id IS NOT NULL AND missing_since IS NULL GROUP BY creator_id)
UPDATE collections_app_creator creator SET model_count = coalesce(counted.models, 0)
FROM collections_app_creator same LEFT JOIN counted ON counted.creator_id = same.id
WHERE creator.id = same.id AND creator.model_count <> coalesce(counted.models, 0)
"""


def refresh_models(model_ids: Iterable[int]) -> None:
    """Bring counts, sizes, formats, cover, search words and `missing_since` of these models in line with their files."""
    ids = sorted(set(model_ids))
    for start in range(0, len(ids), _BATCH):
        batch = {"ids": ids[start : start + _BATCH]}
        with transaction.atomic(), connection.cursor() as cursor:
            # Locked by a statement of its own: the next one then sees what another refresh, waited for here, committed.
            cursor.execute(_LOCK_MODELS, batch)
            cursor.execute(_REFRESH_MODELS, batch)


def refresh_libraries(library_ids: Iterable[int]) -> None:
    """Bring the counts of these libraries in line with their models and files."""
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_LIBRARIES, {"ids": sorted(set(library_ids))})


def recount_tags_and_creators() -> None:
    """Count the models of every tag and creator anew."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT_TAGS)
        cursor.execute(_RECOUNT_CREATORS)


def settle_search_index() -> None:
    """Sort in what the word search has waiting, so that neither searches nor the next person to save something does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('model_search')")
