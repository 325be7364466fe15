"""Previews of GOO files: bare pixels in their header."""

import sys
from array import array
from collections.abc import Iterator
from typing import BinaryIO

from models3d.embedded.bitmap import bitmap
from models3d.sliced.goo import read_goo_header


def iter_pictures(file: BinaryIO) -> Iterator[bytes]:
    """The large preview as a BMP file; raises the errors of models3d.sliced.goo."""
    header = read_goo_header(file)
    pixels = array("H", header.preview)
    if sys.byteorder == "little":
        pixels.byteswap()
    yield bitmap(header.preview_side, header.preview_side, pixels)
