"""Locks between processes that use one data folder; the system frees them however their holder ends."""

import fcntl
import os
from pathlib import Path

from config.runtime.folder import DataFolder


class Lock:
    """A file lock, held alone or shared by as many as like, that carries a word on who held it alone last."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)

    def take(self, holder: str) -> bool:
        """Hold the lock alone, noting `holder`. Returns False at once if somebody else has it."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, holder.encode(), 0)
        return True

    def share(self) -> None:
        """Hold the lock together with other sharers; waits while somebody holds it alone."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def wait_alone(self) -> None:
        """Wait until nobody else holds the lock, then hold it alone."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def holder(self) -> str:
        """What the last one to `take` the lock noted."""
        return os.pread(self.descriptor, 200, 0).decode(errors="replace")

    def close(self) -> None:
        """Let go, unless a forked child still has the same descriptor open."""
        os.close(self.descriptor)


def owner_lock(folder: DataFolder) -> Lock:
    """Held by the one process that runs the folder's Postgres: a supervisor or a keeper."""
    return Lock(folder.run / "owner.lock")


def users_lock(folder: DataFolder) -> Lock:
    """Shared by every command that uses a Postgres it does not run itself."""
    return Lock(folder.run / "users.lock")
