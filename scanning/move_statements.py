"""The SQL that finds and writes moves: files that vanished in one place and were found in another with equal content."""

from typing import Final

DROP: Final = """
DROP TABLE IF EXISTS pg_temp.scan_sources, pg_temp.scan_targets, pg_temp.scan_matches, pg_temp.scan_hashes,
  pg_temp.scan_guesses
"""

HAS_MISSING: Final = """
SELECT EXISTS (SELECT FROM models3d_modelfile WHERE library_id = %(library)s AND missing_since IS NOT NULL
  AND binned_at IS NULL)
"""

# Rows whose content is no longer where it was: gone now, gone earlier, or with something else in their place.
MAKE_SOURCES: Final = """
CREATE TEMPORARY TABLE scan_sources AS
SELECT file.id AS file_id, diff.n, diff.what, file.relative_path AS path, file.size_bytes, file.mtime_ns, file.sha256
FROM scan_diff diff JOIN models3d_modelfile file ON file.id = diff.file_id
WHERE diff.what = 'missing' OR (diff.what IN ('changed', 'returned') AND diff.differs)
UNION ALL
SELECT file.id, NULL, 'away', file.relative_path, file.size_bytes, file.mtime_ns, file.sha256
FROM models3d_modelfile file
WHERE file.library_id = %(library)s AND file.archive_id IS NULL AND file.missing_since IS NOT NULL
  AND file.binned_at IS NULL
  AND NOT EXISTS (SELECT FROM scan_seen seen WHERE seen.path = file.relative_path);
ANALYZE scan_sources;
"""

# Paths with a content that was not there before. A path that had another content before counts only if something with
# its present size and time was known elsewhere: names were exchanged, not a file edited.
MAKE_TARGETS: Final = """
CREATE TEMPORARY TABLE scan_targets AS
SELECT diff.n, diff.what, diff.path, diff.size_bytes, diff.mtime_ns, '' AS sha256,
  diff.size_bytes > 0 AND diff.size_bytes IN (SELECT size_bytes FROM scan_sources WHERE sha256 <> '') AS is_to_hash
FROM scan_diff diff
WHERE diff.size_bytes IN (SELECT size_bytes FROM scan_sources)
  AND (diff.what = 'new' OR (diff.what IN ('changed', 'returned') AND diff.differs
                             AND (diff.size_bytes, diff.mtime_ns) IN (SELECT size_bytes, mtime_ns FROM scan_sources)))
ORDER BY diff.n;
CREATE INDEX ON scan_targets (n);
ANALYZE scan_targets;
"""
MAKE_MATCHES: Final = """
CREATE TEMPORARY TABLE scan_hashes (n bigint, sha256 text);
CREATE TEMPORARY TABLE scan_guesses (file_id bigint, place integer, path text);
CREATE TEMPORARY TABLE scan_matches (file_id bigint PRIMARY KEY, n bigint UNIQUE, is_taken boolean DEFAULT false);
"""
HAS_TARGETS: Final = "SELECT EXISTS (SELECT FROM scan_targets)"

TO_HASH: Final = """
SELECT n, path FROM scan_targets
WHERE n > %(after)s AND is_to_hash ORDER BY n LIMIT %(limit)s
"""
STORE_HASHES: Final = """
UPDATE scan_targets target SET sha256 = hashed.sha256 FROM scan_hashes hashed WHERE hashed.n = target.n;
ANALYZE scan_targets;
"""

_FREE: Final = """
free_source AS (SELECT *, regexp_replace(path, '^.*/', '') AS name, regexp_replace(path, '[^/]*$', '') AS folder
  FROM scan_sources WHERE file_id NOT IN (SELECT file_id FROM scan_matches)),
free_target AS (SELECT *, regexp_replace(path, '^.*/', '') AS name, regexp_replace(path, '[^/]*$', '') AS folder
  FROM scan_targets WHERE n NOT IN (SELECT n FROM scan_matches))
"""
# Where another content lies now, or was replaced, a copy could have been made before: only a rename keeps the time.
_MAY_BE_MOVED: Final = """
  source.n IS DISTINCT FROM target.n
  AND ((source.what <> 'changed' AND target.what = 'new') OR source.mtime_ns = target.mtime_ns)
"""


def _match_once(*, where: str, key: str) -> str:
    """The statement that matches sources and targets that alone on their side have this key."""
    keys = ", ".join(key.split())
    return f"""
WITH {_FREE},
source AS (SELECT *, count(*) OVER (PARTITION BY {keys}) AS twins FROM free_source WHERE {where}),
target AS (SELECT *, count(*) OVER (PARTITION BY {keys}) AS twins FROM free_target)
INSERT INTO scan_matches (file_id, n)
SELECT source.file_id, target.n FROM source JOIN target USING ({keys})
WHERE source.twins = 1 AND target.twins = 1 AND {_MAY_BE_MOVED}
"""


_IS_HASHED: Final = "sha256 <> '' AND size_bytes > 0"
MATCH_BY_CONTENT: Final = _match_once(where=_IS_HASHED, key="sha256")
MATCH_BY_CONTENT_NAME_AND_TIME: Final = _match_once(where=_IS_HASHED, key="sha256 name mtime_ns")
MATCH_BY_CONTENT_AND_NAME: Final = _match_once(where=_IS_HASHED, key="sha256 name")
MATCH_BY_CONTENT_AND_FOLDER: Final = _match_once(where=_IS_HASHED, key="sha256 folder")
MATCH_UNHASHED: Final = _match_once(where="sha256 = '' AND size_bytes > 0", key="size_bytes mtime_ns name")

# A file that was never read left its place, which is proven to be that of another now: then size and time will do.
MATCH_UNHASHED_THAT_LEFT: Final = _match_once(
    where="sha256 = '' AND size_bytes > 0 AND n IN (SELECT n FROM scan_matches)", key="size_bytes mtime_ns"
)

# What is left has equal twins on a side: any of them is as right as another, so the order of paths decides.
MATCH_IN_ORDER: Final = f"""
WITH {_FREE},
source AS (SELECT *, row_number() OVER (PARTITION BY sha256 ORDER BY what = 'away', path) AS place
  FROM free_source WHERE {_IS_HASHED} AND what <> 'changed'),
target AS (SELECT *, row_number() OVER (PARTITION BY sha256 ORDER BY path) AS place
  FROM free_target WHERE what = 'new')
INSERT INTO scan_matches (file_id, n)
SELECT source.file_id, target.n FROM source JOIN target USING (sha256, place)
"""

MATCHED_PATHS: Final = """
SELECT source.path AS old_path, target.path AS new_path FROM scan_matches
JOIN scan_sources source USING (file_id) JOIN scan_targets target ON target.n = scan_matches.n
"""
UNMATCHED_SOURCES: Final = """
SELECT file_id, path FROM scan_sources source
WHERE size_bytes IN (SELECT size_bytes FROM scan_targets)
  AND file_id NOT IN (SELECT file_id FROM scan_matches)
"""
MATCH_GUESSES: Final = f"""
ANALYZE scan_guesses;
WITH {_FREE},
fitting AS (
  SELECT DISTINCT ON (source.file_id) source.file_id, target.n, guess.place
  FROM scan_guesses guess JOIN free_source source USING (file_id) JOIN free_target target ON target.path = guess.path
  WHERE source.size_bytes = target.size_bytes AND {_MAY_BE_MOVED}
    AND (source.mtime_ns = target.mtime_ns OR source.sha256 <> '')
    AND (source.sha256 = '' OR source.size_bytes = 0 OR source.sha256 = target.sha256)
  ORDER BY source.file_id, guess.place)
INSERT INTO scan_matches (file_id, n)
SELECT DISTINCT ON (n) file_id, n FROM fitting ORDER BY n, place, file_id
"""

NOTE_TAKEN: Final = """
UPDATE scan_matches SET is_taken = true FROM scan_diff diff WHERE diff.n = scan_matches.n AND diff.file_id IS NOT NULL
"""
# A row whose place another one takes goes, missing, to the place that became free for it: the one left by that other, or by
# the one that took this in turn. There is none where a new content lies at the end: then a copy could have been made
# before the edit, and rows stay with their paths.
_YIELDING: Final = """
RECURSIVE yielding AS (
  SELECT diff.file_id, diff.model_id, source.n, source.what
  FROM scan_matches JOIN scan_diff diff ON diff.n = scan_matches.n
  JOIN scan_sources source ON source.file_id = scan_matches.file_id
  WHERE scan_matches.is_taken AND diff.what = 'changed' AND source.sha256 <> ''
    AND diff.file_id NOT IN (SELECT file_id FROM scan_matches)
  UNION ALL
  SELECT yielding.file_id, yielding.model_id, source.n, source.what
  FROM yielding JOIN scan_matches USING (n) JOIN scan_sources source ON source.file_id = scan_matches.file_id)
"""
# The row of a file that was missing before yields, too.
DROP_DISPLACING: Final = f"""
WITH {_YIELDING}
DELETE FROM scan_matches USING scan_diff diff, scan_sources source
WHERE diff.n = scan_matches.n AND source.file_id = scan_matches.file_id
  AND scan_matches.is_taken AND diff.file_id NOT IN (SELECT file_id FROM scan_matches)
  AND NOT (diff.what = 'returned' AND source.what IN ('missing', 'away'))
  AND diff.file_id NOT IN (SELECT file_id FROM yielding WHERE what = 'missing')
"""
LET_YIELD: Final = f"""
WITH {_YIELDING}
UPDATE scan_diff SET file_id = yielding.file_id, model_id = yielding.model_id
FROM yielding WHERE yielding.what = 'missing' AND scan_diff.n = yielding.n
"""

WRITE_INTO_DIFF: Final = """
DELETE FROM scan_diff USING scan_matches JOIN scan_sources source USING (file_id)
WHERE scan_diff.n = source.n AND scan_diff.file_id = source.file_id AND source.what = 'missing';
UPDATE scan_diff SET what = 'new', file_id = NULL, model_id = NULL
FROM scan_matches JOIN scan_sources source USING (file_id)
WHERE scan_diff.n = source.n AND scan_diff.file_id = source.file_id;
UPDATE scan_diff SET what = 'moved', file_id = file.id, model_id = file.model_id, from_path = file.relative_path,
  differs = false, is_taken = scan_matches.is_taken
FROM scan_matches JOIN models3d_modelfile file ON file.id = scan_matches.file_id WHERE scan_diff.n = scan_matches.n;
"""

MOVED: Final = """
SELECT file_id, path, from_path, size_bytes, mtime_ns, etag FROM scan_diff
WHERE what = 'moved' AND is_taken = %(is_taken)s AND n > %(after)s AND n <= %(upto)s ORDER BY n
"""
MAKE_MOVED: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS scan_moved (
  file_id bigint, path text, from_path text, size_bytes bigint, mtime_ns bigint, etag text, extension text, kind text, role text);
TRUNCATE scan_moved;
"""
# No path begins with a slash, so that rows which exchange their paths find room. Rows whose path is taken by another, of
# files that are missing now, stay so at a path which became free: the diff names it, or it is that of the other.
MAKE_YIELDED: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS scan_yielded (file_id bigint, path text, from_path text);
TRUNCATE scan_yielded;
INSERT INTO scan_yielded
SELECT file.id, coalesce(gone.path, moved.from_path), moved.path
FROM scan_moved moved JOIN models3d_modelfile file ON file.library_id = %(library)s
  AND md5(file.relative_path) = md5(moved.path) AND file.relative_path = moved.path
LEFT JOIN scan_diff gone ON gone.file_id = file.id AND gone.what = 'missing'
WHERE file.id NOT IN (SELECT file_id FROM scan_moved);
"""
STEP_ASIDE: Final = """
UPDATE models3d_modelfile file
SET relative_path = '/' || moved.file_id || substr(file.relative_path, length(moved.from_path) + 1)
FROM scan_moved moved WHERE file.archive_id = moved.file_id;
UPDATE models3d_modelfile file SET relative_path = '/' || file.id FROM scan_moved moved WHERE file.id = moved.file_id;
UPDATE models3d_modelfile member
SET relative_path = yielded.path || substr(member.relative_path, length(yielded.from_path) + 1)
FROM scan_yielded yielded WHERE member.archive_id = yielded.file_id;
UPDATE models3d_modelfile file SET relative_path = yielded.path
FROM scan_yielded yielded WHERE file.id = yielded.file_id;
UPDATE scan_moved SET from_path = '/' || file_id;
"""
# What lies in an archive goes with it, and comes back with it.
MOVE_MEMBERS: Final = """
UPDATE models3d_modelfile member SET library_id = %(library)s, are_problems_stale = true,
  relative_path = moved.path || substr(member.relative_path, length(moved.from_path) + 1),
  missing_since = CASE WHEN member.missing_since < archive.missing_since OR archive.missing_since IS NULL
                       THEN member.missing_since END
FROM scan_moved moved JOIN models3d_modelfile archive ON archive.id = moved.file_id
WHERE member.archive_id = archive.id
"""
# A file of another format than before is read anew; else everything that is known of the content stays.
MOVE_ROWS: Final = """
UPDATE models3d_modelfile file SET library_id = %(library)s, relative_path = moved.path, missing_since = NULL,
  size_bytes = moved.size_bytes, mtime_ns = moved.mtime_ns, etag = moved.etag,
  extension = moved.extension, kind = moved.kind, role = moved.role, are_problems_stale = true,
  analysis_state = CASE WHEN file.extension = moved.extension THEN file.analysis_state ELSE 'pending' END,
  analysis_attempts = CASE WHEN file.extension = moved.extension THEN file.analysis_attempts ELSE 0 END,
  analysis_claimed_until = CASE WHEN file.extension = moved.extension THEN file.analysis_claimed_until END
FROM scan_moved moved WHERE file.id = moved.file_id
"""
