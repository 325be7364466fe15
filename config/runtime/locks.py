"""Locks between processes that use one data folder; the system frees them however their holder ends."""

import fcntl
import os
from pathlib import Path

from config.runtime.folder import DataFolder


class Lock:
    """A file lock, held alone or shared, that carries a word on who held it alone last."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)

    def take(self, holder: str) -> bool:
        """Hold the lock alone, noting `holder`. Returns False at once if somebody else has it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, holder.encode(), 0)
        return True

    def share(self) -> None:
        """Hold the lock together with other sharers; waits while somebody holds it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def wait_alone(self) -> None:
        """Wait until nobody else holds the lock, then hold it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def holder(self) -> str:
        """What the last one to `take` the lock noted."""
        return os.pread(self._descriptor, 200, 0).decode(errors="replace")

    def hand_to_children(self) -> int:
        """Let executed children inherit the lock; returns the descriptor by which they hold it."""
        os.set_inheritable(self._descriptor, True)
        return self._descriptor

    def close(self) -> None:
        """Let go, unless a child process still holds the same descriptor."""
        os.close(self._descriptor)


def owner_lock(folder: DataFolder) -> Lock:
    """Held by the one process that runs the folder's Postgres: a supervisor or a keeper."""
    return Lock(folder.run / "owner.lock")


def users_lock(folder: DataFolder) -> Lock:
    """Shared by every command that uses a Postgres it does not run itself."""
    return Lock(folder.run / "users.lock")
