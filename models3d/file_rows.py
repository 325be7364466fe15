"""Rows of files and models that follow what a move did on the disk, so that the next scan finds nothing new or missing."""

from datetime import datetime
from typing import Any, Final

from django.db import connection

from libraries.listing import BIN_FOLDER
from libraries.models import Library
from libraries.storage import LibraryStorage, StorageError
from models3d.models import FileChange, ModelFile, Move

_FIND: Final = """
SELECT id FROM models3d_modelfile
WHERE library_id = %(library)s AND md5(relative_path) = md5(%(new)s) AND relative_path = %(new)s AND id <> %(file)s
"""
# What lies in an archive goes with it, and comes back with it.
_RENAME: Final = """
UPDATE models3d_modelfile SET relative_path = %(new)s || substr(relative_path, length(%(old)s) + 1)
WHERE id = %(file)s OR archive_id = %(file)s
"""
_INTO_BIN: Final = """
UPDATE models3d_modelfile SET missing_since = coalesce(missing_since, %(now)s), binned_at = %(now)s, are_problems_stale = true
WHERE (id = %(file)s OR archive_id = %(file)s) AND binned_at IS NULL
"""
_OUT_OF_BIN: Final = """
UPDATE models3d_modelfile SET
  missing_since = CASE WHEN missing_since < binned_at AND archive_id IS NOT NULL THEN missing_since END,
  binned_at = NULL, are_problems_stale = true
WHERE (id = %(file)s OR archive_id = %(file)s) AND binned_at IS NOT NULL
"""
_STALE: Final = "UPDATE models3d_modelfile SET are_problems_stale = true WHERE id = %(file)s"
_FIND_MODELS: Final = """
SELECT model.relative_path, %(new)s || substr(model.relative_path, length(%(old)s) + 1) FROM models3d_model3d model
WHERE model.library_id = %(library)s
  AND ((model.id = %(model)s AND model.relative_path = %(old)s)
       OR (%(is_whole)s AND starts_with(model.relative_path, %(old)s || '/')))
  AND NOT EXISTS (
    SELECT FROM models3d_model3d other WHERE other.library_id = model.library_id AND other.id <> model.id
      AND md5(other.relative_path) = md5(%(new)s || substr(model.relative_path, length(%(old)s) + 1)))
"""
_MOVE_MODELS: Final = """
UPDATE models3d_model3d model SET relative_path = pair.new
FROM unnest(%(olds)s::text[], %(news)s::text[]) AS pair (old, new)
WHERE model.library_id = %(library)s AND md5(model.relative_path) = md5(pair.old) AND model.relative_path = pair.old
"""


def move_row(
    file_id: int, library: Library, storage: LibraryStorage, old: str, new: str, *, now: datetime
) -> None:
    """Write that a file is at `new` now, in the caller's transaction. Into the bin and out of it is a path like any other.

    A row that had the path is of a file that is gone: it stays what it is, at the path that is left.
    """
    values: dict[str, Any] = {"file": file_id, "library": library.pk, "new": new, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, values)
        aside = [row[0] for row in cursor.fetchall()]
        # No path begins with a slash, so that rows which exchange theirs find room.
        for other in aside:
            cursor.execute(_RENAME, {"file": other, "old": new, "new": f"/{other}"})
        cursor.execute(_RENAME, {"file": file_id, "old": old, "new": new})
        for other in aside:
            cursor.execute(_RENAME, {"file": other, "old": f"/{other}", "new": old})
        cursor.execute(_INTO_BIN if new.startswith(f"{BIN_FOLDER}/") else _OUT_OF_BIN, values)
        cursor.execute(_STALE, values)
    if library.storage == Library.Storage.S3:
        _note_new_object(file_id, storage, new)


def move_models(move: Move) -> dict[str, str]:
    """Give the model of `move`, and those in its folder if that was moved as a whole, their new paths; return old and new ones.

    Where another model has the path, the next scan decides.
    """
    kinds = FileChange.Kind
    origin = move.undoes.change.kind if move.undoes else move.change.kind
    is_whole = origin == kinds.MOVE and move.file_id is None
    values: dict[str, Any] = {"library": move.change.library_id, "model": move.model_id, "is_whole": is_whole}
    values |= {"old": move.from_path, "new": move.to_path}
    with connection.cursor() as cursor:
        cursor.execute(_FIND_MODELS, values)
        new_paths: dict[str, str] = dict(cursor.fetchall())
        pairs = {"olds": list(new_paths), "news": list(new_paths.values())}
        cursor.execute(_MOVE_MODELS, {"library": move.change.library_id, **pairs})
    return new_paths


def _note_new_object(file_id: int, storage: LibraryStorage, path: str) -> None:
    """A copied object has a time of its own; its row takes it over if the content is known to be the same."""
    try:
        found = storage.stat(path)
    except StorageError:
        return  # the next scan sees what became of it
    same = ModelFile.objects.filter(pk=file_id, size_bytes=found.size_bytes, etag=found.etag)
    same.update(mtime_ns=found.mtime_ns)
