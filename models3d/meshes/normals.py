"""Smooth normals with creases: corners share the faces around them that bend only a little."""

import math

import numpy as np

from models3d.meshes.arrays import Float32, UInt32
from models3d.meshes.jit import float64, int64, kernel, uint32

_CREASE_COSINE = math.cos(math.radians(40.0))
_MOST_FACES_AT_VERTEX = 200


@kernel
def _face_normals(vertices: Float32, faces: UInt32, scale: float, normals: Float32, areas: Float32) -> None:
    """Unit normals (m, 3), zero for collapsed faces, and twice the areas (m,) of the scaled model."""
    for i in range(faces.shape[0]):
        i0, i1, i2 = faces[i, 0], faces[i, 1], faces[i, 2]
        ux = (float64(vertices[i1, 0]) - vertices[i0, 0]) * scale
        uy = (float64(vertices[i1, 1]) - vertices[i0, 1]) * scale
        uz = (float64(vertices[i1, 2]) - vertices[i0, 2]) * scale
        vx = (float64(vertices[i2, 0]) - vertices[i0, 0]) * scale
        vy = (float64(vertices[i2, 1]) - vertices[i0, 1]) * scale
        vz = (float64(vertices[i2, 2]) - vertices[i0, 2]) * scale
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        length = math.sqrt(nx * nx + ny * ny + nz * nz)
        inverse = 1.0 / length if length > 0 else 0.0
        areas[i] = length
        normals[i, 0], normals[i, 1], normals[i, 2] = nx * inverse, ny * inverse, nz * inverse


@kernel
def _faces_around(faces: UInt32, run_ends: UInt32) -> UInt32:
    """The faces at each vertex, vertex after vertex; `run_ends` (n + 1,), zeros, gets where each one's end."""
    for i in range(faces.shape[0]):
        for k in range(3):
            run_ends[faces[i, k] + 1] += uint32(1)
    for vertex in range(run_ends.shape[0] - 1):
        run_ends[vertex + 1] += run_ends[vertex]
    around = np.empty(3 * faces.shape[0], np.uint32)
    for i in range(faces.shape[0]):
        for k in range(3):
            around[run_ends[faces[i, k]]] = i
            run_ends[faces[i, k]] += uint32(1)
    return around


@kernel
def _average(
    faces: UInt32,
    normals: Float32,
    areas: Float32,
    around: UInt32,
    run_ends: UInt32,
    cosine: float,
    out: Float32,
) -> None:
    """Average, by area, the normals of the faces at each corner that bend no more than the crease."""
    for i in range(faces.shape[0]):
        for k in range(3):
            vertex = int64(faces[i, k])
            start = int64(run_ends[vertex - 1]) if vertex > 0 else int64(0)
            stop = int64(run_ends[vertex])
            x, y, z = 0.0, 0.0, 0.0
            # The tip of a fine cone has thousands of faces; averaging them for each would take forever.
            if stop - start <= _MOST_FACES_AT_VERTEX:
                for place in range(start, stop):
                    other = around[place]
                    likeness = (
                        normals[i, 0] * normals[other, 0]
                        + normals[i, 1] * normals[other, 1]
                        + normals[i, 2] * normals[other, 2]
                    )
                    if likeness >= cosine:
                        x += normals[other, 0] * areas[other]
                        y += normals[other, 1] * areas[other]
                        z += normals[other, 2] * areas[other]
            length = math.sqrt(x * x + y * y + z * z)
            if length > 0:
                out[i, k, 0], out[i, k, 1], out[i, k, 2] = x / length, y / length, z / length
            else:
                for axis in range(3):
                    out[i, k, axis] = normals[i, axis]


def corner_normals(vertices: Float32, faces: UInt32, *, radius_mm: float) -> Float32:
    """Unit normals (m, 3, 3) for each corner of each face; `radius_mm` is the size of the model."""
    normals = np.empty((len(faces), 3), np.float32)
    areas = np.empty(len(faces), np.float32)
    _face_normals(vertices, faces, 1.0 / radius_mm, normals, areas)
    run_ends = np.zeros(len(vertices) + 1, np.uint32)
    around = _faces_around(faces, run_ends)
    out = np.empty((len(faces), 3, 3), np.float32)
    _average(faces, normals, areas, around, run_ends, _CREASE_COSINE, out)
    return out
