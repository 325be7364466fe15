"""The tables of a binary PLY file, streamed."""

from collections.abc import Iterator

import numpy as np

from models3d.meshes.arrays import Float32, Int64, UInt8
from models3d.meshes.errors import Damaged
from models3d.meshes.jit import inlined, kernel
from models3d.meshes.reading import Source, ends_early
from models3d.meshes.rows import CORNERS

_BLOCK_BYTES = 1 << 22
_POINTS_PER_BLOCK = 1 << 17
_MOST_ROW_BYTES = 1 << 26

# State of the parser: position in the block, rows done, triangles put out.
_AT, _ROWS, _RESULTS = range(3)


def read_points(source: Source, row: np.dtype[np.void], columns: list[str], count: int) -> Float32:
    """(count, columns) float32 out of rows of numbers; raises Truncated."""
    found = [np.empty((0, len(columns)), np.float32)]
    left = count
    while left:
        raw = source.file.read(row.itemsize * min(left, _POINTS_PER_BLOCK))
        rows = np.frombuffer(raw[: len(raw) // row.itemsize * row.itemsize], row)
        if not len(rows):
            raise ends_early(f"{count:,} vertices", f"{count - left:,}")
        with np.errstate(over="ignore"):
            found.append(np.stack([rows[column] for column in columns], axis=1).astype(np.float32))
        left -= len(rows)
    return np.concatenate(found)


def skip_rows(source: Source, size_bytes: int) -> None:
    """Pass over a table that nobody wants; what is missing will be noticed by the next one."""
    source.file.seek(min(source.file.tell() + size_bytes, source.size_bytes))


@inlined
def _integer_at(data: UInt8, at: int, size: int, is_signed: bool, is_big_endian: bool) -> int:
    value = 0
    for k in range(size):
        byte = int(data[at + k] if is_big_endian else data[at + size - 1 - k])
        value = (value << 8) | byte
    if is_signed and value >= 1 << (8 * size - 1):
        value -= 1 << (8 * size)
    return value


@kernel
def _parse_rows(
    data: UInt8, state: Int64, wanted: int, fields: Int64, is_big_endian: bool, out: Int64
) -> None:
    """Parse whole rows. `fields` is (n, 5): bytes per item, signed?, bytes per count (0: scalar), signed?, kind."""
    while state[_ROWS] < wanted:
        at = state[_AT]
        results = state[_RESULTS]
        for f in range(fields.shape[0]):
            size, count_size = fields[f, 0], fields[f, 2]
            count = 1
            if count_size:
                if at + count_size > data.shape[0]:
                    return
                count = max(0, _integer_at(data, at, count_size, fields[f, 3] != 0, is_big_endian))
                at += count_size
            if count > (data.shape[0] - at) // size:
                return
            if fields[f, 4] == CORNERS:
                first, previous = 0, 0
                for corner in range(count):
                    index = _integer_at(data, at + corner * size, size, fields[f, 1] != 0, is_big_endian)
                    if corner == 0:
                        first = index
                    elif corner >= 2:
                        out[results, 0], out[results, 1], out[results, 2] = first, previous, index
                        results += 1
                    previous = index
            at += count * size
        state[_AT] = at
        state[_ROWS] += 1
        state[_RESULTS] = results


def iter_polygon_triangles(
    source: Source, columns: list[tuple[str, str, int]], count: int, is_big_endian: bool
) -> Iterator[Int64]:
    """Yield (m, 3) triangles of polygons. `columns` are (item type, count type or "", kind as in rows).

    Raises Truncated if fewer than `count` rows are there, and TooComplex.
    """
    fields = np.array(
        [
            (int(code[1]), code[0] == "i", int(count_code[1:] or 0), count_code[:1] == "i", kind)
            for code, count_code, kind in columns
        ],
        np.int64,
    )
    state = np.zeros(3, np.int64)
    rest = b""
    total = 0
    while state[_ROWS] < count:
        block = source.file.read(_BLOCK_BYTES)
        data = np.frombuffer(rest + block, np.uint8)
        state[_AT] = state[_RESULTS] = 0
        # A corner takes at least a byte.
        out = np.empty((len(data), 3), np.int64)
        _parse_rows(data, state, count, fields, is_big_endian, out)
        total += int(state[_RESULTS])
        source.limits.check_triangles(total)
        yield out[: state[_RESULTS]].copy()
        if not block and state[_ROWS] < count:
            raise ends_early(f"{count:,} faces", f"{state[_ROWS]:,}")
        rest = data[state[_AT] :].tobytes()
        if len(rest) > _MOST_ROW_BYTES:
            raise Damaged("A face of the PLY file has an absurd number of corners. Export it again.")
