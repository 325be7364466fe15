"""How thick the walls of a solid are, sampled by rays from its surface inwards."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from models3d.meshes.arrays import Bool, Float32, Float64, Int64, UInt32
from models3d.meshes.grid import grid_of, ways_out
from models3d.meshes.jit import float64, kernel

_SAMPLES: Final = 1_500
_SEED: Final = 20_260
_MOST_TESTS: Final = 15_000_000
# Where fewer rays than this share find a way out, there is no inside to speak of.
_LEAST_SHARE_FOUND: Final = 0.5
_LEAST_OF_DIAGONAL: Final = 1e-6
_THIN_PERCENTILE: Final = 5
# Two sides make a wall if they are within 45° of parallel; nearer to right angles they make an edge, thin at its tip.
_OPPOSITE: Final = math.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class Thinnest:
    """Wall thickness in mm at the thinnest sample of a wall, where that lies, and at the 5th percentile."""

    thinnest: float
    at: tuple[float, float, float]
    thin: float


@dataclass(frozen=True, slots=True)
class Walls:
    """Way inwards in mm from evenly spread points, and the thinnest wall, if anything of the part is a wall."""

    samples: Float64
    thinnest: Thinnest | None


@kernel
def _pick(
    vertices: Float32,
    faces: UInt32,
    random: Float64,
    total_area: float,
    own: Int64,
    points: Float64,
    inwards: Float64,
) -> int:
    """One point in each of k stretches of equal area; returns how many were set. `random` is (k, 3) in [0, 1)."""
    count = random.shape[0]
    done, passed = 0, 0.0
    edges = np.empty((2, 3))
    normal = np.empty(3)
    for i in range(faces.shape[0]):
        for axis in range(3):
            edges[0, axis] = float64(vertices[faces[i, 1], axis]) - vertices[faces[i, 0], axis]
            edges[1, axis] = float64(vertices[faces[i, 2], axis]) - vertices[faces[i, 0], axis]
        normal[0] = edges[0, 1] * edges[1, 2] - edges[0, 2] * edges[1, 1]
        normal[1] = edges[0, 2] * edges[1, 0] - edges[0, 0] * edges[1, 2]
        normal[2] = edges[0, 0] * edges[1, 1] - edges[0, 1] * edges[1, 0]
        length = np.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
        passed += 0.5 * length
        while done < count and length > 0.0 and (done + random[done, 0]) * total_area / count < passed:
            u, v = random[done, 1], random[done, 2]
            if u + v > 1.0:
                u, v = 1.0 - u, 1.0 - v
            own[done] = i
            for axis in range(3):
                corner = float64(vertices[faces[i, 0], axis])
                points[done, axis] = corner + u * edges[0, axis] + v * edges[1, axis]
                inwards[done, axis] = -normal[axis] / length
            done += 1
    return done


def walls_of(vertices: Float32, faces: UInt32, box: Float64, *, area_mm2: float) -> Walls | None:
    """Sample outward (m, 3) faces in their (2, 3) box at points spread evenly over their area, always the same ones.

    The way inwards ends at the first face that leads out again; where that face is turned the other way, within 45°, it is
    the thickness of a wall. None where most rays do not find out.
    """
    generator = np.random.default_rng(_SEED)
    own = np.empty(_SAMPLES, np.int64)
    points, inwards = np.empty((_SAMPLES, 3)), np.empty((_SAMPLES, 3))
    count = _pick(vertices, faces, generator.random((_SAMPLES, 3)), area_mm2, own, points, inwards)
    # Shuffled: should the work become too much, what was sampled till then is from everywhere.
    order = generator.permutation(count)
    points = points[order]
    inwards = inwards[order]
    distances, exits = ways_out(
        vertices,
        faces,
        grid_of(vertices, faces, box),
        origins=points,
        directions=inwards,
        own=own[order],
        least_mm=_LEAST_OF_DIAGONAL * float(np.linalg.norm(box[1] - box[0])),
        most_tests=_MOST_TESTS,
    )
    found = np.flatnonzero(exits >= 0)
    if not len(found) or len(found) < _LEAST_SHARE_FOUND * len(distances):
        return None
    are_opposite = _are_opposite(vertices, faces[exits[found]], inwards[found])
    return Walls(distances[found], _thinnest(points[found][are_opposite], distances[found][are_opposite]))


def _are_opposite(vertices: Float32, faces: UInt32, inwards: Float64) -> Bool:
    corners = vertices[faces].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    opposite: Bool = np.einsum("ij,ij->i", normals, inwards) >= _OPPOSITE
    return opposite


def _thinnest(points: Float64, distances: Float64) -> Thinnest | None:
    if not len(distances):
        return None
    place = int(np.argmin(distances))
    x, y, z = (float(value) for value in points[place])
    return Thinnest(float(distances[place]), (x, y, z), float(np.percentile(distances, _THIN_PERCENTILE)))
