"""Which keys of a bucket can be files of a library, and which of them rules leave out. Pure."""

from collections.abc import Iterator

from libraries.listing import FileSeen, Ignores, Skipped
from libraries.paths import row_path
from libraries.storage.s3.listing import Listed

_ODD_PARTS = {
    "": "Its key has an empty folder name: two “/” in a row, or one at its beginning. Rename the object.",
    ".": "Its key has “.” for a folder name. Rename the object.",
    "..": "Its key has “..” for a folder name. Rename the object.",
}


def why_no_path(path: str) -> str:
    """Why a key below the prefix cannot be the path of a file, or an empty text.

    >>> why_no_path("orcs/orc.stl")
    ''
    >>> why_no_path("orcs/")
    'Its key ends with “/”, as those of folders do. Rename the object.'
    """
    if "\0" in path:
        return "Its key holds a zero byte. Rename the object."
    if path.endswith("/"):
        return "Its key ends with “/”, as those of folders do. Rename the object."
    return next((_ODD_PARTS[part] for part in path.split("/") if part in _ODD_PARTS), "")


def files_of(objects: Iterator[Listed], *, below: int, ignores: Ignores) -> Iterator[FileSeen | Skipped]:
    """Yield the files that `objects` are, their paths beginning behind `below` characters of the key.

    A folder that is left out is told once, since storages list by key.
    """
    closed, known = "\0", ""
    for key, size_bytes, mtime_ns, etag in objects:
        path = row_path(key[below:])
        if path.startswith(closed) or is_folder_marker(path, size_bytes):
            continue
        if reason := why_no_path(path):
            yield Skipped(path.replace("\0", "␀"), reason, is_unknown=False)
            continue
        folder, _, name = path.rpartition("/")
        if folder != known:
            if ignored := ignored_folder(folder, ignores=ignores, known=known):
                closed = f"{ignored}/"
                yield Skipped(closed, "", is_unknown=False, is_ignored=True)
                continue
            known = folder
        if ignores(name, path, False):
            yield Skipped(path, "", is_unknown=False, is_ignored=True)
        else:
            yield FileSeen(path, size_bytes, mtime_ns, etag)


def ignored_folder(folder: str, *, ignores: Ignores, known: str = "") -> str:
    """The first of a folder and those above it that a rule leaves out; empty if none. Those of `known` are not asked again.

    >>> ignored_folder("a/.git/b", ignores=lambda name, path, is_folder: name[0] == ".")
    'a/.git'
    """
    above = ""
    for name in folder.split("/") if folder else ():
        above = f"{above}/{name}" if above else name
        if not f"{known}/".startswith(f"{above}/") and ignores(name, above, True):
            return above
    return ""


def is_folder_marker(path: str, size_bytes: int) -> bool:
    """Whether an object only stands for a folder, as programs make them that show buckets as folders."""
    return not size_bytes and (not path or path.endswith("/"))
