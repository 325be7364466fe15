"""The SQL by which models follow their files: votes of the files, who takes which path, who is joined to whom."""

from typing import Final

_PARTS: Final = "('mesh', 'cad', 'sliced')"

# Models that lost files to a move, and those that no file is to stay in because the rules are others.
MAKE_LEAVING: Final = """
DROP TABLE IF EXISTS pg_temp.scan_leaving;
CREATE TEMPORARY TABLE scan_leaving AS
SELECT model_id FROM scan_diff WHERE what = 'moved' AND model_id IS NOT NULL
UNION
SELECT old_model_id FROM scan_moves WHERE old_model_id IS NOT NULL AND old_model_id NOT IN (
  SELECT file.model_id FROM models3d_modelfile file
  WHERE file.model_id IN (SELECT old_model_id FROM scan_moves) AND file.archive_id IS NULL AND file.missing_since IS NULL
    AND file.id NOT IN (SELECT file_id FROM scan_moves)
    AND file.id NOT IN (SELECT file_id FROM scan_diff WHERE what IN ('moved', 'missing')))
"""

# Where the files of models that lost some to a move are now, by the path of the model that belongs there.
MAKE_VOTES: Final = f"""
DROP TABLE IF EXISTS pg_temp.scan_votes, pg_temp.scan_model_moves, pg_temp.scan_joins;
CREATE TEMPORARY TABLE scan_votes AS
SELECT model_id, path, count(*) FILTER (WHERE kind IN {_PARTS}) AS parts, count(*) AS files FROM (
  SELECT file.model_id, coalesce(diff.decided, place.model, diff.own_model) AS path, file.kind
  FROM scan_diff diff JOIN scan_places place ON place.folder = diff.folder
  JOIN models3d_modelfile file ON file.id = diff.file_id
  WHERE diff.what = 'moved' AND file.model_id IN (SELECT model_id FROM scan_leaving)
  UNION ALL
  SELECT file.model_id, coalesce(seen.decided, place.model, seen.own_model), file.kind
  FROM models3d_modelfile file JOIN scan_seen seen ON seen.path = file.relative_path
  JOIN scan_places place ON place.folder = seen.folder
  WHERE file.library_id = %(library)s AND file.archive_id IS NULL
    AND file.model_id IN (SELECT model_id FROM scan_leaving)
    AND NOT EXISTS (SELECT FROM scan_diff diff WHERE diff.file_id = file.id AND diff.what = 'moved')
    AND NOT EXISTS (SELECT FROM scan_diff diff WHERE diff.path = seen.path AND diff.what = 'moved')
  UNION ALL
  SELECT file.model_id, model.relative_path, file.kind
  FROM models3d_modelfile file JOIN models3d_model3d model ON model.id = file.model_id
  WHERE file.library_id = %(library)s AND file.archive_id IS NULL AND file.missing_since IS NULL
    AND NOT starts_with(file.relative_path, %(scope)s)
    AND file.model_id IN (SELECT model_id FROM scan_leaving)) AS file
WHERE path IS NOT NULL GROUP BY model_id, path;
ANALYZE scan_votes;
"""

# Parts decide; a paper or a picture that many models share says nothing where there were parts. A tie keeps the place.
MAKE_MODEL_MOVES: Final = f"""
CREATE TEMPORARY TABLE scan_model_moves AS
WITH owned AS (
  SELECT model_id, count(*) AS files, bool_or(kind IN {_PARTS}) AS has_parts FROM models3d_modelfile
  WHERE model_id IN (SELECT model_id FROM scan_votes) AND archive_id IS NULL GROUP BY model_id),
vote AS (SELECT *, sum(files) OVER (PARTITION BY model_id) AS all_files FROM scan_votes)
SELECT DISTINCT ON (vote.model_id) vote.model_id, model.relative_path AS old_path, vote.path AS new_path,
  vote.parts, vote.files, vote.files = vote.all_files AS leaves_nothing, 2 * vote.files > owned.files AS is_most
FROM vote JOIN owned ON owned.model_id = vote.model_id JOIN models3d_model3d model ON model.id = vote.model_id
WHERE vote.parts > 0 OR NOT owned.has_parts
ORDER BY vote.model_id, vote.parts DESC, vote.files DESC, (vote.path = model.relative_path) DESC, vote.path;
DELETE FROM scan_model_moves WHERE new_path = old_path;
CREATE TEMPORARY TABLE scan_joins (gone_id bigint PRIMARY KEY, kept_id bigint, is_before boolean);
ANALYZE scan_model_moves;
"""

# Several models that end in one place: the one with most of it stays itself.
JOIN_RIVALS: Final = """
WITH ranked AS (
  SELECT *, first_value(model_id) OVER (PARTITION BY new_path ORDER BY parts DESC, files DESC, model_id) AS best_id
  FROM scan_model_moves),
lost AS (DELETE FROM scan_model_moves USING ranked
  WHERE scan_model_moves.model_id = ranked.model_id AND ranked.best_id <> ranked.model_id
  RETURNING ranked.*)
INSERT INTO scan_joins SELECT model_id, best_id, false FROM lost WHERE leaves_nothing AND is_most
"""

# Another model lives where a model would go, and does not go elsewhere itself. It stays if it has files of its own there.
JOIN_BLOCKED: Final = """
WITH blocked AS (
  SELECT move.*, holder.id AS holder_id FROM scan_model_moves move
  JOIN models3d_model3d holder ON holder.library_id = %(library)s
    AND md5(holder.relative_path) = md5(move.new_path) AND holder.relative_path = move.new_path
  WHERE holder.id NOT IN (SELECT model_id FROM scan_model_moves)
    AND (EXISTS (SELECT FROM models3d_modelfile file JOIN scan_seen seen ON seen.path = file.relative_path
      WHERE file.model_id = holder.id AND file.library_id = %(library)s
        AND NOT EXISTS (SELECT FROM scan_diff diff WHERE diff.file_id = file.id AND diff.what = 'moved')
        AND NOT EXISTS (SELECT FROM scan_diff diff WHERE diff.path = seen.path AND diff.what = 'moved'))
      OR EXISTS (SELECT FROM models3d_modelfile file WHERE file.model_id = holder.id AND file.missing_since IS NULL
        AND NOT starts_with(file.relative_path, %(scope)s)))),
lost AS (DELETE FROM scan_model_moves USING blocked WHERE scan_model_moves.model_id = blocked.model_id RETURNING blocked.*)
INSERT INTO scan_joins SELECT model_id, holder_id, false FROM lost WHERE leaves_nothing AND is_most
"""

# Models without files of their own make room for the one that comes, and what people put into them goes to it.
JOIN_HOLDERS: Final = """
INSERT INTO scan_joins
SELECT holder.id, move.model_id, true FROM scan_model_moves move
JOIN models3d_model3d holder ON holder.library_id = %(library)s
  AND md5(holder.relative_path) = md5(move.new_path) AND holder.relative_path = move.new_path
WHERE holder.id NOT IN (SELECT model_id FROM scan_model_moves)
ON CONFLICT DO NOTHING
"""
JOINS: Final = "SELECT gone_id, kept_id FROM scan_joins WHERE is_before = %(is_before)s"
MOVE_PROBLEMS: Final = """
UPDATE scanning_problem SET model_id = %(kept)s WHERE model_id = %(gone)s AND file_id IS NOT NULL
"""

MODEL_MOVES: Final = """
SELECT move.model_id, move.old_path, move.new_path, model.name, 'name' = ANY(model.edited_fields) AS is_named,
  EXISTS (SELECT FROM models3d_model3d holder WHERE holder.library_id = %(library)s
    AND md5(holder.relative_path) = md5(move.new_path) AND holder.relative_path = move.new_path) AS is_taken
FROM scan_model_moves move JOIN models3d_model3d model ON model.id = move.model_id
"""
MAKE_RENAMES: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS scan_renames (model_id bigint, path text, name text);
TRUNCATE scan_renames;
"""
STEP_ASIDE: Final = """
UPDATE models3d_model3d model SET relative_path = '/' || model.id FROM scan_renames rename WHERE model.id = rename.model_id
"""
# Words of files begin with the path. Were they left to `models3d.derived`, each model would be written and indexed twice.
RENAME: Final = """
UPDATE models3d_model3d model SET library_id = %(library)s, relative_path = rename.path, name = rename.name,
  file_words = CASE WHEN starts_with(model.file_words, left(model.relative_path, 2000) || ' ')
    THEN left(rename.path, 2000) || substr(model.file_words, length(left(model.relative_path, 2000)) + 1)
    ELSE model.file_words END
FROM scan_renames rename WHERE model.id = rename.model_id
"""
