"""Blocks of a binary G-code file (Prusa's bgcode, https://github.com/prusa3d/libbgcode/blob/main/doc/specifications.md)."""

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from models3d.meshes.errors import Damaged, NotThisFormat, Truncated

FILE_METADATA: Final = 0
GCODE: Final = 1
THUMBNAIL: Final = 5
METADATA: Final = frozenset({FILE_METADATA, 2, 3, 4})

_MAGIC: Final = b"GCDE"
_MOST_BLOCKS: Final = 256
_MOST_BYTES: Final = 8 << 20
_STORED: Final = 0
_DEFLATED: Final = 1


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `content` is unpacked; None if it is packed by a method that only G-code itself uses, or very large."""

    type: int
    content: bytes | None


def iter_blocks(file: BinaryIO) -> Iterator[Block]:
    """The blocks before the G-code itself: settings and pictures. Raises NotThisFormat, Damaged and Truncated."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    header = file.read(10)
    if header[:4] != _MAGIC or len(header) < 10:
        raise NotThisFormat("This is not binary G-code: it does not begin as such files do.")
    checksum_bytes = 4 if struct.unpack("<H", header[8:10])[0] else 0
    for _ in range(_MOST_BLOCKS):
        head = file.read(8)
        if len(head) < 8:
            return
        type_, compression, unpacked_bytes = struct.unpack("<HHI", head)
        stored_bytes = _number(file.read(4)) if compression != _STORED else unpacked_bytes
        if type_ == GCODE:
            return
        file.seek(6 if type_ == THUMBNAIL else 2, os.SEEK_CUR)
        if type_ > THUMBNAIL:
            raise Damaged("The binary G-code contradicts itself: it holds a block of an unknown kind.")
        after = file.tell() + stored_bytes
        if after > size:
            raise Truncated(
                f"The file ends early: a block announces {stored_bytes:,} bytes, but {max(0, size - file.tell()):,} "
                "are left. Download, copy or slice it again."
            )
        content = file.read(stored_bytes) if stored_bytes <= _MOST_BYTES else None
        yield Block(type_, _unpacked(content, compression))
        file.seek(after + checksum_bytes)


def _number(four_bytes: bytes) -> int:
    if len(four_bytes) < 4:
        raise Truncated("The file ends early, within the head of a block. Download, copy or slice it again.")
    return int.from_bytes(four_bytes, "little")


def _unpacked(content: bytes | None, compression: int) -> bytes | None:
    if content is None or compression == _STORED:
        return content
    if compression != _DEFLATED:
        return None
    try:
        return zlib.decompressobj().decompress(content, _MOST_BYTES)
    except zlib.error as error:
        raise Damaged("The packed settings of the binary G-code are damaged. Slice it again.") from error
