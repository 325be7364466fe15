"""What can stop a start, each worded for the person at the terminal."""

import errno
from pathlib import Path


class StartupError(Exception):
    """A start that cannot go on. Its text is one sentence for the user, printed without a traceback."""


class AlreadyRunning(StartupError):
    """Another `up` owns the data folder. Retrying helps once that one has stopped."""


class FolderBusy(StartupError):
    """A command keeps using the data folder's database. Retrying helps once it has ended."""


class FolderNotUsable(StartupError):
    """The data folder cannot be made or written. Retrying helps after its rights or place are changed."""


class FolderTooNew(StartupError):
    """A newer Layershelf or Postgres wrote the data folder. Only a newer program helps."""


class DiskFull(StartupError):
    """No space is left where the data folder lives. Retrying helps once space is freed."""


class MissingProgram(StartupError):
    """A server program that should come with the installation is not there."""


class ServiceFailed(StartupError):
    """A server ended or stayed silent while it was starting; its log says why."""


class PortInUse(StartupError):
    """The address cannot be listened on. Retrying helps with another port or once it is free."""


def folder_error(error: OSError, folder: Path) -> StartupError:
    """The sentence for an operating system error met while preparing or writing `folder`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    reason = (error.strerror or str(error)).lower()
    return FolderNotUsable(
        f"The data folder {folder} cannot be used ({reason}: {error.filename or folder}). "
        "Choose another one with --data, or change its rights."
    )


def disk_full(folder: Path) -> DiskFull:
    """The sentence for a file system without space, whichever process noticed it."""
    return DiskFull(f"The disk that holds the data folder {folder} is full. Free some space and start again.")
