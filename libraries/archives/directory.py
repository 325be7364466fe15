"""The directory of an archive: which files are in it and what was left out; by one set of rules for every format. Pure."""

import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from libraries.archives.errors import ArchiveError, TooLarge
from libraries.archives.names import UnsafeName, member_path

_LEFT_OUT_KEPT: Final = 1_000
_MEMBERS_A_TICK: Final = 2_000
_MAX_BIGINT: Final = 2**63 - 1

# Called every so often while an archive is read; it may raise to stop the reading.
Tick = Callable[[], None]


class Entry(NamedTuple):
    """A file inside an archive: its path there (as rows hold paths), and what the archive says of it.

    `size_bytes` is a promise that reading holds it to. The time is in nanoseconds since 1970. `checksum` is the CRC-32 in
    hexadecimal, or empty. `place`, `packed_bytes` and `method` are for the reader of the format.
    """

    path: str
    size_bytes: int
    mtime_ns: int | None
    checksum: str = ""
    place: int = 0
    packed_bytes: int = 0
    method: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of an archive is believed. Bombs announce or unpack to hundreds of times their size; honest files do not."""

    max_members: int = 200_000
    max_ratio: int = 250
    # Below these sizes no ratio is harmful, or odd: a plain picture packs a thousandfold.
    free_member_bytes: int = 16 << 20
    free_total_bytes: int = 1 << 30

    def max_total_bytes(self, archive_bytes: int) -> int:
        """To how much an archive of this size may unpack."""
        return max(self.free_total_bytes, self.max_ratio * archive_bytes)


@dataclass(slots=True)
class Directory:
    """What is in an archive. `error` says why it is not complete, if it is not; `left_out` has names and reasons."""

    archive_bytes: int
    bounds: Bounds = field(default_factory=Bounds)
    entries: dict[str, Entry] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    left_out_count: int = 0
    locked_count: int = 0
    error: ArchiveError | None = None
    seen_count: int = 0
    total_bytes: int = 0

    def add(self, name: str, entry: Entry, *, mode: int = 0) -> None:
        """Take up a member under the archive's own `name` for it, or leave it out; raise TooLarge if it is the last straw.

        `mode` is what Unix says of its type and rights, 0 where nothing is known. `entry.path` is filled in here.
        """
        reason = self._why_unwanted(entry, mode)
        if reason:
            self.leave_out(name, reason)
            return
        try:
            path = member_path(name)
        except UnsafeName as error:
            self.leave_out(name, str(error))
            return
        if path in self.entries:
            self.leave_out(name, "This path occurs twice in the archive; the last one counts.")
        self.total_bytes += entry.size_bytes
        if self.total_bytes > self.bounds.max_total_bytes(self.archive_bytes):
            raise TooLarge(
                f"Its {self.archive_bytes:,} bytes would unpack to more than {self.total_bytes:,}. Archives that do harm "
                "are made like that, so it is not looked into."
            )
        _, size_bytes, modified, checksum, place, packed_bytes, method = entry
        # A fifth of the time of entry._replace(…).
        self.entries[path] = Entry(path, size_bytes, _bigint(modified), checksum, place, packed_bytes, method)

    def leave_out(self, name: str, reason: str) -> None:
        """Note a member that is not listed."""
        self.left_out_count += 1
        if len(self.left_out) < _LEFT_OUT_KEPT:
            self.left_out.append((name, reason))

    def leave_out_locked(self, name: str) -> None:
        """Note a member that nobody can read without a password."""
        self.locked_count += 1
        self.leave_out(name, "It is locked with a password.")

    def count(self, tick: Tick) -> None:
        """Count a member of any kind, folders too; raise TooLarge if there are too many."""
        self.seen_count += 1
        if self.seen_count > self.bounds.max_members:
            raise TooLarge(
                f"It holds more than {self.bounds.max_members:,} files, which is the limit for one archive."
            )
        if self.seen_count % _MEMBERS_A_TICK == 0:
            tick()

    def _why_unwanted(self, entry: Entry, mode: int) -> str:
        kind = stat.S_IFMT(mode)
        if kind not in {0, stat.S_IFREG}:
            return (
                "A link; links are not followed."
                if kind == stat.S_IFLNK
                else "Neither a file nor a folder, but a device, pipe or socket."
            )
        packed, size = entry.packed_bytes, entry.size_bytes
        if size > self.bounds.free_member_bytes and packed and size > packed * self.bounds.max_ratio:
            return (
                f"Its {packed:,} bytes would unpack to {size:,}. Archives that do harm are made like that, "
                "so it is left out."
            )
        return ""


def _bigint(nanoseconds: int | None) -> int | None:
    """A time that fits its column; archives can hold any."""
    return None if nanoseconds is None else max(-_MAX_BIGINT, min(nanoseconds, _MAX_BIGINT))
