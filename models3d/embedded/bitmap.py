"""Bare pixels as a picture file that any decoder opens."""

import struct
from array import array


def bitmap(columns: int, rows: int, pixels: "array[int]") -> bytes:
    """A BMP file of RGB565 words, its rows from the top down.

    >>> len(bitmap(1, 1, array("H", [0xFFDF])))
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
