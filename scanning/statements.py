"""The SQL of a scan. Rows are compared and written by few statements over temporary tables; `scan_seen` is what the disk says."""

from typing import Final

# The hash of a million paths needs room; without it the join goes to disk.
COMPARE: Final = """
SET LOCAL work_mem = '48MB';
CREATE TEMPORARY TABLE scan_diff AS
SELECT row_number() OVER (ORDER BY path) AS n, * FROM (
  SELECT coalesce(seen.path, file.relative_path) AS path, file.id AS file_id, file.model_id,
    seen.size_bytes, seen.mtime_ns, seen.etag, seen.folder, seen.own_model, seen.decided,
    CASE WHEN file.id IS NULL THEN 'new' WHEN seen.path IS NULL THEN 'missing'
         WHEN file.missing_since IS NOT NULL THEN 'returned' ELSE 'changed' END AS what,
    (seen.size_bytes, seen.mtime_ns, seen.etag) IS DISTINCT FROM (file.size_bytes, file.mtime_ns, file.etag) AS differs,
    NULL::text AS from_path, false AS is_taken
  FROM scan_seen seen
  FULL JOIN (
    SELECT id, relative_path, model_id, size_bytes, mtime_ns, etag, missing_since FROM models3d_modelfile
    WHERE library_id = %(library)s AND archive_id IS NULL AND starts_with(relative_path, %(scope)s)
    ) file ON file.relative_path = seen.path
  WHERE file.id IS NULL
    OR (seen.path IS NULL AND file.missing_since IS NULL)
    OR (seen.path IS NOT NULL AND (file.missing_since IS NOT NULL
        OR (seen.size_bytes, seen.mtime_ns, seen.etag) IS DISTINCT FROM (file.size_bytes, file.mtime_ns, file.etag)))
  ) AS difference;
"""

# What lies where nobody could look is not missing.
KEEP_UNKNOWN: Final = """
DELETE FROM scan_diff USING unnest(%(unknown)s::text[]) AS unknown(path)
WHERE what = 'missing'
  AND (unknown.path = '' OR scan_diff.path = unknown.path OR starts_with(scan_diff.path, unknown.path || '/'))
"""

LIST_CHANGES: Final = """
SELECT path, coalesce(from_path, '') FROM scan_diff WHERE what = %(what)s ORDER BY n LIMIT %(limit)s
"""
COUNT: Final = "SELECT what, count(*) FROM scan_diff GROUP BY what"
LAST_NUMBER: Final = "SELECT coalesce(max(n), 0) FROM scan_diff"

ARRIVALS: Final = """
SELECT path, size_bytes, mtime_ns, etag, folder, own_model, decided FROM scan_diff
WHERE what = 'new' AND n > %(after)s AND n <= %(upto)s ORDER BY n
"""

MAKE_ARRIVALS: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS scan_arrivals (
  path text, size_bytes bigint, mtime_ns bigint, etag text, extension text, kind text, role text, model text);
TRUNCATE scan_arrivals;
"""

INSERT_FILES: Final = """
WITH added AS (
  INSERT INTO models3d_modelfile (library_id, model_id, relative_path, extension, kind, role, size_bytes, mtime_ns, etag,
                                  are_problems_stale)
  SELECT %(library)s, model.id, arrival.path, arrival.extension, arrival.kind, arrival.role, arrival.size_bytes,
         arrival.mtime_ns, arrival.etag, arrival.size_bytes = 0
  FROM scan_arrivals arrival
  LEFT JOIN models3d_model3d model ON model.library_id = %(library)s
    AND md5(model.relative_path) = md5(arrival.model) AND model.relative_path = arrival.model
  ORDER BY arrival.path
  ON CONFLICT (library_id, md5(relative_path)) DO NOTHING
  RETURNING model_id)
SELECT DISTINCT model_id FROM added WHERE model_id IS NOT NULL
"""

MAKE_MODELS: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS scan_models (path text, name text);
TRUNCATE scan_models;
"""

# With the derived columns that `models3d.derived` would find for models whose files are all among these arrivals.
INSERT_MODELS: Final = r"""
INSERT INTO models3d_model3d (library_id, relative_path, name, license, links, notes, is_sensitive, custom_fields,
                              edited_fields, updated_at, file_count, total_bytes, formats, file_words)
SELECT %(library)s, wanted.path, wanted.name, '', '[]', '', false, '{}', '{}', %(now)s, coalesce(counted.file_count, 0),
  coalesce(counted.total_bytes, 0), coalesce(counted.formats, '{}'),
  left(wanted.path, 2000) || ' ' || coalesce(counted.file_names, '')
FROM scan_models wanted LEFT JOIN (
  SELECT model, count(*) AS file_count, sum(size_bytes) AS total_bytes,
    array_agg(DISTINCT extension ORDER BY extension) FILTER (WHERE extension <> '') AS formats,
    left(string_agg(regexp_replace(path, '^.*/', ''), ' ' ORDER BY path), 20000) AS file_names
  FROM scan_arrivals GROUP BY model) counted ON counted.model = wanted.path
ON CONFLICT (library_id, md5(relative_path)) DO NOTHING
RETURNING id
"""

_START_OVER: Final = """
  size_bytes = diff.size_bytes, mtime_ns = diff.mtime_ns, etag = diff.etag,
  sha256 = CASE WHEN diff.differs THEN '' ELSE file.sha256 END,
  analysis_state = CASE WHEN diff.differs THEN 'pending' ELSE file.analysis_state END,
  analysis_claimed_until = CASE WHEN diff.differs THEN NULL ELSE file.analysis_claimed_until END,
  analysis_attempts = CASE WHEN diff.differs THEN 0 ELSE file.analysis_attempts END,
  analysis_error_code = CASE WHEN diff.differs THEN '' ELSE file.analysis_error_code END,
  analysis_error = CASE WHEN diff.differs THEN '' ELSE file.analysis_error END
"""

# Changed ones are to be hashed and measured anew; returned ones only if they come back otherwise than they went.
UPDATE_FILES: Final = f"""
UPDATE models3d_modelfile file SET missing_since = NULL, are_problems_stale = true, {_START_OVER}
FROM scan_diff diff
WHERE diff.file_id = file.id AND diff.what IN ('changed', 'returned') AND diff.n > %(after)s AND diff.n <= %(upto)s
"""

MARK_MISSING: Final = """
UPDATE models3d_modelfile file SET missing_since = %(now)s, are_problems_stale = true
FROM scan_diff diff
WHERE diff.file_id = file.id AND diff.what = 'missing' AND diff.n > %(after)s AND diff.n <= %(upto)s
"""

MODELS_OF_KNOWN: Final = "SELECT DISTINCT model_id FROM scan_diff WHERE model_id IS NOT NULL"

# Known files whose folder now belongs to another model than the one they are in.
FIND_MOVES: Final = """
SET LOCAL work_mem = '48MB';
DROP TABLE IF EXISTS pg_temp.scan_moves;
CREATE TEMPORARY TABLE scan_moves AS
SELECT row_number() OVER () AS n, * FROM (
  SELECT file.id AS file_id, file.model_id AS old_model_id, coalesce(seen.decided, place.model, seen.own_model) AS model
  FROM scan_seen seen
  JOIN scan_places place ON place.folder = seen.folder
  JOIN models3d_modelfile file ON file.library_id = %(library)s AND file.archive_id IS NULL AND file.relative_path = seen.path
  LEFT JOIN models3d_model3d model ON model.id = file.model_id
  WHERE model.relative_path IS DISTINCT FROM coalesce(seen.decided, place.model, seen.own_model)) AS move;
"""

COUNT_MOVES: Final = "SELECT count(*) FROM scan_moves"
LIST_MOVES: Final = """
SELECT file.relative_path, coalesce(model.relative_path, '') || %(between)s || coalesce(move.model, '')
FROM scan_moves move JOIN models3d_modelfile file ON file.id = move.file_id
LEFT JOIN models3d_model3d model ON model.id = move.old_model_id
ORDER BY file.relative_path LIMIT %(limit)s
"""
# Models that followed their files to another path have them there.
DROP_SETTLED_MOVES: Final = """
DELETE FROM scan_moves USING models3d_modelfile file JOIN models3d_model3d model ON model.id = file.model_id
WHERE file.id = scan_moves.file_id AND model.relative_path = scan_moves.model
"""
MODELS_TO_MOVE_TO: Final = "SELECT DISTINCT model FROM scan_moves WHERE model IS NOT NULL"
LAST_MOVE: Final = "SELECT coalesce(max(n), 0) FROM scan_moves"

MOVE_FILES: Final = """
WITH moved AS (
  UPDATE models3d_modelfile file SET model_id = model.id, are_problems_stale = true
  FROM scan_moves move
  LEFT JOIN models3d_model3d model ON model.library_id = %(library)s
    AND md5(model.relative_path) = md5(move.model) AND model.relative_path = move.model
  WHERE file.id = move.file_id AND move.n > %(after)s AND move.n <= %(upto)s
  RETURNING file.model_id, move.old_model_id)
SELECT model_id FROM moved WHERE model_id IS NOT NULL
UNION SELECT old_model_id FROM moved WHERE old_model_id IS NOT NULL
"""

# Before a model that lost its files goes: its problems are those of its files, ignored ones too.
MOVE_PROBLEMS: Final = """
UPDATE scanning_problem problem SET model_id = file.model_id
FROM scan_moves move JOIN models3d_modelfile file ON file.id = move.file_id
WHERE problem.file_id = file.id AND problem.model_id IS DISTINCT FROM file.model_id
"""
LEFT_MODELS: Final = "SELECT DISTINCT old_model_id FROM scan_moves WHERE old_model_id IS NOT NULL"
