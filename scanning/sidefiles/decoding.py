"""Bytes of a text file that does not say how it was written, as text."""

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# In UTF-16 every other byte of Western text is zero; in the encodings without a mark none is.
_PROBE_BYTES: Final = 1_000


def decoded(content: bytes) -> str:
    r"""Return `content` read as UTF-8 or UTF-16, else as Windows-1252; never raises. A character cut at the end is dropped.

    >>> decoded("Größe".encode("latin-1")), decoded("Größe".encode("utf-16")), decoded("Größe".encode()[:-2])
    ('Größe', 'Größe', 'Grö')
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _read(content, encoding, "replace").removeprefix("\ufeff")
    probe = content[:_PROBE_BYTES]
    zeros = (probe[0::2].count(0), probe[1::2].count(0))
    if max(zeros) * 4 > len(probe):
        return _read(content, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le", "replace")
    try:
        return _read(content, "utf-8", "strict")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _read(content: bytes, encoding: str, errors: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors).decode(content)
