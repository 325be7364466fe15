r"""Names of members as rows hold paths; names that could lead out of an archive are refused. Pure."""

import re
from typing import Final

from libraries.paths import row_path

_MAX_NAME_BYTES: Final = 255  # of one part, as on the disks that libraries are on
_MAX_PATH_BYTES: Final = 4_096
# Empty parts, "." and "..", backslashes, zero bytes, drives: none of these is in an ordinary name.
_ODD: Final = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|[\\\0]|^[A-Za-z]:")
_DRIVE: Final = re.compile(r"[A-Za-z]:[/\\]")
_BETWEEN_PARTS: Final = re.compile(r"[/\\]")


class UnsafeName(ValueError):
    """The name cannot be that of a file. The text says why, for the user."""


def member_path(name: str) -> str:
    r"""Return the path below its archive of the member that the archive calls `name`; raise UnsafeName.

    Undecodable bytes come as surrogate escapes, as in names from a disk.

    >>> member_path("./parts//lid.stl"), member_path("teile/größe.stl")
    ('parts/lid.stl', 'teile/größe.stl')
    >>> member_path("../../etc/passwd")
    Traceback (most recent call last):
    libraries.archives.names.UnsafeName: Its name leads out of the archive.
    """
    if _ODD.search(name):
        name = _plain(name)
    if len(name) * 4 > _MAX_NAME_BYTES:
        _check_length(name)
    path = row_path(name)
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise UnsafeName("Its name cannot be read.") from error
    return path


def decoded(raw: bytes) -> str:
    r"""Return a name whose encoding nobody noted: UTF-8 if it is that, else the code page of DOS, as ZIP has it.

    >>> decoded(b"cube_\x81.stl"), decoded("größe.stl".encode())
    ('cube_ü.stl', 'größe.stl')
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _plain(name: str) -> str:
    if "\0" in name:
        raise UnsafeName("Its name holds a zero byte.")
    if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in _BETWEEN_PARTS.split(name):
        raise UnsafeName("Its name leads out of the archive.")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if not parts:
        raise UnsafeName("It has no name.")
    return "/".join(parts)


def _check_length(name: str) -> None:
    raw = name.encode("utf-8", "surrogatepass")
    if len(raw) > _MAX_PATH_BYTES:
        raise UnsafeName(f"Its path is {len(raw):,} bytes long; the limit is {_MAX_PATH_BYTES:,}.")
    longest = max(len(part) for part in raw.split(b"/"))
    if longest > _MAX_NAME_BYTES:
        raise UnsafeName(f"Its name is {longest:,} bytes long; the limit is {_MAX_NAME_BYTES}.")
