"""ZIP files: the list at their end, and single members. Format: APPNOTE.TXT of PKWARE, 4.3 and 4.4.

The list is read record by record, so that a hundred thousand members need no more memory than their names. No count or
size in it is believed. Members are read by what the list says; the copy of it in front of each member is skipped.
"""

import calendar
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

from libraries.archives import inflating
from libraries.archives.directory import Directory, Entry, Tick
from libraries.archives.errors import Damaged, Locked, TooLarge
from libraries.archives.names import decoded

_END: Final = struct.Struct("<4s4H2LH")
_END_LOCATOR_64: Final = struct.Struct("<4sLQL")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_RECORD: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s22x2H")
_EXTRA: Final = struct.Struct("<2H")

_MOST_COMMENT_BYTES: Final = 65_535
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF
_IS_LOCKED, _IS_UTF8, _IS_LIST_LOCKED = 0x1, 0x800, 0x2000
_DOS_FOLDER: Final = 0x10
_DOS, _UNIX, _NTFS, _MACOS = 0, 3, 10, 19
_SIZES_64, _TIMES, _UNICODE_NAME = 0x0001, 0x5455, 0x7075

_INFLATERS: Final[dict[int, Callable[[], inflating.Inflater] | None]] = {
    0: None,
    8: inflating.deflate,
    12: inflating.bzip2,
}
_NO_EXTRA: Final[dict[int, bytes]] = {}
_NO_LIST: Final = (
    "The archive ends early or is damaged: the list of its files, which stands at its end, cannot be read. "
    "Download or copy it again."
)


class _List(NamedTuple):
    """Where the list of members is; `shift` is what somebody put in front of the archive, in bytes."""

    start: int
    length: int
    member_count: int
    shift: int


def read_directory(file: BinaryIO, directory: Directory, *, tick: Tick) -> None:
    """Take up every member of a ZIP file; raise Damaged, Locked or TooLarge."""
    found = _find_list(file, directory.archive_bytes)
    if found.member_count > directory.bounds.max_members:
        raise TooLarge(
            f"It holds {found.member_count:,} files; the limit for one archive is {directory.bounds.max_members:,}."
        )
    file.seek(found.start)
    packed_bytes, left = 0, found.length
    while left >= _RECORD.size:
        directory.count(tick)
        record = _RECORD.unpack(_exactly(file, _RECORD.size))
        if record[0] != b"PK\x01\x02":
            raise Damaged(_NO_LIST)
        name_length, extra_length, comment_length = record[10:13]
        variable = _exactly(file, name_length + extra_length + comment_length)
        left -= _RECORD.size + len(variable)
        packed_bytes += _take_up(directory, record, variable, found.shift)
    if packed_bytes > directory.archive_bytes:
        raise TooLarge(
            "Its files overlap inside the archive. Archives that do harm are made like that, so it is not looked into."
        )


def iter_member(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Return the content of a member in chunks, not checked against its size; raise Damaged at once or on the way."""
    file.seek(entry.place)
    signature, name_length, extra_length = _LOCAL.unpack(_exactly(file, _LOCAL.size))
    if signature != b"PK\x03\x04":
        raise Damaged("The archive is damaged: a file is not where its list says. Download or copy it again.")
    file.seek(entry.place + _LOCAL.size + name_length + extra_length)
    packed = inflating.iter_chunks(file, entry.packed_bytes)
    make = _INFLATERS[entry.method]
    return inflating.iter_inflated(packed, make) if make else packed


def stored_place(file: BinaryIO, entry: Entry) -> int | None:
    """Where the bytes of a member that is not packed begin in the file; None for packed ones."""
    if _INFLATERS[entry.method]:
        return None
    file.seek(entry.place)
    _, name_length, extra_length = _LOCAL.unpack(_exactly(file, _LOCAL.size))
    return entry.place + _LOCAL.size + int(name_length) + int(extra_length)


def _take_up(directory: Directory, record: tuple[int, ...], variable: bytes, shift: int) -> int:
    """Hand one record of the list on; return how many packed bytes it claims."""
    (_, made_by, _, flags, method, time, date, checksum, packed, size, name_length, extra_length) = record[
        :12
    ]
    attributes, place = record[-2:]
    extra = (
        dict(_extra_fields(variable[name_length : name_length + extra_length])) if extra_length else _NO_EXTRA
    )
    size, packed, place = _real_sizes(size, packed, place, extra.get(_SIZES_64, b""))
    raw = variable[:name_length]
    name = _name(raw, flags, extra.get(_UNICODE_NAME, b""))
    system = made_by >> 8
    if system in {_DOS, _NTFS}:
        name = name.replace("\\", "/")
    if flags & _IS_LIST_LOCKED:
        raise Locked("The archive is locked with a password, its list of files too.")
    if name.endswith("/") or (attributes & _DOS_FOLDER and not size):
        return 0
    if flags & _IS_LOCKED:
        directory.leave_out_locked(name)
    elif method not in _INFLATERS:
        directory.leave_out(name, f"It is packed by a method (number {method}) that is not known here.")
    else:
        modified = _modified(date, time, extra.get(_TIMES, b""))
        entry = Entry("", size, modified, f"{checksum:08x}", place + shift, packed, method)
        directory.add(name, entry, mode=attributes >> 16 if system in {_UNIX, _MACOS} else 0)
    return packed


def _find_list(file: BinaryIO, archive_bytes: int) -> _List:
    tail_bytes = min(archive_bytes, _END.size + _MOST_COMMENT_BYTES)
    file.seek(archive_bytes - tail_bytes)
    tail = file.read(tail_bytes)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0 and at + _END.size > len(tail):
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        raise Damaged(_NO_LIST)
    end_place = archive_bytes - tail_bytes + at
    _, _, _, _, count, length, start, _ = _END.unpack_from(tail, at)
    if count == _FULL_16 or _FULL_32 in {length, start}:
        end_place, count, length, start = _end_64(file, end_place) or (end_place, count, length, start)
    shift = end_place - length - start
    if shift < 0:
        raise Damaged(_NO_LIST)
    return _List(start + shift, length, count, shift)


def _end_64(file: BinaryIO, end_place: int) -> tuple[int, int, int, int] | None:
    """Place of the large end record, count, length and start of the list; None if there is no such record."""
    place = end_place - _END_LOCATOR_64.size - _END_64.size
    if place < 0:
        return None
    file.seek(place)
    record = _END_64.unpack(_exactly(file, _END_64.size))
    locator = _END_LOCATOR_64.unpack(_exactly(file, _END_LOCATOR_64.size))
    if record[0] != b"PK\x06\x06" or locator[0] != b"PK\x06\x07":
        return None
    return place, record[7], record[8], record[9]


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        yield kind, extra[at + _EXTRA.size : at + _EXTRA.size + length]
        at += _EXTRA.size + length


def _real_sizes(size: int, packed: int, place: int, large: bytes) -> tuple[int, int, int]:
    """Those of the three that do not fit their fields stand in the extra field, in this order."""
    found = []
    for value in (size, packed, place):
        if value == _FULL_32 and len(large) >= 8:
            value, large = int.from_bytes(large[:8], "little"), large[8:]
        found.append(value)
    return found[0], found[1], found[2]


def _name(raw: bytes, flags: int, unicode_name: bytes) -> str:
    if flags & _IS_UTF8:
        return raw.decode("utf-8", "surrogateescape")
    # Version 1, the checksum of the name it stands for, the name.
    if unicode_name[:1] == b"\x01" and unicode_name[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        return unicode_name[5:].decode("utf-8", "surrogateescape")
    return decoded(raw)


def _modified(date: int, time: int, times: bytes) -> int | None:
    """Nanoseconds since 1970: by the extra field, else by the clock of DOS, whose time zone nobody noted."""
    if len(times) >= 5 and times[0] & 1:
        return int.from_bytes(times[1:5], "little", signed=True) * 1_000_000_000
    year, month, day = 1980 + (date >> 9), date >> 5 & 0xF, date & 0x1F
    try:
        seconds = calendar.timegm((year, month, day, time >> 11, time >> 5 & 0x3F, (time & 0x1F) * 2))
    except ValueError:
        return None
    return seconds * 1_000_000_000


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        raise Damaged(_NO_LIST)
    return found
