"""Thumbnails in the comments of G-code, as PrusaSlicer began to write them: base64 between "begin" and "end"."""

import binascii
import contextlib
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from models3d.sliced.ends import comments_of

_BEGIN: Final = re.compile(rb"thumbnail(?:_(?:JPG|PNG|QOI))? begin\b")
_END: Final = re.compile(rb"thumbnail(?:_(?:JPG|PNG|QOI))? end\b")


def iter_pictures(file: BinaryIO) -> Iterator[bytes]:
    """Every thumbnail of a G-code file that is base64, in the order of the file; sizes it announces are not believed."""
    yield from pictures_in(comments_of(file))


def pictures_in(comments: Iterator[bytes]) -> Iterator[bytes]:
    """The thumbnails among comment lines.

    >>> list(pictures_in(iter([b"thumbnail begin 16x16 4", b"AAAA", b"thumbnail end"])))
    [b'\\x00\\x00\\x00']
    """
    lines: list[bytes] | None = None
    for comment in comments:
        if _BEGIN.match(comment):
            lines = []
        elif lines is not None and _END.match(comment):
            with contextlib.suppress(binascii.Error):  # a thumbnail that is none; another may be sound
                yield binascii.a2b_base64(b"".join(lines))
            lines = None
        elif lines is not None:
            lines.append(comment)
