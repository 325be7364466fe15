"""Clearing away the rows of removed libraries, batch by batch: nobody waits for it, and a crash loses nothing."""

from typing import Final

from django.db import connection, transaction

from config.lib.locks import library_lock
from libraries.models import Library

# A statement deletes this many rows at most: well under a second, whatever the size of the library.
_BATCH: Final = 5_000

# In this order no row is left that points to one that is gone. Members of archives go before the archives.
_STEPS: Final = (
    "DELETE FROM scanning_problem WHERE id IN (SELECT id FROM scanning_problem WHERE library_id = %(library)s LIMIT %(batch)s)",
    """DELETE FROM scanning_scanlist WHERE id IN (SELECT list.id FROM scanning_scanlist list
         JOIN scanning_scan scan ON scan.id = list.scan_id WHERE scan.library_id = %(library)s LIMIT %(batch)s)""",
    "DELETE FROM scanning_scan WHERE id IN (SELECT id FROM scanning_scan WHERE library_id = %(library)s LIMIT %(batch)s)",
    """UPDATE models3d_model3d SET cover_id = NULL WHERE id IN (
         SELECT id FROM models3d_model3d WHERE library_id = %(library)s AND cover_id IS NOT NULL LIMIT %(batch)s)""",
    """DELETE FROM models3d_modelfile WHERE id IN (
         SELECT id FROM models3d_modelfile WHERE library_id = %(library)s AND archive_id IS NOT NULL LIMIT %(batch)s)""",
    """DELETE FROM models3d_modelfile WHERE id IN (
         SELECT id FROM models3d_modelfile WHERE library_id = %(library)s LIMIT %(batch)s)""",
)
_DELETE_MODELS: Final = (
    "DELETE FROM models3d_model3d_tags WHERE model3d_id = ANY(%(ids)s)",
    "DELETE FROM models3d_model3d_collections WHERE model3d_id = ANY(%(ids)s)",
    "DELETE FROM scanning_parsedmetadata WHERE model_id = ANY(%(ids)s)",
    "DELETE FROM models3d_mark WHERE model_id = ANY(%(ids)s)",
    "DELETE FROM models3d_model3d WHERE id = ANY(%(ids)s)",
)


def clear_removed_libraries() -> None:
    """Delete the rows of every removed library that no scan is busy with; one that is busy is cleared the next time."""
    for library in Library.objects.exclude(removed_at=None):
        with library_lock(library.pk) as is_held:
            if is_held:
                _clear(library)


def _clear(library: Library) -> None:
    values = {"library": library.pk, "batch": _BATCH}
    with connection.cursor() as cursor:
        for step in _STEPS:
            cursor.execute(step, values)
            while cursor.rowcount:
                cursor.execute(step, values)
        while ids := _next_models(library.pk):
            with transaction.atomic():
                for statement in _DELETE_MODELS:
                    cursor.execute(statement, {"ids": ids})
    library.delete()


def _next_models(library_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM models3d_model3d WHERE library_id = %s LIMIT %s", [library_id, _BATCH])
        return [row[0] for row in cursor.fetchall()]
