"""The comments at both ends of a G-code file: slicers write there what they know, and nothing in between is read."""

import os
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

HEAD_BYTES: Final = 2 << 20  # pictures stand first and may take a megabyte
TAIL_BYTES: Final = 1 << 19  # the settings of the Prusa family take 30 kB at the end

_COMMENT: Final = re.compile(rb"^[ \t]*;([^\r\n]*)", re.MULTILINE)


def comments_of(file: BinaryIO) -> Iterator[bytes]:
    """The comment lines of head and tail without their semicolon, in the order of the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    yield from comments_in(file.read(HEAD_BYTES))
    tail_start = max(HEAD_BYTES, size - TAIL_BYTES)
    if tail_start < size:
        file.seek(tail_start)
        yield from comments_in(file.read(TAIL_BYTES))


def comments_in(text: bytes) -> Iterator[bytes]:
    """The comment lines of a text.

    >>> list(comments_in(b"G28 ; home\\n; layer_height = 0.2\\n;TIME:12"))
    [b'layer_height = 0.2', b'TIME:12']
    """
    for match in _COMMENT.finditer(text):
        yield match.group(1).strip()
