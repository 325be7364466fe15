"""Noticing that a small library is just as its rows say, which is how most scans end: nothing is made, locked or written."""

from collections.abc import Sequence
from typing import Final

from libraries.listing import FileSeen, Skipped
from libraries.models import Library
from scanning.members import has_unlisted
from scanning.sql import fetch

# Beyond this many files, comparing them in memory is no quicker than in the database.
FEW: Final = 5_000

_KNOWN: Final = """
SELECT relative_path, size_bytes, mtime_ns, etag, missing_since IS NULL FROM models3d_modelfile
WHERE library_id = %(library)s AND archive_id IS NULL LIMIT %(limit)s
"""


def is_unchanged(library: Library, entries: Sequence[FileSeen | Skipped]) -> bool:
    """Whether a walk of the whole library that gave `entries` leaves nothing to do; False also if it is not easily told."""
    rows = fetch(_KNOWN, library=library.pk, limit=2 * FEW + 1)
    if len(rows) > 2 * FEW:
        return False
    known = {row[0]: row[1:] for row in rows}
    for entry in entries:
        if isinstance(entry, Skipped):
            if entry.is_unknown:
                return False
        elif known.pop(entry.row_path, None) != (entry.size_bytes, entry.mtime_ns, entry.etag, True):
            return False
    return not any(is_present for *_, is_present in known.values()) and not has_unlisted(library)
