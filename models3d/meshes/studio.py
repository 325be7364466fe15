"""3DS, the files of 3D Studio for DOS: chunks within chunks, each with a number and a length. Materials are left out.

http://www.the-labs.com/Blender/3DS-details.html
"""

import struct
from collections.abc import Iterator
from typing import Final

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int64
from models3d.meshes.errors import Damaged, NotThisFormat, TooComplex, Truncated
from models3d.meshes.reading import Part, Source, iter_triangles_of
from models3d.meshes.signatures import name_of_content

_MAIN, _EDITOR, _OBJECT, _MESH, _VERTICES, _FACES = 0x4D4D, 0x3D3D, 0x4000, 0x4100, 0x4110, 0x4120
_HEADER: Final = struct.Struct("<HI")
_MOST_BYTES: Final = 512 << 20
_ENDS_EARLY: Final = (
    "The file ends early: one of its chunks is longer than the file. Download or export it again."
)


def read_3ds(source: Source) -> Iterator[Float32]:
    """Yield the triangles of all meshes, whose vertices are where the scene has them already."""
    if source.size_bytes > _MOST_BYTES:
        raise TooComplex(
            f"The 3DS file is too large: {source.size_bytes >> 20:,} MB, the limit is {_MOST_BYTES >> 20}."
        )
    data = source.file.read()
    if len(data) < _HEADER.size or _HEADER.unpack_from(data)[0] != _MAIN:
        real = name_of_content(data[:64])
        raise NotThisFormat("This is not a 3DS file" + (f", but {real}." if real else "."))
    total = 0
    for name, vertices, faces in _iter_meshes(data):
        source.limits.check_triangles(total + len(faces))
        yield from iter_triangles_of(vertices, faces)
        source.parts.append(Part(name, total, len(faces)))
        total += len(faces)


def _iter_chunks(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Numbers of the chunks in a stretch, with where their contents begin and end."""
    while start + _HEADER.size <= stop:
        number, size = _HEADER.unpack_from(data, start)
        if size < _HEADER.size:
            raise Damaged(
                "A chunk of the 3DS file has an impossible length. Export it again from its source."
            )
        if start + size > len(data):
            raise Truncated(_ENDS_EARLY)
        yield number, start + _HEADER.size, min(start + size, stop)
        start += size


def _iter_meshes(data: bytes) -> Iterator[tuple[str, Float64, Int64]]:
    for _, main_start, main_stop in _iter_chunks(data, 0, len(data)):
        for number, start, stop in _iter_chunks(data, main_start, main_stop):
            if number == _EDITOR:
                yield from _iter_objects(data, start, stop)


def _iter_objects(data: bytes, start: int, stop: int) -> Iterator[tuple[str, Float64, Int64]]:
    for number, object_start, object_stop in _iter_chunks(data, start, stop):
        if number != _OBJECT:
            continue
        name_end = data.find(b"\0", object_start, object_stop)
        if name_end < 0:
            raise Damaged(
                "An object of the 3DS file has a name without end. Export it again from its source."
            )
        name = data[object_start:name_end].decode("latin-1").strip()[:200]
        for kind, mesh_start, mesh_stop in _iter_chunks(data, name_end + 1, object_stop):
            if kind == _MESH:
                vertices, faces = _mesh(data, mesh_start, mesh_stop)
                yield name or "Unnamed", vertices, faces


def _mesh(data: bytes, start: int, stop: int) -> tuple[Float64, Int64]:
    """(n, 3) vertices and (m, 3) faces; of a face the fourth number tells which edges are seen."""
    vertices, faces = np.empty((0, 3)), np.empty((0, 3), np.int64)
    for number, at, end in _iter_chunks(data, start, stop):
        if number == _VERTICES:
            vertices = _table(data, at, end, np.dtype("<f4"), 3).astype(np.float64)
        elif number == _FACES:
            faces = _table(data, at, end, np.dtype("<u2"), 4)[:, :3].astype(np.int64)
    return vertices, faces


def _table(data: bytes, at: int, end: int, kind: np.dtype[np.generic], width: int) -> np.ndarray:
    """Rows of numbers after their count."""
    count = struct.unpack_from("<H", data, at)[0] if at + 2 <= end else 0
    if at + 2 + count * width * kind.itemsize > end:
        raise Truncated(_ENDS_EARLY)
    return np.frombuffer(data, kind, count * width, at + 2).reshape(count, width)
