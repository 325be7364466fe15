"""Where an uploaded file may go: paths told by browsers, checked. Pure."""

from typing import Final

from libraries.listing import ignore_rules
from libraries.paths import row_path
from libraries.safe_names import is_device

_LONGEST_NAME_BYTES: Final = 255
_LONGEST_PATH_BYTES: Final = 2_000
_MOST_FOLDERS: Final = 30
_is_ignored: Final = ignore_rules()


class BadUploadPath(ValueError):
    """No file can be put there. The text is a sentence for the user."""


def upload_path(told: str) -> str:
    r"""Return the path of a file as rows hold it, of one that a browser told; raises BadUploadPath.

    >>> upload_path("Dragon/head.stl"), upload_path("./Dragon//head.stl")
    ('Dragon/head.stl', 'Dragon/head.stl')
    >>> upload_path("../../etc/passwd")
    Traceback (most recent call last):
    scanning.upload_paths.BadUploadPath: “../../etc/passwd” leads out of the folder.
    """
    return _checked(told, what="file")


def upload_folder(told: str) -> str:
    """Return the path of a folder as rows hold it, empty for the library itself; raises BadUploadPath."""
    return _checked(told.strip().strip("/"), what="folder") if told.strip(" /") else ""


def _checked(told: str, *, what: str) -> str:
    shown = told if len(told) <= 80 else f"{told[:80]}…"
    try:
        size_bytes = len(told.encode())
    except UnicodeEncodeError as error:
        raise BadUploadPath(f"The name of a {what} cannot be read.") from error
    if "\0" in told:
        raise BadUploadPath(f"The name of a {what} holds a zero byte.")
    if told.startswith("/") or ".." in told.split("/"):
        raise BadUploadPath(f"“{shown}” leads out of the folder.")
    parts = [part for part in told.split("/") if part not in {"", "."}]
    if not parts:
        raise BadUploadPath(f"The {what} has no name.")
    if size_bytes > _LONGEST_PATH_BYTES or len(parts) > _MOST_FOLDERS:
        raise BadUploadPath(f"The path “{shown}” is too long.")
    for depth, part in enumerate(parts, 1):
        _check_part(part, is_folder=depth < len(parts) or what == "folder")
    return row_path("/".join(parts))


def _check_part(part: str, *, is_folder: bool) -> None:
    shown = part if len(part) <= 80 else f"{part[:80]}…"
    if len(part.encode()) > _LONGEST_NAME_BYTES:
        raise BadUploadPath(f"The name “{shown}” is longer than {_LONGEST_NAME_BYTES} bytes.")
    if is_device(part):
        raise BadUploadPath(f"“{shown}” is a name that Windows keeps for a device. Give it another one.")
    if any(ord(character) < 32 or ord(character) == 127 for character in part):
        raise BadUploadPath(f"The name “{shown}” holds a line break or another control character.")
    if _is_ignored(part, part, is_folder):
        raise BadUploadPath(f"“{shown}” is left out: scans do not look at hidden files and those of systems.")
