"""As whom Postgres runs: it refuses to run as root, and no file of the user's shall change hands for it."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NOBODY = "nobody"
UNSHARE = "/usr/bin/unshare"


@dataclass(frozen=True)
class Identity:
    """How to start a program that must not be root: words before its command, and a user to become."""

    prefix: tuple[str, ...] = ()
    user: str | None = None

    def give(self, *folders: Path) -> None:
        """Have the program's user own these folders with all that is in them.

        The files stay as they are when they belong to that user already: always, unless root's way of starting changed.
        """
        if self == DIRECT:
            return
        entry = pwd.getpwnam(self.user or "root")
        for folder in folders:
            if folder.stat().st_uid != entry.pw_uid:
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


DIRECT = Identity()
# In a user namespace root's files stay root's, but the program sees itself as nobody. It keeps its pid.
NAMESPACE = Identity(prefix=(UNSHARE, "--user", "--map-user=65534", "--map-group=65534", "--"))
OTHER_USER = Identity(user=NOBODY)


def postgres_identity(*, is_root: bool, namespaces_work: bool) -> Identity:
    """The least intrusive identity that Postgres accepts."""
    if not is_root:
        return DIRECT
    return NAMESPACE if namespaces_work else OTHER_USER


def current_identity() -> Identity:
    """The identity for Postgres on this machine, for the user who runs this process."""
    is_root = os.geteuid() == 0
    return postgres_identity(is_root=is_root, namespaces_work=is_root and user_namespaces_work())


def user_namespaces_work() -> bool:
    """Whether root may make user namespaces here; most containers forbid it."""
    if shutil.which(UNSHARE) is None:
        return False
    probe = subprocess.run([*NAMESPACE.prefix, "/bin/true"], capture_output=True, check=False)
    return probe.returncode == 0
