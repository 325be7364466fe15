"""Adding and removing libraries, with a sentence for everything that can be wrong with a folder."""

import os
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, transaction

from libraries.models import Library
from libraries.paths import disk_path, display_path, row_path
from libraries.storage import LocalStorage, StorageError

# Folders of the operating system, with all that is inside them.
_SYSTEM_TREES: Final = (
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
)
# Folders that may hold a library but are none themselves.
_SYSTEM_FOLDERS: Final = (
    "/",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/srv",
    "/tmp",
    "/var",
    "/Users",
    "/Volumes",
)
_MOUNTS: Final = ("/run/media",)  # where desktops mount disks


class LibraryPathProblem(Exception):
    """A folder that cannot become a library. The text is a sentence for the user."""


def add_library(*, path: str, name: str = "", data_dir: str | os.PathLike[str], **settings: Any) -> Library:
    """Create the library of the folder at `path` and return it; scanning it is left to the caller.

    `data_dir` is the application's own data folder, which a library may not overlap. Further `settings` are fields of
    Library. Symbolic links in `path` are resolved. Raises LibraryPathProblem.
    """
    root = checked_path(path, data_dir=data_dir)
    try:
        with transaction.atomic():
            return Library.objects.create(
                name=name.strip() or _name_of(root), path=row_path(root), **settings
            )
    except IntegrityError as error:
        raise LibraryPathProblem(f"“{_shown(root)}” was added as a library just now.") from error


def checked_path(path: str, *, data_dir: str | os.PathLike[str], but: Library | None = None) -> str:
    """Return the real path of a folder that can become a library, or the new place of the library `but`.

    Raises LibraryPathProblem, worded for the user.
    """
    root = _real_path(path)
    _refuse_system_folder(root)
    _refuse_unreadable(root)
    _refuse_overlap(root, os.path.realpath(data_dir), "the folder that keeps Layershelf's own data")
    others = Library.objects.kept().filter(storage=Library.Storage.FOLDER)
    for other in others.exclude(pk=but.pk) if but else others:
        _refuse_overlap(root, disk_path(other.path), f"the library “{other.name}”")
    return root


def remove_libraries(library_ids: Collection[int], *, now: datetime) -> None:
    """Remove these libraries: nobody sees them any more, and scanning clears their rows away. No file is touched."""
    Library.objects.filter(pk__in=library_ids).update(removed_at=now, next_scan_at=None)


def _real_path(path: str) -> str:
    text = path.strip()
    if not text:
        raise LibraryPathProblem("Say which folder holds the files.")
    if "\0" in text:
        raise LibraryPathProblem("That is no path of a folder.")
    try:
        wanted = Path(text).expanduser()
        if not wanted.is_absolute():
            raise LibraryPathProblem(
                f"“{_shown(text)}” is not a full path. Write it from the top, such as /srv/models."
            )
        return os.path.realpath(wanted)
    except (OSError, RuntimeError) as error:
        raise LibraryPathProblem(f"“{_shown(text)}” cannot be looked at: {error}.") from error


def _refuse_system_folder(root: str) -> None:
    inside = any(_is_at_or_below(root, tree) for tree in _SYSTEM_TREES)
    if root in _SYSTEM_FOLDERS or (inside and not any(root.startswith(f"{top}/") for top in _MOUNTS)):
        raise LibraryPathProblem(
            f"“{_shown(root)}” belongs to the system. Choose the folder that holds your models, not one above it."
        )


def _refuse_unreadable(root: str) -> None:
    try:
        LocalStorage(root).check_root()
    except StorageError as error:
        raise LibraryPathProblem(str(error)) from error


def _refuse_overlap(root: str, other: str, what: str) -> None:
    if root == other:
        raise LibraryPathProblem(f"“{_shown(root)}” is {what} already.")
    if _is_at_or_below(root, other):
        raise LibraryPathProblem(f"“{_shown(root)}” lies inside {what} ({_shown(other)}).")
    if _is_at_or_below(other, root):
        raise LibraryPathProblem(f"“{_shown(root)}” contains {what} ({_shown(other)}).")


def _is_at_or_below(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top.rstrip('/')}/")


def _name_of(root: str) -> str:
    return _shown(Path(root).name)[: Library._meta.get_field("name").max_length]


def _shown(path: str) -> str:
    return display_path(row_path(path))
