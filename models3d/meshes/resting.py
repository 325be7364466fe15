"""Whether a place where a body begins lies in or upon another body, as in parts put together without being joined."""

from typing import Final

import numpy as np

from models3d.meshes.arrays import Bool, Float32, Float64, Int64, UInt32
from models3d.meshes.columns import are_inside
from models3d.meshes.jit import float64, int64, kernel
from models3d.meshes.topology import join, root_of

_MOST_PLACES: Final = 1_000
_MOST_POINTS: Final = 16_000
_POINTS_A_PLACE: Final = 256
_SEED: Final = 20_261
# A little inwards along the face: straight below a corner there may be just the edge of the other body.
_INWARDS: Final = 0.1


@kernel
def _lowest_faces(
    vertices: Float32,
    faces: UInt32,
    places: Int64,
    layer: float,
    parents: UInt32,
    place_of: Int64,
    areas: Float64,
) -> None:
    """For faces that look down, within one layer of a place and joined to it by such faces: its number, and their area.

    `place_of` (m,) begins as -1, `parents` as every vertex alone; areas are as seen from below.
    """
    is_flat = np.zeros(faces.shape[0], np.uint8)
    for i in range(faces.shape[0]):
        a, b, c = faces[i, 0], faces[i, 1], faces[i, 2]
        za, zb, zc = vertices[a, 2], vertices[b, 2], vertices[c, 2]
        if float64(max(za, zb, zc)) - min(za, zb, zc) > layer:
            continue
        turn = (float64(vertices[b, 0]) - vertices[a, 0]) * (float64(vertices[c, 1]) - vertices[a, 1]) - (
            float64(vertices[b, 1]) - vertices[a, 1]
        ) * (float64(vertices[c, 0]) - vertices[a, 0])
        if turn < 0.0:
            is_flat[i] = 1
            areas[i] = -0.5 * turn
            join(parents, a, b)
            join(parents, a, c)
    number_of_root = np.full(parents.shape[0], -1, np.int64)
    for number in range(places.shape[0]):
        number_of_root[root_of(parents, places[number])] = number
    for i in range(faces.shape[0]):
        if is_flat[i]:
            number = number_of_root[root_of(parents, faces[i, 0])]
            if number >= 0:
                top = max(vertices[faces[i, 0], 2], vertices[faces[i, 1], 2], vertices[faces[i, 2], 2])
                if float64(top) - vertices[places[number], 2] <= layer:
                    place_of[i] = int64(number)


def rest_on_bodies(
    vertices: Float32, faces: UInt32, places: Int64, steepest: UInt32, *, layer_mm: float
) -> Bool:
    """Whether half a layer below any point of the underside at each place there is a solid of outward (m, 3) faces.

    `places` (k,) are vertices, `steepest` (k,) the face at each that looks down most. Undersides are sampled at up
    to 256 points; places beyond the first 1,000 count as not resting.
    """
    rests: Bool = np.zeros(len(places), np.bool_)
    places, steepest = places[:_MOST_PLACES], steepest[:_MOST_PLACES]
    place_of = np.full(len(faces), -1, np.int64)
    areas = np.zeros(len(faces))
    parents = np.arange(len(vertices), dtype=np.uint32)
    _lowest_faces(vertices, faces, places, layer_mm, parents, place_of, areas)
    corners = vertices[places].astype(np.float64)
    inner = vertices[faces[steepest]].astype(np.float64).mean(axis=1)
    begin = corners + _INWARDS * (inner - corners)
    begin[:, 2] = corners[:, 2]
    points, owners = [begin], [np.arange(len(places))]
    lowest = np.flatnonzero(place_of >= 0)
    lowest = lowest[np.argsort(place_of[lowest], kind="stable")]
    count = min(_POINTS_A_PLACE, _MOST_POINTS // len(places))
    random = np.random.default_rng(_SEED)
    for run in np.split(lowest, np.flatnonzero(np.diff(place_of[lowest])) + 1) if len(lowest) else []:
        triangles = vertices[faces[_picked(run, areas[run], random.random(count))]].astype(np.float64)
        points.append(_points_in(triangles, random.random((2, count, 1))))
        owners.append(np.full(count, place_of[run[0]]))
    below = np.concatenate(points) - np.array([0.0, 0.0, layer_mm / 2])
    rests[np.concatenate(owners)[are_inside(vertices, faces, below)]] = True
    return rests


def _picked(faces: Int64, areas: Float64, random: Float64) -> Int64:
    """Faces at even steps of their area, with as many as there are random numbers."""
    sums = np.cumsum(areas)
    steps = (np.arange(len(random)) + random) / len(random) * sums[-1]
    picked: Int64 = faces[np.minimum(np.searchsorted(sums, steps), len(faces) - 1)]
    return picked


def _points_in(triangles: Float64, random: Float64) -> Float64:
    """A point in each of (k, 3, 3) triangles, by two random numbers (2, k, 1) each."""
    u, v = random
    is_outside = u + v > 1
    u, v = np.where(is_outside, 1 - u, u), np.where(is_outside, 1 - v, v)
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    points: Float64 = a + u * (b - a) + v * (c - a)
    return points
