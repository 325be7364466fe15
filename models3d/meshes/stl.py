"""STL, binary and text, in every dialect met so far."""

import struct
from collections.abc import Iterator

import numpy as np

from models3d.meshes import text as scan
from models3d.meshes.arrays import Float32, Float64, Int64, UInt8
from models3d.meshes.errors import Damaged, NotThisFormat, Truncated
from models3d.meshes.jit import kernel
from models3d.meshes.reading import CHUNK_TRIANGLES, Source, ends_early, iter_line_blocks
from models3d.meshes.signatures import name_of_content

_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_HEADER_BYTES = 84
_SNIFFED_BYTES = 1024
_PLAUSIBLE_MM = 1e7

# State of the text parser between blocks.
_CORNERS, _LINE, _FAILURE, _IN_FACET, _KEYWORDS = range(5)
_FAIL_NUMBER, _FAIL_COMMA, _FAIL_FACET = 1, 2, 3


def read_stl(source: Source) -> Iterator[Float32]:
    """Yield the triangles of an STL file. Colors, stored normals and names are ignored.

    Binary or text is told by the size and the words inside, never by the word "solid" at the beginning:
    many programs begin binary files with it.
    """
    head = source.head(_SNIFFED_BYTES)
    if source.size_bytes >= _HEADER_BYTES:
        announced = struct.unpack_from("<I", head, 80)[0]
        if source.size_bytes == _HEADER_BYTES + 50 * announced and not (announced == 0 and _is_text(head)):
            yield from _read_binary(source, announced)
            return
    if _is_text(head):
        yield from _read_text(source)
    elif source.size_bytes < _HEADER_BYTES:
        raise _refusal(head) or Truncated(
            f"The file ends early: it has {source.size_bytes} bytes, and the header alone of a binary STL has "
            f"{_HEADER_BYTES}. Download, copy or export it again."
        )
    else:
        yield from _read_mismatched(source, announced, head)


def _is_text(head: bytes) -> bool:
    """Whether the beginning can only be that of a text STL (comments and blank lines may come first)."""
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    printable = all(byte >= 32 or byte in b"\t\n\r\f\v" for byte in head)
    return printable and (b"facet" in body or body.startswith((b"solid", b"#")))


def _refusal(head: bytes) -> NotThisFormat | None:
    content = name_of_content(head)
    return NotThisFormat(f"This is not an STL file, but {content}.") if content else None


def _read_mismatched(source: Source, announced: int, head: bytes) -> Iterator[Float32]:
    """Binary files whose size is not what their count says."""
    available = (source.size_bytes - _HEADER_BYTES) // 50
    if error := _refusal(head):
        raise error
    if not _looks_like_records(source, min(available, announced or available)):
        raise NotThisFormat("This is not an STL file: it is neither text nor a list of triangles.")
    if announced == 0 and available:  # programs that stream their output cannot know the count in time
        source.warn(
            f"The header of the file announces no triangles; the {available:,} that are there were read."
        )
        yield from _read_binary(source, available)
        return
    if announced > available:
        raise ends_early(f"{announced:,} triangles", f"{available:,}")
    stray = source.size_bytes - _HEADER_BYTES - 50 * announced
    source.warn(f"{stray:,} bytes after the last of the {announced:,} triangles announced were not read.")
    yield from _read_binary(source, announced)


def _looks_like_records(source: Source, count: int) -> bool:
    source.file.seek(_HEADER_BYTES)
    raw = source.file.read(50 * min(count, 64))
    records = np.frombuffer(raw[: len(raw) // 50 * 50], _RECORD)
    if not len(records):
        return count == 0
    with np.errstate(invalid="ignore"):
        plausible = (np.abs(records["corners"].reshape(-1, 9)) < _PLAUSIBLE_MM).all(axis=1)
    return bool(plausible.mean() > 0.5)


def _read_binary(source: Source, count: int) -> Iterator[Float32]:
    source.limits.check_triangles(count)
    source.expected_triangles = count
    source.file.seek(_HEADER_BYTES)
    left = count
    while left:
        raw = source.file.read(50 * min(CHUNK_TRIANGLES, left))
        records = np.frombuffer(raw[: len(raw) // 50 * 50], _RECORD)
        if not len(records):
            raise ends_early(f"{count:,} triangles", f"{count - left:,}")
        left -= len(records)
        yield np.ascontiguousarray(records["corners"])


@kernel
def _parse_block(text: UInt8, state: Int64, pending: Float64, out: Float32) -> int:
    """Parse whole lines; corners of an unfinished facet stay in `pending`. Returns the triangles put out."""
    count = 0
    at = 0
    while at < text.shape[0]:
        byte = text[at]
        if byte <= 32:
            state[_LINE] += 1 if byte == 10 else 0
            at += 1
        elif scan.starts_with(text, at, b"vertex"):
            at += 6
            for k in range(3):
                value, after = scan.parse_number(text, at)
                if after < 0:
                    state[_FAILURE] = _FAIL_COMMA if after == scan.DECIMAL_COMMA else _FAIL_NUMBER
                    return count
                pending[min(state[_CORNERS], 2), k] = value
                at = after
            state[_CORNERS] += 1
            if state[_CORNERS] >= 3:
                for corner in range(3):
                    for k in range(3):
                        out[count, corner, k] = pending[corner, k]
                count += 1
                pending[1] = pending[2]  # a fan, should the facet have more than three corners
        elif scan.starts_with(text, at, b"facet"):
            state[_FAILURE] = _FAIL_FACET if state[_IN_FACET] else state[_FAILURE]
            state[_CORNERS] = 0
            state[_IN_FACET] = 1
            state[_KEYWORDS] += 1
            at += 5
        elif scan.starts_with(text, at, b"endfacet"):
            if state[_CORNERS] < 3:
                state[_FAILURE] = _FAIL_FACET
            state[_IN_FACET] = 0
            at += 8
        elif byte == 35 or scan.starts_with(text, at, b"solid") or scan.starts_with(text, at, b"endsolid"):
            # Names may hold any word, even "facet".
            while at < text.shape[0] and not scan.is_line_end(text[at]):
                at += 1
        else:
            at = scan.skip_word(text, at)
        if state[_FAILURE]:
            return count
    return count


def _read_text(source: Source) -> Iterator[Float32]:
    state = np.zeros(5, np.int64)
    pending = np.zeros((3, 3))
    total = 0
    source.expected_triangles = source.size_bytes // 200
    head = source.head(3)
    source.file.seek(3 if head == b"\xef\xbb\xbf" else 0)
    for block in iter_line_blocks(source):
        # The shortest vertex line is "vertex 0 0 0".
        out = np.empty((len(block) // 12 + 1, 3, 3), np.float32)
        text = np.frombuffer(block, np.uint8)
        count = _parse_block(text, state, pending, out)
        total += count
        source.limits.check_triangles(total)
        if state[_FAILURE]:
            raise _text_error(source, state, total, at_end=source.file.read(1) == b"")
        if count:
            yield out[:count]
    if not state[_KEYWORDS] and source.size_bytes < _HEADER_BYTES:
        raise Truncated('The file ends early: it begins like a text STL ("solid"), and nothing follows.')
    if state[_IN_FACET]:
        raise _text_error(source, state, total, at_end=True)


def _text_error(source: Source, state: Int64, count: int, *, at_end: bool) -> Damaged | Truncated:
    line = int(state[_LINE]) + 1
    if state[_FAILURE] == _FAIL_COMMA:
        return Damaged(
            f'Line {line:,} has numbers with a decimal comma ("1,5"), so they cannot be told apart. '
            "Export the file with decimal points."
        )
    if at_end and state[_FAILURE] != _FAIL_FACET:
        return Truncated(
            f"The file ends early: it stops inside a triangle, after {count:,} whole ones. "
            "Download, copy or export it again."
        )
    return Damaged(f"Line {line:,} is damaged: a triangle has no three corners with three numbers each.")
