"""Triangles sorted into the boxes of a regular grid, and rays that walk through it to where they leave the solid."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int64, UInt32
from models3d.meshes.jit import float64, inlined, int64, kernel, uint32

_MOST_CELLS_A_SIDE: Final = 128
# Triangles that are long and lie askew are entered in many cells; beyond this many entries, cells are made larger.
_ENTRIES_A_TRIANGLE: Final = 8
_SPARE_ENTRIES: Final = 1 << 16
_ON_THE_EDGE: Final = -1e-9


@dataclass(frozen=True, slots=True)
class Grid:
    """`members[starts[c]:starts[c + 1]]` are the faces that may touch cell c = (z · ny + y) · nx + x."""

    low: Float64  # (3,) corner in mm
    cell_mm: float
    shape: Int64  # (3,) nx, ny, nz
    starts: UInt32
    members: UInt32


@inlined
def _cells_along(
    vertices: Float32, faces: UInt32, i: int, axis: int, low: Float64, cell: float, shape: Int64
) -> tuple[int, int]:
    a, b, c = (
        float64(vertices[faces[i, 0], axis]), float64(vertices[faces[i, 1], axis]), float64(vertices[faces[i, 2], axis]),
    )  # fmt: skip
    first = int64((min(a, b, c) - low[axis]) / cell)
    last = int64((max(a, b, c) - low[axis]) / cell)
    return min(first, shape[axis] - 1), min(last, shape[axis] - 1)


@kernel
def _entry_count(vertices: Float32, faces: UInt32, low: Float64, cell: float, shape: Int64) -> int:
    total = int64(0)
    for i in range(faces.shape[0]):
        x0, x1 = _cells_along(vertices, faces, i, 0, low, cell, shape)
        y0, y1 = _cells_along(vertices, faces, i, 1, low, cell, shape)
        z0, z1 = _cells_along(vertices, faces, i, 2, low, cell, shape)
        total += (x1 - x0 + 1) * (y1 - y0 + 1) * (z1 - z0 + 1)
    return total


@kernel
def _sort_in(
    vertices: Float32, faces: UInt32, low: Float64, cell: float, shape: Int64, starts: UInt32, members: UInt32
) -> None:
    """Counting sort into `members`; `starts` (cells + 1) begins as zeros."""
    for turn in range(2):
        if turn == 1:
            for place in range(1, starts.shape[0]):
                starts[place] += starts[place - 1]
        for i in range(faces.shape[0]):
            x0, x1 = _cells_along(vertices, faces, i, 0, low, cell, shape)
            y0, y1 = _cells_along(vertices, faces, i, 1, low, cell, shape)
            z0, z1 = _cells_along(vertices, faces, i, 2, low, cell, shape)
            for z in range(z0, z1 + 1):
                for y in range(y0, y1 + 1):
                    for x in range(x0, x1 + 1):
                        place = (z * shape[1] + y) * shape[0] + x
                        if turn == 0:
                            starts[place] += uint32(1)
                        else:
                            # Filled from the end of each run, which leaves `starts` at its beginning.
                            starts[place] -= uint32(1)
                            members[starts[place]] = i


def grid_of(vertices: Float32, faces: UInt32, box: Float64) -> Grid:
    """Sort (m, 3) faces by the cells of a grid over their (2, 3) box; takes time and memory in proportion to m."""
    size = box[1] - box[0]
    largest = max(float(size.max()), 1e-30)
    side = max(1, min(_MOST_CELLS_A_SIDE, round(math.sqrt(len(faces) / 3))))
    while True:
        # A little larger than needed, so that the far side of the box lies within the last cell.
        cell = largest * (1 + 1e-9) / side
        shape = np.maximum(1, np.ceil(size / cell)).astype(np.int64)
        entries = _entry_count(vertices, faces, box[0], cell, shape)
        if side == 1 or entries <= _ENTRIES_A_TRIANGLE * len(faces) + _SPARE_ENTRIES:
            break
        side //= 2
    starts = np.zeros(int(shape.prod()) + 1, np.uint32)
    members = np.empty(entries, np.uint32)
    _sort_in(vertices, faces, box[0], cell, shape, starts, members)
    return Grid(box[0], cell, shape, starts, members)


@inlined
def _way_out(vertices: Float32, faces: UInt32, i: int, origin: Float64, direction: Float64) -> float:
    """How far along the ray it passes triangle i from its inner side; infinite if it does not.

    Möller and Trumbore, Fast, Minimum Storage Ray/Triangle Intersection, 1997.
    """
    a, b, c = faces[i, 0], faces[i, 1], faces[i, 2]
    ax, ay, az = float64(vertices[a, 0]), float64(vertices[a, 1]), float64(vertices[a, 2])
    ux, uy, uz = vertices[b, 0] - ax, vertices[b, 1] - ay, vertices[b, 2] - az
    vx, vy, vz = vertices[c, 0] - ax, vertices[c, 1] - ay, vertices[c, 2] - az
    px = direction[1] * vz - direction[2] * vy
    py = direction[2] * vx - direction[0] * vz
    pz = direction[0] * vy - direction[1] * vx
    turn = ux * px + uy * py + uz * pz
    if not turn < 0.0:  # positive for a triangle that faces the ray, which enters there
        return math.inf
    tx, ty, tz = origin[0] - ax, origin[1] - ay, origin[2] - az
    first = (tx * px + ty * py + tz * pz) / turn
    if not _ON_THE_EDGE <= first <= 1.0 - _ON_THE_EDGE:
        return math.inf
    qx, qy, qz = ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux
    second = (direction[0] * qx + direction[1] * qy + direction[2] * qz) / turn
    if not (second >= _ON_THE_EDGE and first + second <= 1.0 - _ON_THE_EDGE):
        return math.inf
    distance: float = (vx * qx + vy * qy + vz * qz) / turn
    return distance


@kernel
def _walk(
    vertices: Float32,
    faces: UInt32,
    low: Float64,
    cell_mm: float,
    shape: Int64,
    starts: UInt32,
    members: UInt32,
    origins: Float64,
    directions: Float64,
    own: Int64,
    least: float,
    most_tests: int,
    distances: Float64,
    exits: Int64,
) -> int:
    """Fill `distances` (k,) and the faces (k,) passed, infinite and -1 where a ray does not leave.

    Returns how many rays were walked within `most_tests`.
    """
    tests = 0
    cell = np.empty(3, np.int64)
    step = np.empty(3, np.int64)
    following = np.empty(3)
    across = np.empty(3)
    for ray in range(origins.shape[0]):
        if tests > most_tests:
            return ray
        origin, direction = origins[ray], directions[ray]
        for axis in range(3):
            place = (origin[axis] - low[axis]) / cell_mm
            cell[axis] = min(max(int64(place), 0), shape[axis] - 1)
            step[axis] = 1 if direction[axis] > 0.0 else -1
            across[axis] = cell_mm / abs(direction[axis]) if direction[axis] != 0.0 else math.inf
            border = cell[axis] + 1 - place if direction[axis] > 0.0 else place - cell[axis]
            following[axis] = border * across[axis] if direction[axis] != 0.0 else math.inf
        nearest, passed = math.inf, int64(-1)
        while True:
            place_in = (cell[2] * shape[1] + cell[1]) * shape[0] + cell[0]
            for entry in range(starts[place_in], starts[place_in + 1]):
                if members[entry] != own[ray]:
                    distance = _way_out(vertices, faces, members[entry], origin, direction)
                    if least < distance < nearest:
                        nearest, passed = distance, int64(members[entry])
            tests += 1 + int64(starts[place_in + 1]) - int64(starts[place_in])
            axis = 0
            if following[1] < following[axis]:
                axis = 1
            if following[2] < following[axis]:
                axis = 2
            if nearest <= following[axis]:
                break
            cell[axis] += step[axis]
            if cell[axis] < 0 or cell[axis] >= shape[axis]:
                break
            following[axis] += across[axis]
        distances[ray] = nearest
        exits[ray] = passed
    return int(origins.shape[0])


def ways_out(
    vertices: Float32,
    faces: UInt32,
    grid: Grid,
    *,
    origins: Float64,
    directions: Float64,
    own: Int64,
    least_mm: float,
    most_tests: int,
) -> tuple[Float64, Int64]:
    """How far (k, 3) rays go until they pass a face from its inner side, and which; infinite and -1 where they never do.

    Neither the ray's `own` face (k,) counts, nor anything nearer than `least_mm`. The answers are shorter than k if the work
    grew beyond `most_tests` faces looked at.
    """
    distances, exits = np.empty(len(origins)), np.empty(len(origins), np.int64)
    walked = _walk(
        vertices, faces, grid.low, grid.cell_mm, grid.shape, grid.starts, grid.members,
        origins, directions, own, least_mm, most_tests, distances, exits,
    )  # fmt: skip
    return distances[:walked], exits[:walked]
