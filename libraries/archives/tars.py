"""Tar files, plain or packed by gzip, bzip2 or xz; and single files packed by these.

A tar has no list: its headers stand in front of the files. Those of a packed one are found by unpacking all of it once,
into nothing. Members of a plain tar are read where they are; in a packed one, all that stands before is unpacked again.
"""

import tarfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

from libraries.archives import inflating
from libraries.archives.directory import Bounds, Directory, Entry, Tick
from libraries.archives.errors import Damaged, TooLarge
from libraries.archives.streams import Forward, Plain

_BLOCK_BYTES: Final = 512
_ENDINGS: Final = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


def read_directory(file: BinaryIO, directory: Directory, *, name: str, tick: Tick) -> None:
    """Take up every file of a tar, or the one file that the gz, bz2 or xz file called `name` is.

    Raises Damaged or TooLarge; what was found before stays in `directory`.
    """
    stream = _unpacked(file, directory.bounds, directory.archive_bytes, tick)
    if stream is None:
        file.seek(0)
        _read_headers(Plain(file), directory, tick)
    elif _is_tar(stream.peek()):
        _read_headers(stream, directory, tick)
    elif ".tar" in name.lower() or name.lower().endswith(tuple(_ENDINGS)):
        raise Damaged("This is not a tar archive, or it is damaged. Download or copy it again.")
    else:
        directory.add(name.rpartition(".")[0] or name, Entry("", stream.skip_all(), None))


def iter_members(
    file: BinaryIO, entries: Sequence[Entry], *, bounds: Bounds, archive_bytes: int
) -> Iterator[tuple[Entry, Iterator[bytes]]]:
    """Yield members and their content in chunks, not checked against their sizes, in the order of the archive.

    Each content is to be read before the next member is asked for. Raises Damaged or TooLarge on the way.
    """
    stream = _unpacked(file, bounds, archive_bytes, _no_tick)
    for entry in sorted(entries, key=lambda entry: entry.place):
        if stream is None:
            file.seek(entry.place)
            yield entry, inflating.iter_chunks(file, entry.size_bytes)
        else:
            stream.seek(entry.place)
            yield entry, stream.iter_bytes(entry.size_bytes)


def is_packed(file: BinaryIO) -> bool:
    """Whether members can only be reached by unpacking all that stands before them."""
    file.seek(0)
    return inflating.stream_of(file.read(8)) is not None


def _unpacked(file: BinaryIO, bounds: Bounds, archive_bytes: int, tick: Tick) -> Forward | None:
    file.seek(0)
    make = inflating.stream_of(file.read(8))
    if make is None:
        return None
    file.seek(0)
    most_bytes = bounds.max_total_bytes(archive_bytes)
    return Forward(inflating.iter_stream(file, make), most_bytes=most_bytes, tick=tick)


def _is_tar(head: bytes) -> bool:
    if len(head) >= _BLOCK_BYTES and not any(head[:_BLOCK_BYTES]):
        return True  # an empty one
    try:
        tarfile.TarInfo.frombuf(head[:_BLOCK_BYTES], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def _read_headers(source: Any, directory: Directory, tick: Tick) -> None:
    try:
        archive: Any  # `members` is not in its types
        with tarfile.open(fileobj=source, mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
            while (member := archive.next()) is not None:
                archive.members = []  # it keeps them all otherwise
                directory.count(tick)
                _take_up(directory, member)
    except tarfile.ReadError as error:
        if directory.seen_count:
            raise Damaged(
                "The archive ends early or is damaged: some of its files are missing. Download or copy it again."
            ) from error
        raise Damaged("This is not a tar archive, or it is damaged. Download or copy it again.") from error
    # A chain of headers that stand for each other makes the standard library recurse; wild numbers overflow.
    except (tarfile.TarError, ValueError, OverflowError, RecursionError) as error:
        raise Damaged("A header in the archive is damaged. Download or copy it again.") from error


def _take_up(directory: Directory, member: tarfile.TarInfo) -> None:
    if member.isdir():
        return
    if member.islnk() or member.issym():
        directory.leave_out(member.name, "A link; links are not followed.")
    elif not member.isreg():
        directory.leave_out(member.name, "Neither a file nor a folder, but a device, pipe or socket.")
    elif member.issparse():
        directory.leave_out(member.name, "A file with holes, which is not read from archives.")
    elif member.size < 0 or member.size > directory.bounds.max_total_bytes(directory.archive_bytes):
        raise TooLarge(f"It announces a file of {member.size:,} bytes, so it is not looked into.")
    else:
        modified = None if member.mtime is None else _nanoseconds(member.mtime)
        directory.add(member.name, Entry("", member.size, modified, place=member.offset_data))


def _nanoseconds(seconds: float) -> int | None:
    try:
        return int(seconds) * 1_000_000_000 + round(seconds % 1 * 1e9)
    except (ValueError, OverflowError):  # not a number, or endless
        return None


def _no_tick() -> None:
    """Nobody waits for news."""
