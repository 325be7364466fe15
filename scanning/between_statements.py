"""The SQL by which rows follow files from one library to another: twins are the new rows that their scans made meanwhile."""

from typing import Final

_PARTS: Final = "('mesh', 'cad', 'sliced')"

# Libraries that lost what was found here, or found what was lost here since the last time it was looked at.
SOURCES_OF_ARRIVALS: Final = """
SELECT DISTINCT lost.library_id FROM models3d_modelfile lost
JOIN libraries_library library ON library.id = lost.library_id AND library.removed_at IS NULL
WHERE lost.missing_since IS NOT NULL AND lost.binned_at IS NULL AND lost.library_id <> %(library)s AND lost.archive_id IS NULL
  AND lost.sha256 <> '' AND lost.size_bytes > 0
  AND lost.size_bytes IN (SELECT size_bytes FROM scan_diff WHERE what = 'new')
"""
TARGETS_OF_VANISHED: Final = """
SELECT DISTINCT twin.library_id FROM scan_diff diff
JOIN models3d_modelfile lost ON lost.id = diff.file_id AND lost.sha256 <> '' AND lost.size_bytes > 0
JOIN models3d_modelfile twin ON twin.size_bytes = lost.size_bytes AND twin.library_id <> %(library)s
  AND twin.missing_since IS NULL AND twin.archive_id IS NULL AND twin.first_seen_at > %(since)s
  AND (twin.sha256 = '' OR twin.sha256 = lost.sha256)
JOIN libraries_library library ON library.id = twin.library_id AND library.removed_at IS NULL
WHERE diff.what = 'missing'
"""

MAKE_SOURCES: Final = """
CREATE TEMPORARY TABLE scan_sources AS
SELECT id AS file_id, NULL::bigint AS n, 'away' AS what, relative_path AS path, size_bytes, mtime_ns, sha256
FROM models3d_modelfile
WHERE library_id = %(source)s AND missing_since IS NOT NULL AND binned_at IS NULL
  AND archive_id IS NULL AND sha256 <> '' AND size_bytes > 0;
ANALYZE scan_sources;
"""
MAKE_TARGETS: Final = """
CREATE TEMPORARY TABLE scan_targets AS
SELECT id AS n, 'new' AS what, relative_path AS path, size_bytes, mtime_ns, sha256, sha256 = '' AS is_to_hash
FROM models3d_modelfile
WHERE library_id = %(target)s AND missing_since IS NULL AND archive_id IS NULL AND first_seen_at > %(since)s
  AND size_bytes IN (SELECT size_bytes FROM scan_sources)
ORDER BY id;
CREATE INDEX ON scan_targets (n);
ANALYZE scan_targets;
"""

# What becomes of each model that lost files: it takes the place of a model that has nothing but these, or is joined to one
# that has more, if it has nothing left itself. Parts decide, as within a library.
MAKE_MODEL_MOVES: Final = f"""
CREATE TEMPORARY TABLE scan_heirs AS
WITH pair AS (
  SELECT source.model_id, twin.model_id AS heir_id, source.kind IN {_PARTS} AS is_part
  FROM scan_matches JOIN models3d_modelfile source ON source.id = scan_matches.file_id
  JOIN models3d_modelfile twin ON twin.id = scan_matches.n
  WHERE source.model_id IS NOT NULL AND twin.model_id IS NOT NULL),
vote AS (SELECT model_id, heir_id, count(*) FILTER (WHERE is_part) AS parts, count(*) AS files FROM pair GROUP BY 1, 2),
owned AS (
  SELECT model_id, count(*) AS files, bool_or(kind IN {_PARTS}) AS has_parts, bool_or(missing_since IS NULL) AS has_present
  FROM models3d_modelfile WHERE model_id IN (SELECT model_id FROM vote) AND archive_id IS NULL GROUP BY model_id),
best AS (
  SELECT DISTINCT ON (vote.model_id) vote.*, owned.files AS all_files FROM vote JOIN owned USING (model_id)
  WHERE NOT owned.has_present AND (vote.parts > 0 OR NOT owned.has_parts)
  ORDER BY vote.model_id, vote.parts DESC, vote.files DESC, vote.heir_id)
SELECT model_id, heir_id, 2 * files > all_files AS is_most,
  row_number() OVER (PARTITION BY heir_id ORDER BY parts DESC, files DESC, model_id) = 1 AND NOT EXISTS (
    SELECT FROM models3d_modelfile other WHERE other.model_id = best.heir_id AND other.archive_id IS NULL
      AND other.missing_since IS NULL AND other.id NOT IN (SELECT n FROM scan_matches)) AS takes_place
FROM best
"""
HEIRS: Final = """
SELECT heirs.model_id, heirs.heir_id, heirs.takes_place, heir.relative_path, heir.name,
  'name' = ANY(model.edited_fields) AS is_named, model.name AS old_name, model.relative_path AS old_path
FROM scan_heirs heirs JOIN models3d_model3d heir ON heir.id = heirs.heir_id
JOIN models3d_model3d model ON model.id = heirs.model_id
WHERE heirs.takes_place OR heirs.is_most ORDER BY heirs.takes_place DESC, heirs.model_id
"""

MATCHES: Final = """
SELECT scan_matches.file_id, scan_matches.n, source.path AS old_path, target.path AS new_path
FROM scan_matches JOIN scan_sources source USING (file_id) JOIN scan_targets target ON target.n = scan_matches.n
"""
MAKE_MOVED: Final = """
CREATE TEMPORARY TABLE scan_moved AS
SELECT source.id AS file_id, twin.id AS twin_id, twin.model_id, twin.relative_path AS path, source.relative_path AS from_path,
  twin.size_bytes, twin.mtime_ns, twin.etag, twin.extension, twin.kind, twin.role, twin.caption, twin.notes
FROM unnest(%(sources)s::bigint[], %(twins)s::bigint[]) AS pair(source_id, twin_id)
JOIN models3d_modelfile source ON source.id = pair.source_id JOIN models3d_modelfile twin ON twin.id = pair.twin_id
"""
HAND_ON_COVERS: Final = """
UPDATE models3d_model3d model SET cover_id = moved.file_id FROM scan_moved moved WHERE model.cover_id = moved.twin_id
"""
TAKE_OVER: Final = """
UPDATE models3d_modelfile file SET model_id = moved.model_id,
  caption = coalesce(nullif(file.caption, ''), moved.caption), notes = coalesce(nullif(file.notes, ''), moved.notes)
FROM scan_moved moved WHERE file.id = moved.file_id
"""
FOLLOW_MEMBERS: Final = """
UPDATE models3d_modelfile member SET model_id = moved.model_id FROM scan_moved moved WHERE member.archive_id = moved.file_id
"""
DROP: Final = "DROP TABLE IF EXISTS pg_temp.scan_heirs, pg_temp.scan_moved"
