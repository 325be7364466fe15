"""The light mesh: a small compressed copy for the browser, which never needs the original."""

import math
from collections.abc import Iterator

import DracoPy
import fast_simplification
import numpy as np

from models3d.meshes.arrays import Bool, Float32, Int32, UInt8, UInt32
from models3d.meshes.errors import NoGeometry
from models3d.meshes.glb import CompressedPart, glb_of
from models3d.meshes.jit import kernel, uint32
from models3d.meshes.load import LoadedMesh
from models3d.meshes.painting import colored_vertices, colors_nearby, mean_at_vertices, to_linear
from models3d.meshes.weld import empty_table, find_or_add

MOST_TRIANGLES = 300_000
# Collapsing edges takes 400 bytes a triangle; above this the mesh is thinned on a grid first.
_MOST_COLLAPSED_TRIANGLES = 400_000
_FINEST_CELLS_ALONG_DIAGONAL = 4000
_LEAST_COARSENING = 1.1
_MOST_PARTS = 64
_QUANTIZATION_BITS = 14
_COMPRESSION_LEVEL = 5
_POSITION, _COLOR = 0, 2  # what Draco calls its kinds of attributes


@kernel
def _proper_faces(faces: UInt32, remap: Int32, out: UInt32) -> int:
    """Keep the faces with three different corners, `remap`ped; returns how many."""
    count = 0
    for i in range(faces.shape[0]):
        a, b, c = remap[faces[i, 0]], remap[faces[i, 1]], remap[faces[i, 2]]
        if a != b and b != c and c != a:
            out[count, 0], out[count, 1], out[count, 2] = a, b, c
            count += 1
    return count


@kernel
def _cluster(vertices: Float32, low: Float32, cell: float, table: Int32, keys: UInt32, remap: Int32) -> int:
    """Number the grid cells that hold vertices, in `remap` per vertex; returns how many there are."""
    count = 0
    for i in range(vertices.shape[0]):
        x = uint32((vertices[i, 0] - low[0]) / cell)
        y = uint32((vertices[i, 1] - low[1]) / cell)
        z = uint32((vertices[i, 2] - low[2]) / cell)
        found = find_or_add(x, y, z, table, keys, count)
        if found == count:
            count += 1
        remap[i] = found
    return count


def light_mesh_of(loaded: LoadedMesh) -> bytes:
    """A GLB file with Draco compression, millimeters, z up, of at most 300,000 triangles in all.

    Named parts of the file stay apart, up to 64 of them; colors are at the vertices. Raises NoGeometry if every
    triangle has collapsed.
    """
    faces = loaded.mesh.faces
    share = min(1.0, MOST_TRIANGLES / max(1, len(faces)))
    parts = []
    for name, stretch in _iter_parts(loaded):
        part_faces = faces[stretch]
        vertices, compact = _compacted(loaded.mesh.vertices, part_faces)
        colors = None
        if loaded.mesh.colors is not None:
            colors = loaded.mesh.colors[stretch][_are_proper(part_faces)]
        target = max(4, int(len(compact) * share)) if share < 1.0 else len(compact)
        if len(compact):
            parts += _made_parts(name, vertices, compact, colors, most_faces=target)
    if not parts:
        raise NoGeometry("All triangles have collapsed to lines or points, so there is nothing to show.")
    return glb_of(parts, generator="Layershelf")


def _made_parts(
    name: str, vertices: Float32, faces: UInt32, colors: UInt8 | None, *, most_faces: int
) -> list[CompressedPart]:
    """One part, or none if simplifying leaves nothing of it."""
    if len(faces) <= most_faces:
        if colors is None:
            return [_compressed(name, vertices, faces, None)]
        return [_compressed(name, *colored_vertices(vertices, faces, colors))]
    fewer_vertices, fewer_faces = _simplified(vertices, faces, most_faces)
    if not len(fewer_faces):
        return []
    if colors is None:
        return [_compressed(name, fewer_vertices, fewer_faces, None)]
    at_vertices = mean_at_vertices(len(vertices), faces, colors)
    nearby = colors_nearby(vertices, at_vertices, fewer_vertices)
    return [_compressed(name, fewer_vertices, fewer_faces, nearby)]


def _are_proper(faces: UInt32) -> Bool:
    """Which faces have three different corners."""
    proper: Bool = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return proper


def _iter_parts(loaded: LoadedMesh) -> Iterator[tuple[str, slice]]:
    parts = loaded.parts
    # Dropped triangles shift the numbers that parts go by.
    if loaded.mesh.dropped or not 1 < len(parts) <= _MOST_PARTS:
        yield (parts[0].name if len(parts) == 1 else "mesh"), slice(None)
        return
    for part in parts:
        yield part.name, slice(part.first_triangle, part.first_triangle + part.triangle_count)


def _compacted(vertices: Float32, faces: UInt32) -> tuple[Float32, UInt32]:
    """Proper faces only, and only the vertices they use."""
    proper = np.empty_like(faces)
    proper = proper[: _proper_faces(faces, np.arange(len(vertices), dtype=np.int32), proper)]
    is_used = np.zeros(len(vertices), np.bool_)
    is_used[proper] = True
    numbers = np.cumsum(is_used, dtype=np.uint32) - np.uint32(1)
    return vertices[is_used], numbers[proper]


def _simplified(vertices: Float32, faces: UInt32, target: int) -> tuple[Float32, UInt32]:
    if len(faces) > _MOST_COLLAPSED_TRIANGLES:
        vertices, faces = _thinned(vertices, faces, max(target, _MOST_COLLAPSED_TRIANGLES))
    if len(faces) > target:
        points, triangles = fast_simplification.simplify(
            vertices, faces.astype(np.int32), target_count=target, agg=7
        )[:2]
        vertices, faces = points.astype(np.float32), triangles.astype(np.uint32)
    return _compacted(vertices, faces)


def _thinned(vertices: Float32, faces: UInt32, most_faces: int) -> tuple[Float32, UInt32]:
    """Merge the vertices within each cell of a grid into their mean, the finest grid that thins enough."""
    low = vertices.min(axis=0)
    cell = (
        float(np.linalg.norm((vertices.max(axis=0) - low).astype(np.float64))) / _FINEST_CELLS_ALONG_DIAGONAL
    )
    remap = np.empty(len(vertices), np.int32)
    keys = np.empty((len(vertices), 3), np.uint32)
    thinned = np.empty_like(faces)
    while True:
        cells = _cluster(vertices, low, cell, empty_table(len(vertices)), keys, remap)
        count = _proper_faces(faces, remap, thinned)
        if count <= most_faces:
            break
        # Cells on a surface number as 1 / cell², once they are wider than its triangles.
        cell *= max(_LEAST_COARSENING, math.sqrt(count / most_faces))
    members = np.bincount(remap, minlength=cells)
    means = np.empty((cells, 3), np.float32)
    for axis in range(3):
        means[:, axis] = np.bincount(remap, weights=vertices[:, axis], minlength=cells) / members
    return means, thinned[:count]


def _compressed(name: str, vertices: Float32, faces: UInt32, colors: UInt8 | None) -> CompressedPart:
    """`colors` are sRGB, one a vertex."""
    draco = DracoPy.encode(
        vertices,
        faces,
        quantization_bits=_QUANTIZATION_BITS,
        compression_level=_COMPRESSION_LEVEL,
        colors=None if colors is None else to_linear(colors),
    )
    # Draco splits vertices where surfaces touch; what was written is known only by reading it.
    written = DracoPy.decode(draco)
    numbers = {one["attribute_type"]: one["unique_id"] for one in written.attributes}
    return CompressedPart(
        name=name,
        draco=draco,
        vertex_count=len(written.points),
        index_count=int(np.asarray(written.faces).size),
        low=[float(value) for value in written.points.min(axis=0)],
        high=[float(value) for value in written.points.max(axis=0)],
        position_number=numbers[_POSITION],
        color_number=numbers.get(_COLOR),
    )
