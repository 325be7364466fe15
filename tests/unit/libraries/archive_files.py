"""Small archives for tests: honest ones by the standard library, lying ones by hand."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from libraries.archives.directory import Bounds, Directory
from libraries.archives.reading import Archive


class FileSource:
    """An archive in a plain file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.size_bytes = path.stat().st_size

    def open(self) -> BinaryIO:
        return self.path.open("rb")

    @contextmanager
    def local_path(self) -> Iterator[str]:
        yield str(self.path)


def archive_at(path: Path, *, bounds: Bounds | None = None) -> Archive:
    return Archive(FileSource(path), bounds or Bounds())


def directory_of(path: Path, *, bounds: Bounds | None = None) -> Directory:
    return archive_at(path, bounds=bounds).directory(tick=lambda: None)


def read(path: Path, member: str, *, start: int = 0) -> bytes:
    """The bytes of a member by the way that pages take."""
    archive = archive_at(path)
    entry = archive.directory(tick=lambda: None).entries[member]
    return b"".join(archive.iter_member(entry, start=start))


def zip_bytes(
    members: Mapping[str, bytes] | Mapping[str | zipfile.ZipInfo, bytes],
    *,
    packing: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A ZIP file of these names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def raw_zip(*records: bytes, contents: bytes = b"", count: int | None = None) -> bytes:
    """A ZIP file of `contents` (local records) and the `records` of its list, whatever they claim."""
    listed = b"".join(records)
    number = len(records) if count is None else count
    return (
        contents
        + listed
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, len(listed), len(contents), 0)
    )


def zip_record(
    name: bytes, *, size: int = 0, packed: int = 0, place: int = 0, flags: int = 0, method: int = 0, checksum: int = 0,
    system: int = 3, mode: int = 0,
) -> bytes:  # fmt: skip
    """One record of the list at the end of a ZIP file."""
    fields = (
        system << 8 | 20,
        20,
        flags,
        method,
        0,
        0x5821,
        checksum,
        packed,
        size,
        len(name),
        0,
        0,
        0,
        0,
        mode << 16,
        place,
    )
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields) + name


def local_record(name: bytes, packed: bytes) -> bytes:
    """What stands in front of a member, with its packed bytes; sizes are left to the list."""
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, 8, 0, 0, 0, 0, 0, 0, len(name), 0) + name + packed


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def tar_bytes(members: Mapping[str, bytes], *, mode: str = "w:gz") -> bytes:
    """A tar of these names and contents; all were written at second 1,700,000,000."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]  # any mode for writing
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_700_000_000
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def rar_bytes(members: Mapping[str, bytes], *, is_packed: bool = False) -> bytes:
    """A RAR 5 archive whose members are stored as they are; with `is_packed` it claims that they are packed."""
    out = [b"Rar!\x1a\x07\x01\x00", _rar_block(_number(1) + _number(0) + _number(0))]
    for name, content in members.items():
        raw = name.encode()
        fields = [
            2,
            2,
            len(content),
            0x4,
            len(content),
            0o100644,
        ]  # type, has data, its length, has checksum, size, mode
        head = b"".join(map(_number, fields)) + struct.pack("<L", zlib.crc32(content))
        head += _number(0x180 if is_packed else 0) + _number(1) + _number(len(raw)) + raw
        out += [_rar_block(head), content]
    return b"".join([*out, _rar_block(_number(5) + _number(0) + _number(0))])


def _rar_block(head: bytes) -> bytes:
    sized = _number(len(head)) + head
    return struct.pack("<L", zlib.crc32(sized)) + sized


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
