"""What every reader gets and gives: the open file with its limits, and triangles by the chunk."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int32, Int64, UInt8
from models3d.meshes.errors import Damaged, EmptyFile, TooComplex, Truncated
from models3d.meshes.formats import UpAxis
from models3d.meshes.limits import ReadLimits

CHUNK_TRIANGLES = 1 << 15
_BLOCK_BYTES = 1 << 22
_MOST_LINE_BYTES = 1 << 26
_LINE_ENDS = (b"\n", b"\r")


@dataclass(frozen=True, slots=True)
class Part:
    """A named stretch of the triangles of a file."""

    name: str
    first_triangle: int
    triangle_count: int


@dataclass(frozen=True, slots=True)
class Paint:
    """Colors of a stretch of the triangles of a file: sRGB, one for each (m, 3) or one for all (3,)."""

    first_triangle: int
    triangle_count: int
    colors: UInt8


@dataclass(slots=True)
class Source:
    """One file to be read, and what its reader wants to tell besides the triangles.

    A reader is a generator function of one Source; it yields (m, 3, 3) float32 corners in the units and axes
    of the file and never needs anything but the bytes of `file`; `materials` is what the file of materials beside it
    holds, if there is one.
    """

    file: BinaryIO
    size_bytes: int
    limits: ReadLimits
    warnings: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    paints: list[Paint] = field(default_factory=list)
    mm_per_unit: float = 1.0
    up_axis: UpAxis | None = None  # where the file itself says it
    expected_triangles: int = 1024
    materials: bytes = b""

    def warn(self, sentence: str) -> None:
        """Note something odd that did not keep the file from being read; each sentence once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def head(self, count: int) -> bytes:
        """The first `count` bytes; leaves the file at its beginning."""
        self.file.seek(0)
        head = self.file.read(count)
        self.file.seek(0)
        return head


def open_source(file: BinaryIO, limits: ReadLimits) -> Source:
    """Wrap an open, seekable file; raises EmptyFile and TooComplex by its size alone."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise EmptyFile("The file is empty (0 bytes). Copy or download it again.")
    if size > limits.max_file_bytes:
        raise TooComplex(
            f"The file is too large to analyse: {size / 2**30:.1f} GB, "
            f"the limit is {limits.max_file_bytes / 2**30:.1f} GB."
        )
    return Source(file, size, limits)


def iter_line_blocks(source: Source) -> Iterator[bytes]:
    """The rest of the file in blocks of a few megabytes, cut only at line ends (LF, CR LF or CR)."""
    rest = b""
    while block := source.file.read(_BLOCK_BYTES):
        block = rest + block
        cut = max(block.rfind(line_end) for line_end in _LINE_ENDS) + 1
        if cut == 0 and len(block) > _MOST_LINE_BYTES:
            raise TooComplex(f"A single line is longer than {_MOST_LINE_BYTES >> 20} MB: this is no mesh.")
        if cut:
            yield block[:cut]
        rest = block[cut:]
    if rest:
        yield rest + b"\n"


def iter_triangles_of(vertices: Float64 | Float32, faces: Int32 | Int64) -> Iterator[Float32]:
    """Yield the corners of indexed faces (m, 3); raises Damaged if an index is out of range."""
    if len(faces) and (faces.min() < 0 or faces.max() >= len(vertices)):
        raise Damaged(
            f"A triangle refers to a vertex that is not there ({len(vertices):,} vertices in the file). "
            "Export the file again from its source."
        )
    corners = vertices.astype(np.float32)
    for start in range(0, len(faces), CHUNK_TRIANGLES):
        yield corners[faces[start : start + CHUNK_TRIANGLES]]


def ends_early(announced: str, found: str) -> Truncated:
    """The error for a file that holds less than it announces.

    >>> ends_early("1,000 triangles", "12").sentence
    'The file ends early: it announces 1,000 triangles, but holds 12. Download, copy or export it again.'
    """
    return Truncated(
        f"The file ends early: it announces {announced}, but holds {found}. Download, copy or export it again."
    )
