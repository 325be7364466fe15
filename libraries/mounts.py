"""Which kind of file system a folder is on, and whether it tells of changes that others make to it. Pure; Linux."""

import os
import re
from pathlib import Path
from typing import Final

# Changes made by another machine, or beneath the mount, are not told by these.
_DEAF: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "davfs", "virtiofs", "vboxsf"}
)  # fmt: skip
_DEAF_PREFIX: Final = "fuse."
_MOUNTS: Final = Path("/proc/self/mountinfo")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


def deaf_file_system(path: str, *, mounts: str | None = None) -> str:
    r"""Return the type of the file system that holds `path` if it does not tell of every change; else an empty text.

    `path` is absolute, symbolic links resolved. `mounts` is the text of /proc/self/mountinfo (see proc_pid_mountinfo(5)),
    read if it is not given. Where it cannot be read, the file system is taken for an ordinary one.

    >>> listed = "36 1 98:0 / / rw - ext4 /dev/sda1 rw\n40 36 0:50 / /mnt/my\\040nas rw - nfs4 nas:/3d rw"
    >>> deaf_file_system("/mnt/my nas/models", mounts=listed), deaf_file_system("/mnt/my", mounts=listed)
    ('nfs4', '')
    """
    if mounts is None:
        try:
            mounts = os.fsdecode(_MOUNTS.read_bytes())
        except OSError:
            return ""
    kind, longest = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        mount_point = _unescaped(fields[4]).rstrip("/")
        # Of two mounts on one point the later one is seen.
        if (path == mount_point or path.startswith(f"{mount_point}/")) and len(mount_point) >= longest:
            kind, longest = after.split(" ")[0], len(mount_point)
    return kind if kind in _DEAF or kind.startswith(_DEAF_PREFIX) else ""


def _unescaped(text: str) -> str:
    """Blanks, line ends and backslashes are written by their octal numbers."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)
