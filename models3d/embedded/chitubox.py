"""Previews of CTB, CBDDLP and photon files, unpacked from their RLE15 code to a plain bitmap."""

import struct
from array import array
from collections.abc import Iterator
from typing import BinaryIO, Final

from models3d.embedded.bitmap import bitmap
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
                yield bitmap(columns, rows, pixels)


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
