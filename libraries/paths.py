r"""Paths of files as rows hold them: text relative to the library's root, with `/`, for every name a disk can have.

Disks hold bytes. Postgres holds UTF-8. Names that are not UTF-8 are kept reversibly: each offending byte 0x80–0xFF
becomes one character of U+10FF80–U+10FFFF (the end of the last private-use plane). Names that really contain such a
character have its four bytes kept the same way, so that both directions are exact.

A file inside an archive has the archive's path, `//`, and its path in there. No path on a disk holds an empty part, so
this tells by itself what is a member, and of what; a folder that takes an archive's place cannot be mistaken for it.
"""

import os
import re
from typing import Final

IN_ARCHIVE: Final = "//"

_BYTE_PLANE = 0x10FF00
_FIRST, _LAST = chr(_BYTE_PLANE + 0x80), chr(_BYTE_PLANE + 0xFF)
_KEPT_BYTES = re.compile(f"[{_FIRST}-{_LAST}]")
_NEEDS_KEEPING = re.compile(f"[\udc80-\udcff{_FIRST}-{_LAST}]")


def row_path(disk_path: str) -> str:
    r"""Return `disk_path` (as Python's `os` functions give it, surrogate escapes included) as a row holds it.

    >>> row_path("Größe/a.stl")
    'Größe/a.stl'
    >>> ascii(row_path("caf\udce9.stl"))
    "'caf\\U0010ffe9.stl'"
    """
    return _NEEDS_KEEPING.sub(_keep_bytes, disk_path)


def disk_path(row: str) -> str:
    r"""Return the path for `os` functions of a path held by a row.

    >>> ascii(disk_path(row_path("caf\udce9.stl")))
    "'caf\\udce9.stl'"
    """
    if not _KEPT_BYTES.search(row):
        return row
    raw = b"".join(_raw_byte(c) if _FIRST <= c <= _LAST else c.encode() for c in row)
    return os.fsdecode(raw)


def display_path(row: str) -> str:
    r"""Return a path held by a row as people may read it: bytes that are no text as `\xNN`.

    >>> display_path(row_path("caf\udce9.stl"))
    'caf\\xe9.stl'
    """
    shown = row.replace(IN_ARCHIVE, "/")
    return _KEPT_BYTES.sub(lambda found: f"\\x{ord(found[0]) - _BYTE_PLANE:02x}", shown)


def archive_and_member(row: str) -> tuple[str, str] | None:
    """Return the path of the archive and the path in there, if the row's path is that of a file inside an archive.

    >>> archive_and_member("packs/March.zip//orc/orc.stl")
    ('packs/March.zip', 'orc/orc.stl')
    >>> archive_and_member("packs/March.zip") is None
    True
    """
    archive, separator, member = row.partition(IN_ARCHIVE)
    return (archive, member) if separator else None


def _keep_bytes(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-8", "surrogateescape")
    return "".join(chr(_BYTE_PLANE + byte) for byte in raw)


def _raw_byte(character: str) -> bytes:
    return bytes([ord(character) - _BYTE_PLANE])
