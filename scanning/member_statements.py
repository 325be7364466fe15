"""The SQL by which files inside archives become rows and stay in line with their archives."""

from typing import Final

# An archive is opened when it is not the one whose members were listed last, or was listed by other rules.
_CURRENT: Final = "md5(concat_ws(' ', size_bytes, mtime_ns, etag, %(rules)s))"
UNLISTED: Final = f"""
SELECT id, relative_path, mtime_ns, {_CURRENT} FROM models3d_modelfile
WHERE library_id = %(library)s AND kind = 'archive' AND archive_id IS NULL AND missing_since IS NULL
  AND listed_as <> {_CURRENT}
ORDER BY id
"""

# Files inside an archive that is away are away; it is looked into again when it is back.
MISS_WITH_ARCHIVES: Final = """
WITH gone AS (
  UPDATE models3d_modelfile SET listed_as = '', listing_error_code = '', listing_error = '', are_problems_stale = true
  WHERE library_id = %(library)s AND listed_as <> '' AND (missing_since IS NOT NULL OR kind <> 'archive')
  RETURNING id)
UPDATE models3d_modelfile member SET missing_since = %(now)s, are_problems_stale = true
FROM gone WHERE member.archive_id = gone.id AND member.missing_since IS NULL
"""

FOLLOW_ARCHIVES: Final = """
UPDATE models3d_modelfile member SET model_id = archive.model_id, are_problems_stale = true
FROM models3d_modelfile archive
WHERE archive.library_id = %(library)s AND archive.listed_as <> '' AND member.archive_id = archive.id
  AND member.model_id IS DISTINCT FROM archive.model_id
"""

MAKE_LISTED: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS scan_listed (archive_id bigint, listed_as text, code text, sentence text);
CREATE TEMPORARY TABLE IF NOT EXISTS scan_members (
  archive_id bigint, path text, size_bytes bigint, mtime_ns bigint, etag text, extension text, kind text, role text);
TRUNCATE scan_listed, scan_members;
"""
DROP_LISTED: Final = "DROP TABLE IF EXISTS pg_temp.scan_listed, pg_temp.scan_members"

# By its checksum where the archive has one: packing the same files again changes nothing but their times.
_DIFFERS: Final = """
  (seen.size_bytes <> file.size_bytes OR CASE WHEN seen.etag <> '' AND file.etag <> '' THEN seen.etag <> file.etag
                                              ELSE seen.mtime_ns IS DISTINCT FROM file.mtime_ns END)
"""
UPDATE_MEMBERS: Final = f"""
WITH different AS (
  SELECT file.id, seen.*, {_DIFFERS} AS differs
  FROM scan_members seen JOIN models3d_modelfile file ON file.archive_id = seen.archive_id AND file.relative_path = seen.path
  WHERE file.missing_since IS NOT NULL OR seen.mtime_ns IS DISTINCT FROM file.mtime_ns OR {_DIFFERS})
UPDATE models3d_modelfile file SET missing_since = NULL, are_problems_stale = true,
  size_bytes = diff.size_bytes, mtime_ns = diff.mtime_ns, etag = diff.etag,
  sha256 = CASE WHEN diff.differs THEN '' ELSE file.sha256 END,
  analysis_state = CASE WHEN diff.differs THEN 'pending' ELSE file.analysis_state END,
  analysis_claimed_until = CASE WHEN diff.differs THEN NULL ELSE file.analysis_claimed_until END,
  analysis_attempts = CASE WHEN diff.differs THEN 0 ELSE file.analysis_attempts END,
  analysis_error_code = CASE WHEN diff.differs THEN '' ELSE file.analysis_error_code END,
  analysis_error = CASE WHEN diff.differs THEN '' ELSE file.analysis_error END
FROM different diff WHERE diff.id = file.id
"""

MISS_MEMBERS: Final = """
UPDATE models3d_modelfile member SET missing_since = %(now)s, are_problems_stale = true
FROM scan_listed listed
WHERE member.archive_id = listed.archive_id AND member.missing_since IS NULL
  AND NOT EXISTS (SELECT FROM scan_members seen WHERE seen.path = member.relative_path)
"""

INSERT_MEMBERS: Final = """
INSERT INTO models3d_modelfile (library_id, model_id, archive_id, relative_path, extension, kind, role, size_bytes, mtime_ns,
                                etag, are_problems_stale)
SELECT %(library)s, archive.model_id, archive.id, seen.path, seen.extension, seen.kind, seen.role, seen.size_bytes,
       seen.mtime_ns, seen.etag, seen.size_bytes = 0
FROM scan_members seen JOIN models3d_modelfile archive ON archive.id = seen.archive_id
WHERE NOT EXISTS (
  SELECT FROM models3d_modelfile known
  WHERE known.archive_id = seen.archive_id AND known.relative_path = seen.path)
ON CONFLICT (library_id, md5(relative_path)) DO NOTHING
"""

NOTE_LISTED: Final = """
UPDATE models3d_modelfile archive SET listed_as = listed.listed_as, listing_error_code = listed.code,
  listing_error = listed.sentence, are_problems_stale = true
FROM scan_listed listed WHERE archive.id = listed.archive_id RETURNING archive.model_id
"""
