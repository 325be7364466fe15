"""An uploaded archive as loose files, each written to the data folder and checked before it goes anywhere."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings

from config.lib.template_tags import file_size
from libraries.archives.directory import Bounds, Directory, Entry
from libraries.archives.errors import ArchiveError
from libraries.archives.reading import Archive
from models3d.kinds import kind_of
from scanning import receiving

_NAMES_TOLD: Final = 3

# Gives the path of an unpacked file and its hash; the file goes at the end of the block unless it was moved.
Content = Callable[[], AbstractContextManager[tuple[Path, str]]]


class NotUnpacked(Exception):
    """The archive cannot be unpacked. Uploading it again without unpacking keeps it as it is."""


def is_archive(path: str) -> bool:
    """Whether the name is that of an archive."""
    return kind_of(path).name == "archive"


@dataclass(frozen=True, slots=True)
class _Staged:
    """An archive in the data folder."""

    path: Path
    name: str

    @property
    def size_bytes(self) -> int:
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        return self.path.open("rb")

    @contextmanager
    def local_path(self) -> Iterator[str]:
        yield str(self.path)


@dataclass(slots=True)
class Unpacked:
    """What is in an archive, to be written out file by file."""

    archive: Archive
    directory: Directory
    count: int = 0

    def files(self, is_unwanted: Callable[[str], bool]) -> Iterator[tuple[str, Content]]:
        """Yield the path in the archive of each wanted file, and what writes it out; raises NotUnpacked."""
        entries = [entry for entry in self.directory.entries.values() if not is_unwanted(entry.path)]
        for entry, chunks in self.archive.iter_members(entries):
            self.count += 1
            yield entry.path, lambda entry=entry, chunks=chunks: _written(entry, chunks)  # type: ignore[misc]

    def leave_out(self, path: str, reason: str) -> None:
        """Note a file that is not wanted after all."""
        self.count -= 1
        self.directory.leave_out(path, reason)

    def summary(self) -> str:
        """A sentence about what was unpacked and what was not."""
        said = f"{self.count:,} file{'' if self.count == 1 else 's'} unpacked."
        if self.directory.left_out_count:
            names = ", ".join(f"“{name}”" for name, _ in self.directory.left_out[:_NAMES_TOLD])
            said += f" {self.directory.left_out_count:,} left out, such as {names}: {self.directory.left_out[0][1]}"
        return said


@contextmanager
def unpack(path: Path, *, name: str) -> Iterator[Unpacked]:
    """Look into the archive at `path`, called `name`; raises NotUnpacked, also in place of what goes wrong in the block."""
    archive = Archive(_Staged(path, name), Bounds(max_members=settings.MOST_FILES_IN_UPLOAD))
    directory = archive.directory(tick=lambda: None)
    if directory.error is not None:
        raise NotUnpacked(f"{directory.error} Nothing was unpacked.")
    if not directory.entries:
        raise NotUnpacked("There is no file in the archive that could be unpacked.")
    if directory.total_bytes > receiving.free_bytes():
        raise NotUnpacked(
            f"There is no room for the {file_size(directory.total_bytes)} that are in the archive."
        )
    try:
        yield Unpacked(archive, directory)
    except ArchiveError as error:
        raise NotUnpacked(f"{error} What was unpacked before it is in the library.") from error


@contextmanager
def _written(entry: Entry, chunks: Iterator[bytes]) -> Iterator[tuple[Path, str]]:
    name = os.urandom(16).hex()
    receiving.begin(name)
    digest = hashlib.sha256()
    try:
        with receiving.staged_path(name).open("r+b") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
        if entry.mtime_ns is not None:
            os.utime(receiving.staged_path(name), ns=(entry.mtime_ns, entry.mtime_ns))
        yield receiving.staged_path(name), digest.hexdigest()
    finally:
        receiving.discard(name)
