"""The SQL by which every file that a scan saw gets the model that it is to be in."""

from typing import Final

# Known files that were not seen, for whatever reason: a folder keeps its model while the disk is away. Where only a
# folder is scanned, those beside it tell what it belongs to.
UNSEEN_PATHS: Final = """
SELECT relative_path FROM models3d_modelfile file
WHERE library_id = %(library)s AND archive_id IS NULL AND starts_with(relative_path, %(around)s)
  AND NOT EXISTS (SELECT FROM scan_seen seen WHERE seen.path = file.relative_path)
  AND NOT EXISTS (SELECT FROM scan_diff diff WHERE diff.file_id = file.id AND diff.what = 'moved')
"""
MAKE_PLACES: Final = """
DROP TABLE IF EXISTS pg_temp.scan_places;
CREATE TEMPORARY TABLE scan_places (folder integer, model text);
"""

# In flat dumps: what only accompanies a stem without any part or archive belongs to no model. Where only a folder is
# scanned, the part may lie beside it.
DROP_LONELY_COMPANIONS: Final = """
UPDATE scan_seen SET own_model = NULL
WHERE NOT makes_model AND own_model IS NOT NULL
  AND own_model NOT IN (SELECT own_model FROM scan_seen WHERE makes_model AND own_model IS NOT NULL)
  AND (%(scope)s = '' OR own_model NOT IN (SELECT relative_path FROM models3d_model3d WHERE library_id = %(library)s))
"""

MOVES: Final = "SELECT from_path, path FROM scan_diff WHERE what = 'moved'"
# Those of the paths where, or below which, a file still is that was there before.
STILL_THERE: Final = """
SELECT wanted.path FROM unnest(%(paths)s::text[]) AS wanted(path) WHERE EXISTS (
  SELECT FROM scan_seen seen
  WHERE (seen.path = wanted.path OR starts_with(seen.path, wanted.path || '/') OR starts_with(seen.path, wanted.path || '.'))
    AND NOT EXISTS (SELECT FROM scan_diff diff WHERE diff.path = seen.path AND diff.what IN ('new', 'moved')))
"""

SEEN_BELOW: Final = """
SELECT path FROM scan_seen, unnest(%(folders)s::text[]) AS folder(path_of) WHERE starts_with(path, path_of || '/')
"""
MAKE_OWNED: Final = """
DROP TABLE IF EXISTS pg_temp.scan_owned;
CREATE TEMPORARY TABLE scan_owned (path text, model text);
"""
WRITE_OWNED: Final = """
UPDATE scan_seen SET own_model = owned.model FROM scan_owned owned WHERE scan_seen.path = owned.path
"""
TELL_DIFF: Final = """
UPDATE scan_diff SET own_model = seen.own_model, decided = seen.decided
FROM scan_seen seen WHERE scan_diff.path = seen.path AND scan_diff.what <> 'missing'
"""
WRITE_MERGED: Final = """
UPDATE scan_seen SET own_model = owned.model FROM scan_owned owned WHERE scan_seen.own_model = owned.path
"""
WRITE_SPLIT: Final = """
UPDATE scan_seen SET decided = owned.model FROM scan_owned owned WHERE scan_seen.path = owned.path
"""
