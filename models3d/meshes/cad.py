"""STEP and IGES: exact surfaces, turned into triangles by Open CASCADE."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from models3d.meshes.arrays import Float32
from models3d.meshes.errors import (
    Damaged,
    NoGeometry,
    NotThisFormat,
    TooComplex,
    Truncated,
    UnreadableFile,
)
from models3d.meshes.gltf import read_glb
from models3d.meshes.reading import Source
from models3d.meshes.signatures import name_of_content

# A chord may leave a curve by this much, whichever is less: fine enough for pictures and for volumes to 1 in 1,000.
_LINEAR_TOLERANCE_MM: Final = 0.1
_ANGULAR_TOLERANCE_RADIANS: Final = 0.25
# Open CASCADE takes some twenty times the size of a file.
_MOST_BYTES: Final = 160 << 20
_END_BYTES: Final = 4096
_SHAPES: Final = re.compile(rb"BREP|SHELL|FACE|SURFACE|TESSELLATED|SOLID", re.IGNORECASE)
# What a STEP assembly calls the other files of which it is made; Open CASCADE would open them by that name.
_OTHER_FILES: Final = re.compile(rb"DOCUMENT_FILE", re.IGNORECASE)
_IGES_SECTION_COLUMN: Final = 72


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One exchange format, and how its files begin and end."""

    name: Literal["STEP", "IGES"]
    begins: Callable[[bytes], bool]
    ends: Callable[[bytes], bool]


_STEP: Final = _Exchange(
    "STEP", lambda head: b"ISO-10303-21" in head, lambda tail: b"END-ISO-10303-21" in tail
)
_IGES: Final = _Exchange(
    "IGES",
    lambda head: head[_IGES_SECTION_COLUMN : _IGES_SECTION_COLUMN + 1] in {b"S", b"C"},
    lambda tail: tail.rstrip().rsplit(b"\n", 1)[-1][_IGES_SECTION_COLUMN : _IGES_SECTION_COLUMN + 1] == b"T",
)


def read_step(source: Source) -> Iterator[Float32]:
    """Yield the triangles of all solids and faces of a STEP file in meters; parts in other files are left out."""
    content = _content_of(source, _STEP)
    if _OTHER_FILES.search(content):
        content = _OTHER_FILES.sub(b"OTHER_FILE", content)
        source.warn("Parts that this assembly keeps in other files are not shown.")
    yield from _iter_triangles(source, content, _STEP)


def read_iges(source: Source) -> Iterator[Float32]:
    """Yield the triangles of all faces of an IGES file in millimeters, whatever its own unit."""
    yield from _iter_triangles(source, _content_of(source, _IGES), _IGES)


def _content_of(source: Source, exchange: _Exchange) -> bytes:
    if source.size_bytes > _MOST_BYTES:
        raise TooComplex(
            f"The {exchange.name} file is too complex: {source.size_bytes >> 20:,} MB, the limit is "
            f"{_MOST_BYTES >> 20:,} MB. Export the model as STL to see and measure it."
        )
    return source.file.read()


def _iter_triangles(source: Source, content: bytes, exchange: _Exchange) -> Iterator[Float32]:
    import cascadio

    glb = cascadio.load(
        content,
        file_type="step" if exchange is _STEP else "iges",
        tol_linear=_LINEAR_TOLERANCE_MM,
        tol_angular=_ANGULAR_TOLERANCE_RADIANS,
        use_parallel=False,
    )
    if not glb:  # it prints a reason and raises nothing
        raise _refusal(content, exchange)
    scene = Source(io.BytesIO(glb), len(glb), source.limits, source.warnings, source.parts, source.paints)
    is_empty = True
    for triangles in read_glb(scene):
        is_empty = False
        yield triangles
    if is_empty:
        raise NoGeometry(
            f"Nothing in the {exchange.name} file could be turned into triangles: it holds no faces, or they "
            "contradict themselves."
        )


def _refusal(content: bytes, exchange: _Exchange) -> UnreadableFile:
    """Why a file gave nothing at all."""
    head, tail = content[:_END_BYTES], content[-_END_BYTES:]
    if not exchange.begins(head):
        real = name_of_content(head)
        return NotThisFormat(f"This is not a {exchange.name} file" + (f", but {real}." if real else "."))
    if not exchange.ends(tail):
        return Truncated(
            f"The file ends early: the mark that ends every {exchange.name} file is missing. "
            "Download, copy or export it again."
        )
    if exchange is _STEP and not _SHAPES.search(content):
        return NoGeometry("The file is sound, but there is no shape in it, so there is nothing to show.")
    return Damaged(f"The {exchange.name} file could not be read: it contradicts itself. Export it again.")
