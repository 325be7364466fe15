"""The SQL by which parsed values come onto models: what a batch of models has to tell, and writing what is new."""

from typing import Final

_MAY_BE_PAPER: Final = """missing_since IS NULL AND extension IN ('', 'md', 'markdown', 'txt', 'rst', 'json')
        AND relative_path ~* %(likely)s"""

# Where paths tell nothing, few models of a large library have anything to tell: those with papers now or before.
_WITH_PAPERS: Final = f"""
  SELECT model_id FROM models3d_modelfile
  WHERE library_id = %(library)s AND model_id IS NOT NULL AND {_MAY_BE_PAPER}
  UNION SELECT model_id FROM scanning_parsedmetadata
"""
MARK: Final = """
INSERT INTO scanning_parsedmetadata (model_id, is_stale, papers, from_papers, from_path, applied)
SELECT id, true, '', '{}', '{}', '{}' FROM models3d_model3d
WHERE library_id = %(library)s AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s))
"""
MARK_WITH_PAPERS: Final = f"{MARK} AND id IN ({_WITH_PAPERS})"
ON_KNOWN: Final = " ON CONFLICT (model_id) DO UPDATE SET is_stale = true"

STALE: Final = """
SELECT parsed.model_id FROM scanning_parsedmetadata parsed JOIN models3d_model3d model ON model.id = parsed.model_id
WHERE parsed.is_stale AND model.library_id = %(library)s ORDER BY parsed.model_id LIMIT %(limit)s
"""
SETTLE: Final = """
DELETE FROM scanning_parsedmetadata WHERE model_id = ANY(%(ids)s) AND papers = '' AND from_path = '{}' AND applied = '{}';
UPDATE scanning_parsedmetadata SET is_stale = false WHERE model_id = ANY(%(ids)s);
"""

# What may be a paper about its model is looked at more closely in Python.
SOURCES: Final = f"""
SELECT model.id, model.relative_path, file.number > 0 AS has_files, file.present > 0 AS is_present,
  coalesce(file.is_file, false) AS is_file, file.papers::text,
  coalesce(parsed.papers, ''), coalesce(parsed.from_papers, '{{}}')::text, coalesce(parsed.from_path, '{{}}')::text,
  coalesce(parsed.applied, '{{}}')::text
FROM models3d_model3d model
LEFT JOIN LATERAL (
  SELECT count(*) AS number, count(*) FILTER (WHERE missing_since IS NULL) AS present,
    bool_or(relative_path = model.relative_path) AS is_file,
    jsonb_agg(jsonb_build_array(relative_path, size_bytes, mtime_ns, etag) ORDER BY relative_path) FILTER (
      WHERE {_MAY_BE_PAPER}) AS papers
  FROM models3d_modelfile WHERE model_id = model.id) file ON true
LEFT JOIN scanning_parsedmetadata parsed ON parsed.model_id = model.id
WHERE model.id = ANY(%(ids)s) ORDER BY model.id
"""

WRITE_MODELS: Final = """
UPDATE models3d_model3d model SET name = row.name, creator_id = row.creator_id, license = row.license, links = row.links,
  notes = row.notes, updated_at = now(),
  creator_words = coalesce((SELECT name FROM collections_app_creator creator WHERE creator.id = row.creator_id), '')
FROM jsonb_to_recordset(%(rows)s::jsonb)
  AS row(id bigint, name text, creator_id bigint, license text, links jsonb, notes text)
WHERE model.id = row.id
"""

ADD_TAGS: Final = """
INSERT INTO models3d_model3d_tags (model3d_id, tag_id) SELECT * FROM unnest(%(models)s::bigint[], %(others)s::bigint[])
ON CONFLICT DO NOTHING RETURNING model3d_id, tag_id
"""
REMOVE_TAGS: Final = """
DELETE FROM models3d_model3d_tags link USING unnest(%(models)s::bigint[], %(others)s::bigint[]) AS gone(model, other)
WHERE link.model3d_id = gone.model AND link.tag_id = gone.other RETURNING link.model3d_id, link.tag_id
"""
ADD_COLLECTIONS: Final = """
INSERT INTO models3d_model3d_collections (model3d_id, collection_id)
SELECT * FROM unnest(%(models)s::bigint[], %(others)s::bigint[])
ON CONFLICT DO NOTHING RETURNING model3d_id, collection_id
"""
REMOVE_COLLECTIONS: Final = """
DELETE FROM models3d_model3d_collections link USING unnest(%(models)s::bigint[], %(others)s::bigint[]) AS gone(model, other)
WHERE link.model3d_id = gone.model AND link.collection_id = gone.other RETURNING link.model3d_id, link.collection_id
"""

_COUNT: Final = """
UPDATE {table} counted SET model_count = greatest(counted.model_count + change.by, 0)
FROM unnest(%(ids)s::bigint[], %(by)s::integer[]) AS change(id, by) WHERE counted.id = change.id
"""
COUNT_TAGS: Final = _COUNT.format(table="collections_app_tag")
COUNT_CREATORS: Final = _COUNT.format(table="collections_app_creator")
