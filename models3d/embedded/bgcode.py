"""Thumbnails of binary G-code: blocks of their own before the G-code."""

from collections.abc import Iterator
from typing import BinaryIO

from models3d.sliced.bgcode import THUMBNAIL, iter_blocks


def iter_pictures(file: BinaryIO) -> Iterator[bytes]:
    """Every thumbnail; raises the errors of models3d.sliced.bgcode."""
    for block in iter_blocks(file):
        if block.type == THUMBNAIL and block.content:
            yield block.content
