"""Rows of numbers in text, one per line: the common part of OFF and of PLY in its text form."""

from collections.abc import Sequence

import numpy as np

from models3d.meshes import text as scan
from models3d.meshes.arrays import Float32, Int64, UInt8
from models3d.meshes.errors import Damaged
from models3d.meshes.jit import kernel
from models3d.meshes.reading import Source, ends_early, iter_line_blocks

# Kinds of the fields of a row.
SCALAR, LIST, CORNERS = 0, 1, 2

# State of a parser: position in the block, rows done, results, failure.
_AT, _ROWS, _RESULTS, _FAILURE = range(4)
_FAIL_NUMBER, _FAIL_COMMA = 1, 2


@kernel
def _at_row(text: UInt8, at: int) -> int:
    """The next position where a row begins: blank and comment lines are passed over."""
    while at < text.shape[0]:
        at = scan.skip_blanks(text, at)
        if at >= text.shape[0]:
            break
        if text[at] == 35:
            at = scan.skip_line(text, at)
        elif scan.is_line_end(text[at]):
            at += 1
        else:
            break
    return int(min(at, text.shape[0]))


@kernel
def _parse_points(text: UInt8, state: Int64, wanted: int, columns: Int64, out: Float32) -> None:
    """Parse rows, keeping some columns of each."""
    last = columns.max()
    while state[_ROWS] < wanted:
        at = _at_row(text, state[_AT])
        state[_AT] = at
        if at >= text.shape[0]:
            return
        for column in range(last + 1):
            value, at = scan.parse_number(text, at)
            if at < 0:
                state[_FAILURE] = _FAIL_COMMA if at == scan.DECIMAL_COMMA else _FAIL_NUMBER
                return
            for place in range(columns.shape[0]):
                if columns[place] == column:
                    out[state[_RESULTS], place] = value
        state[_RESULTS] += 1
        state[_ROWS] += 1
        state[_AT] = scan.skip_line(text, at)


@kernel
def _parse_polygons(text: UInt8, state: Int64, wanted: int, kinds: Int64, out: Int64) -> None:
    """Parse rows of scalars and counted lists, and cut the polygon in the list of CORNERS into a fan."""
    while state[_ROWS] < wanted:
        at = _at_row(text, state[_AT])
        state[_AT] = at
        if at >= text.shape[0]:
            return
        for field in range(kinds.shape[0]):
            value, at = scan.parse_number(text, at)
            if at < 0:
                state[_FAILURE] = _FAIL_NUMBER
                return
            count = int(value) if kinds[field] != SCALAR and abs(value) < 1e9 else 0
            first, previous = 0, 0
            for corner in range(count):
                value, at = scan.parse_number(text, at)
                if at < 0:
                    state[_FAILURE] = _FAIL_NUMBER
                    return
                if kinds[field] != CORNERS:
                    continue
                index = int(value) if abs(value) < 1e15 else -1
                if corner == 0:
                    first = index
                elif corner >= 2:
                    place = state[_RESULTS]
                    out[place, 0], out[place, 1], out[place, 2] = first, previous, index
                    state[_RESULTS] += 1
                previous = index
        state[_ROWS] += 1
        state[_AT] = scan.skip_line(text, at)


class RowReader:
    """Reads tables from the text that follows in a file. Announced counts never decide an allocation."""

    def __init__(self, source: Source, *, skip_bytes: int = 0) -> None:
        self._source = source
        source.file.seek(skip_bytes)
        self._blocks = iter_line_blocks(source)
        self._block = b""
        self._at = 0

    def next_line(self) -> str:
        """The next line that is neither blank nor a comment, without its comment; empty at the end."""
        while True:
            rest = self._block[self._at :]
            if not rest:
                if not self._next_block():
                    return ""
                continue
            line = rest.splitlines(keepends=True)[0]
            self._at += len(line)
            words = line.split(b"#")[0].strip()
            if words:
                return words.decode("ascii", "replace")

    def points(self, count: int, columns: Sequence[int], *, what: str) -> Float32:
        """(count, len(columns)) float32 from columns of the next rows; raises Truncated and Damaged."""
        state = np.zeros(4, np.int64)
        found = [np.empty((0, len(columns)), np.float32)]
        while state[_ROWS] < count and self._has_text():
            text = np.frombuffer(self._block, np.uint8, offset=self._at)
            state[_AT] = state[_RESULTS] = 0
            out = np.empty((min(count, len(text) // 6 + 1), len(columns)), np.float32)
            _parse_points(text, state, count, np.array(columns), out)
            found.append(out[: state[_RESULTS]])
            self._advance(state, what)
        self._check_count(state, count, what)
        return np.concatenate(found)

    def polygons(self, count: int, kinds: list[int], *, what: str) -> Int64:
        """(m, 3) triangles of the polygons in the next `count` rows; raises as `points` and TooComplex."""
        state = np.zeros(4, np.int64)
        found = [np.empty((0, 3), np.int64)]
        total = 0
        while state[_ROWS] < count and self._has_text():
            text = np.frombuffer(self._block, np.uint8, offset=self._at)
            state[_AT] = state[_RESULTS] = 0
            out = np.empty((len(text) // 2 + 1, 3), np.int64)
            _parse_polygons(text, state, count, np.array(kinds), out)
            found.append(out[: state[_RESULTS]].copy())
            total += int(state[_RESULTS])
            self._source.limits.check_triangles(total)
            self._advance(state, what)
        self._check_count(state, count, what)
        return np.concatenate(found)

    def skip(self, count: int) -> None:
        """Pass over rows that nobody wants."""
        for _ in range(count):
            if not self.next_line():
                return

    def _advance(self, state: Int64, what: str) -> None:
        if state[_FAILURE] == _FAIL_COMMA:
            raise Damaged(
                "The file has numbers with a decimal comma, so they cannot be told apart. "
                "Export the file with decimal points."
            )
        if state[_FAILURE]:
            raise Damaged(
                f"Number {state[_ROWS] + 1:,} of the {what} is damaged: a number is missing or is none. "
                "Export the file again from its source."
            )
        self._at += int(state[_AT])

    def _check_count(self, state: Int64, count: int, what: str) -> None:
        if state[_ROWS] < count:
            raise ends_early(f"{count:,} {what}", f"{state[_ROWS]:,}")

    def _has_text(self) -> bool:
        return self._at < len(self._block) or self._next_block()

    def _next_block(self) -> bool:
        self._block = next(self._blocks, b"")
        self._at = 0
        return bool(self._block)
