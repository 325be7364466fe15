"""Smooth normals with creases: corners share the faces around them that bend only a little."""

import math

import numpy as np
from numba import float64, int64, uint32

from models3d.meshes.arrays import Float32, UInt32
from models3d.meshes.jit import kernel

_CREASE_COSINE = math.cos(math.radians(40.0))
_MOST_FACES_AT_VERTEX = 200


@kernel
def _corner_normals(vertices: Float32, faces: UInt32, scale: float, cosine: float, out: Float32) -> None:
    count = faces.shape[0]
    face_normals = np.empty((count, 3), np.float32)
    weights = np.empty(count, np.float32)
    run_ends = np.zeros(vertices.shape[0] + 1, np.uint32)
    for i in range(count):
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
        weights[i] = length
        face_normals[i, 0] = nx * inverse
        face_normals[i, 1] = ny * inverse
        face_normals[i, 2] = nz * inverse
        for k in range(3):
            run_ends[faces[i, k] + 1] += uint32(1)
    for vertex in range(vertices.shape[0]):
        run_ends[vertex + 1] += run_ends[vertex]
    around = np.empty(3 * count, np.uint32)
    for i in range(count):
        for k in range(3):
            around[run_ends[faces[i, k]]] = i
            run_ends[faces[i, k]] += uint32(1)
    for i in range(count):
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
                        face_normals[i, 0] * face_normals[other, 0]
                        + face_normals[i, 1] * face_normals[other, 1]
                        + face_normals[i, 2] * face_normals[other, 2]
                    )
                    if likeness >= cosine:
                        x += face_normals[other, 0] * weights[other]
                        y += face_normals[other, 1] * weights[other]
                        z += face_normals[other, 2] * weights[other]
            length = math.sqrt(x * x + y * y + z * z)
            if length > 0:
                out[i, k, 0], out[i, k, 1], out[i, k, 2] = x / length, y / length, z / length
            else:
                for axis in range(3):
                    out[i, k, axis] = face_normals[i, axis]


def corner_normals(vertices: Float32, faces: UInt32, *, radius_mm: float) -> Float32:
    """Unit normals (m, 3, 3) for each corner of each face; `radius_mm` is the size of the model."""
    out = np.empty((len(faces), 3, 3), np.float32)
    _corner_normals(vertices, faces, 1.0 / radius_mm, _CREASE_COSINE, out)
    return out
