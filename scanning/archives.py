"""What becomes of an archive's directory: the files that are listed, and a sentence for what is not. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from libraries.archives.directory import Directory
from libraries.listing import Ignores
from libraries.paths import IN_ARCHIVE
from scanning.naming import told_by_path

# To be raised when another set of files would come out of the same archive: all are then looked into once more.
LISTING_VERSION: Final = 1
_REASONS_TOLD: Final = 3


class Member(NamedTuple):
    """A file inside an archive as a row has it; the checksum of the archive tells when its content changes."""

    relative_path: str
    size_bytes: int
    mtime_ns: int | None
    etag: str
    extension: str
    kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What to write about one archive. `code` and `sentence` are empty where all of it is shown.

    Codes: encrypted, damaged, too_large, no_reader, left_out.
    """

    members: list[Member]
    code: str = ""
    sentence: str = ""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    skipped_count: int = 0


def listing_of(directory: Directory, *, archive_path: str, mtime_ns: int | None, ignores: Ignores) -> Listing:
    """Decide what of an archive is shown; `mtime_ns` stands for members that have no time of their own."""
    is_hidden = _Hidden(archive_path, ignores)
    members = []
    for path, entry in directory.entries.items():
        if is_hidden.file(path):
            continue
        modified = mtime_ns if entry.mtime_ns is None else entry.mtime_ns
        whole = archive_path + IN_ARCHIVE + path
        members.append(Member(whole, entry.size_bytes, modified, entry.checksum, *told_by_path(whole)))
    code, sentence = _trouble(directory)
    skipped = [
        (f"{archive_path}{IN_ARCHIVE}{_printable(name)}", reason) for name, reason in directory.left_out
    ]
    return Listing(members, code, sentence, skipped, directory.left_out_count)


class _Hidden:
    """The rules for names that are left out of a library, inside one archive; folders are asked once."""

    def __init__(self, archive_path: str, ignores: Ignores) -> None:
        self._archive_path = archive_path
        self._ignores = ignores
        self._folders = {"": False}

    def file(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return self._folder(folder) or self._ignores(name, f"{self._archive_path}/{path}", False)

    def _folder(self, folder: str) -> bool:
        """Whether the folder or one above it is hidden. Paths may be 2,000 deep: no recursion."""
        unknown = []
        while folder not in self._folders:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        is_hidden = self._folders[folder]
        for below in reversed(unknown):
            name = below.rpartition("/")[2]
            is_hidden = is_hidden or self._ignores(name, f"{self._archive_path}/{below}", True)
            self._folders[below] = is_hidden
        return is_hidden


def _trouble(directory: Directory) -> tuple[str, str]:
    if directory.error is not None:
        return directory.error.code, str(directory.error)
    if directory.locked_count:
        shown = len(directory.entries)
        all_or_some = (
            "All" if not shown else f"{directory.locked_count:,} of {directory.locked_count + shown:,}"
        )
        return (
            "encrypted",
            f"{all_or_some} files in this archive are locked with a password, so they cannot be shown. "
            "Save it again without one.",
        )
    if directory.left_out_count:
        return "left_out", _left_out(directory)
    return "", ""


def _left_out(directory: Directory) -> str:
    """Say how many members are not shown, with the commonest reasons."""
    reasons = Counter(reason for _, reason in directory.left_out).most_common(_REASONS_TOLD)
    told = " ".join(reason for reason, _ in reasons)
    if directory.left_out_count == 1:
        return f"One entry of this archive is not shown. {told}"
    return f"{directory.left_out_count:,} entries of this archive are not shown. {told}"


def _printable(name: str) -> str:
    """A name that was refused, as text that any database takes."""
    return name.encode("ascii", "backslashreplace").decode().replace("\0", "\\x00")[:1_000]
