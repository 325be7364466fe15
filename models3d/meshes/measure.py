"""Areas, volumes and boxes by exact sums over the triangles."""

from dataclasses import dataclass

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int32, UInt8, UInt32
from models3d.meshes.jit import float64, int64, kernel, uint32
from models3d.meshes.topology import Topology
from models3d.meshes.weld import empty_table, find_or_add

_MOST_BODIES_PROBED = 64


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes of a mesh in millimeters; every float is finite."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    area_mm2: float
    volume_mm3: float
    center_of_mass: tuple[float, float, float]
    inverted_bodies: list[int]  # indices; those turned inside out that are no hollows
    duplicate_face_count: int


@kernel
def _box(vertices: Float32, faces: UInt32, low: Float64, high: Float64) -> None:
    for i in range(faces.shape[0]):
        for k in range(3):
            for axis in range(3):
                value = float64(vertices[faces[i, k], axis])
                low[axis] = min(low[axis], value)
                high[axis] = max(high[axis], value)


@kernel
def _box_of_each_body(vertices: Float32, body_of_vertex: Int32, low: Float64, high: Float64) -> None:
    for i in range(vertices.shape[0]):
        body = body_of_vertex[i]
        if body < 0:
            continue
        for axis in range(3):
            value = float64(vertices[i, axis])
            low[body, axis] = min(low[body, axis], value)
            high[body, axis] = max(high[body, axis], value)


@kernel
def _add_up(
    vertices: Float32, faces: UInt32, skip: UInt8, body_of_vertex: Int32, origins: Float64, sums: Float64
) -> float:
    """Area of all faces; per body into `sums`: signed volume and its first moments about the origin.

    A face and the origin of its body span a tetrahedron of volume a·(b×c)/6 with centroid (a+b+c)/4.
    """
    area = 0.0
    has_skip = skip.shape[0] > 0
    for i in range(faces.shape[0]):
        body = body_of_vertex[faces[i, 0]]
        if body < 0 or (has_skip and skip[i]):
            continue
        ax = float64(vertices[faces[i, 0], 0]) - origins[body, 0]
        ay = float64(vertices[faces[i, 0], 1]) - origins[body, 1]
        az = float64(vertices[faces[i, 0], 2]) - origins[body, 2]
        bx = float64(vertices[faces[i, 1], 0]) - origins[body, 0]
        by = float64(vertices[faces[i, 1], 1]) - origins[body, 1]
        bz = float64(vertices[faces[i, 1], 2]) - origins[body, 2]
        cx = float64(vertices[faces[i, 2], 0]) - origins[body, 0]
        cy = float64(vertices[faces[i, 2], 1]) - origins[body, 1]
        cz = float64(vertices[faces[i, 2], 2]) - origins[body, 2]
        nx = (by - ay) * (cz - az) - (bz - az) * (cy - ay)
        ny = (bz - az) * (cx - ax) - (bx - ax) * (cz - az)
        nz = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        area += 0.5 * np.sqrt(nx * nx + ny * ny + nz * nz)
        volume = (ax * nx + ay * ny + az * nz) / 6.0
        sums[body, 0] += volume
        sums[body, 1] += volume * (ax + bx + cx) / 4.0
        sums[body, 2] += volume * (ay + by + cy) / 4.0
        sums[body, 3] += volume * (az + bz + cz) / 4.0
    return area


def _add_lids(vertices: Float32, topology: Topology, origins: Float64, sums: Float64) -> None:
    """Close each hole by a fan from the middle of its edges, and add what that encloses to `sums`."""
    edges, hole = topology.boundary_edges, topology.hole_of_boundary_edge
    origin = origins[topology.body_of_vertex[edges[:, 0]]]
    start = vertices[edges[:, 0]].astype(np.float64) - origin
    end = vertices[edges[:, 1]].astype(np.float64) - origin
    members = np.bincount(hole)
    middle = np.stack([np.bincount(hole, weights=start[:, axis]) / members for axis in range(3)], axis=1)[
        hole
    ]
    # The lid runs along the edge against the direction of its face.
    volume = np.einsum("ij,ij->i", end, np.cross(start, middle)) / 6
    moments = (start + end + middle) / 4 * volume[:, None]
    np.add.at(sums, topology.body_of_vertex[edges[:, 0]], np.column_stack([volume, moments]))


@kernel
def _mark_duplicates(faces: UInt32, table: Int32, keys: UInt32, skip: UInt8) -> int:
    """Mark faces that name the same three vertices in the same turn as an earlier one."""
    kept = int64(0)
    for i in range(faces.shape[0]):
        a, b, c = faces[i, 0], faces[i, 1], faces[i, 2]
        while a > b or a > c:
            a, b, c = b, c, a
        if find_or_add(uint32(a), uint32(b), uint32(c), table, keys, kept) == kept:
            kept += 1
        else:
            skip[i] = 1
    return int(faces.shape[0] - kept)


@kernel
def _crossings_around(
    vertices: Float32, faces: UInt32, body_of_vertex: Int32, body: int, x: float, y: float, z: float
) -> int:
    """How many other bodies enclose the point: signed crossings of a ray along +z with their faces."""
    total = 0
    for i in range(faces.shape[0]):
        if body_of_vertex[faces[i, 0]] == body:
            continue
        ax = float64(vertices[faces[i, 0], 0]) - x
        ay = float64(vertices[faces[i, 0], 1]) - y
        bx = float64(vertices[faces[i, 1], 0]) - x
        by = float64(vertices[faces[i, 1], 1]) - y
        cx = float64(vertices[faces[i, 2], 0]) - x
        cy = float64(vertices[faces[i, 2], 1]) - y
        w0 = bx * cy - by * cx
        w1 = cx * ay - cy * ax
        w2 = ax * by - ay * bx
        inside_up = w0 > 0 and w1 > 0 and w2 > 0
        inside_down = w0 < 0 and w1 < 0 and w2 < 0
        if not (inside_up or inside_down):
            continue
        height = (
            w0 * vertices[faces[i, 0], 2] + w1 * vertices[faces[i, 1], 2] + w2 * vertices[faces[i, 2], 2]
        ) / (w0 + w1 + w2)
        if height > z:
            total += 1 if inside_up else -1
    return total


def _is_cavity(
    body: int, vertices: Float32, faces: UInt32, topology: Topology, low: Float64, high: Float64
) -> bool:
    """Whether a body that is turned inside out lies inside another one, as the wall of a hollow."""
    encloses = (low < low[body]).all(axis=1) & (high > high[body]).all(axis=1)
    if not encloses.any():
        return False
    owner = topology.body_of_vertex
    first_face = faces[np.argmax(owner[faces[:, 0]] == body)]
    # The middle of a face, not a corner: a ray through the edges of another body would be undecided.
    x, y, z = (vertices[first_face].astype(np.float64) * np.array([[0.37], [0.29], [0.34]])).sum(axis=0)
    return bool(_crossings_around(vertices, faces, owner, body, x, y, z) > 0)


def measure_stretch(vertices: Float32, faces: UInt32, one_body: Int32) -> tuple[Float64, float, float]:
    """Size (3,) in mm, area and volume of some (m, 3) faces taken as one surface; `one_body` is (n,) zeros.

    The volume is that within the surface, never negative; of an open one it is no more than a figure.
    """
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    _box(vertices, faces, low, high)
    sums = np.zeros((1, 4))
    area = _add_up(vertices, faces, np.zeros(0, np.uint8), one_body, ((low + high) / 2)[None], sums)
    return high - low, float(area), abs(float(sums[0, 0]))


def measure(vertices: Float32, faces: UInt32, topology: Topology) -> Measures:
    """Measure the (m, 3) faces. Faces that repeat an earlier one count once.

    Volume is that of the solid: inside-out bodies count as if they were turned right, unless they lie inside
    another body, where they are hollows and are taken away. Holes count as if closed by a lid: exact where
    their rim is flat, and only a figure of size where it is not. Neither depends on where the mesh lies.
    """
    low = np.full(3, np.inf)
    high = np.full(3, -np.inf)
    _box(vertices, faces, low, high)
    bodies = topology.body_count
    body_low = np.full((bodies, 3), np.inf)
    body_high = np.full((bodies, 3), -np.inf)
    _box_of_each_body(vertices, topology.body_of_vertex, body_low, body_high)
    skip = np.zeros(0, np.uint8)
    duplicates = 0
    if topology.nonmanifold_edge_count:
        skip = np.zeros(len(faces), np.uint8)
        keys = np.empty((len(faces), 3), np.uint32)
        duplicates = int(_mark_duplicates(faces, empty_table(len(faces)), keys, skip))
    origins = (body_low + body_high) / 2
    sums = np.zeros((bodies, 4))
    area = _add_up(vertices, faces, skip, topology.body_of_vertex, origins, sums)
    if topology.boundary_edge_count:
        _add_lids(vertices, topology, origins, sums)
    inverted = [
        int(body)
        for place, body in enumerate(np.flatnonzero(sums[:, 0] < 0))
        if place >= _MOST_BODIES_PROBED
        or not _is_cavity(int(body), vertices, faces, topology, body_low, body_high)
    ]
    sums[inverted] *= -1
    volume = float(sums[:, 0].sum())
    middle = (low + high) / 2
    moments = (sums[:, 1:] + sums[:, :1] * origins).sum(axis=0)
    center = np.clip(moments / volume, low, high) if volume > 0 else middle
    return Measures(
        low=(float(low[0]), float(low[1]), float(low[2])),
        high=(float(high[0]), float(high[1]), float(high[2])),
        area_mm2=float(area),
        volume_mm3=abs(volume),
        center_of_mass=(float(center[0]), float(center[1]), float(center[2])),
        inverted_bodies=inverted,
        duplicate_face_count=duplicates,
    )
