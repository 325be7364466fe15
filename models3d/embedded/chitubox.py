"""Previews of CTB, CBDDLP and photon files, unpacked from their RLE15 code to a plain bitmap."""

import struct
from array import array
from collections.abc import Iterator
from typing import BinaryIO, Final

from models3d.sliced.chitubox import read_resin_file

_MOST_PIXELS: Final = 4 << 20
_RUN_FLAG: Final = 0x20


def iter_pictures(file: BinaryIO) -> Iterator[bytes]:
    """The large and the small preview as BMP files; raises the errors of models3d.sliced.chitubox."""
    for columns, rows, offset, count in read_resin_file(file).previews:
        if 0 < columns * rows <= _MOST_PIXELS and count <= 2 * _MOST_PIXELS:
            file.seek(offset)
            pixels = _unrolled(file.read(count), columns * rows)
            if pixels is not None:
                yield _bitmap(columns, rows, pixels)


def _unrolled(code: bytes, count: int) -> "array[int] | None":
    """RGB565 words, one per pixel; None if the code ends before the picture does."""
    words = iter(struct.unpack(f"<{len(code) // 2}H", code[: len(code) // 2 * 2]))
    pixels = array("H")
    for word in words:
        length = (next(words, 0) & 0xFFF) + 1 if word & _RUN_FLAG else 1
        pixels.extend([word & ~_RUN_FLAG] * min(length, count - len(pixels)))
        if len(pixels) == count:
            return pixels
    return None


def _bitmap(columns: int, rows: int, pixels: "array[int]") -> bytes:
    """A BMP file of RGB565 words, its rows from the top down.

    >>> len(_bitmap(1, 1, array("H", [0xFFDF])))
    70
    """
    width = columns + columns % 2  # rows are padded to four bytes
    if width != columns:
        padded = array("H")
        for start in range(0, len(pixels), columns):
            padded.extend(pixels[start : start + columns])
            padded.append(0)
        pixels = padded
    body = struct.pack(f"<{len(pixels)}H", *pixels)
    start = 14 + 40 + 12
    head = struct.pack("<2sIHHI", b"BM", start + len(body), 0, 0, start)
    info = struct.pack("<IiiHHIIiiII", 40, columns, -rows, 1, 16, 3, len(body), 2835, 2835, 0, 0)
    return head + info + struct.pack("<3I", 0xF800, 0x07E0, 0x001F) + body
