"""Islands: parts of a print that begin in mid-air, with nothing below them or beside them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int64, UInt8, UInt32
from models3d.meshes.jit import float64, int64, kernel, uint32
from models3d.meshes.resting import rest_on_bodies
from models3d.meshes.topology import root_of

_NOWHERE: Final = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Islands:
    """How many there are, and the lowest point of the lowest one."""

    count: int
    lowest_at: tuple[float, float, float] | None


@kernel
def _edges_by_upper_end(faces: UInt32, rank: UInt32, first: UInt32) -> UInt32:
    """The lower ends of edges, sorted by the rank of their upper end; `first` (n + 1) moves to the run ends.

    Two edges of each face are enough: when its upper corner is reached, its other two hang together already.
    """
    for turn in range(2):
        if turn == 1:
            for vertex in range(first.shape[0] - 1):
                first[vertex + 1] += first[vertex]
            lower_ends = np.empty(first[-1], np.uint32)
        for i in range(faces.shape[0]):
            a, b, c = rank[faces[i, 0]], rank[faces[i, 1]], rank[faces[i, 2]]
            low, high = min(a, b, c), max(a, b, c)
            middle = (a ^ b ^ c) ^ (low ^ high)
            if turn == 0:
                first[middle + 1] += uint32(1)
                first[high + 1] += uint32(1)
            else:
                lower_ends[first[middle]] = low
                first[middle] += uint32(1)
                lower_ends[first[high]] = low
                first[high] += uint32(1)
    return lower_ends


@kernel
def _begins(
    order: Int64, heights: Float32, lower_ends: UInt32, run_ends: UInt32, parents: UInt32, least: float
) -> UInt8:
    """Mark the ranks at which a part of the surface begins that rises by `least` before it meets an older one, if ever.

    Of two parts that meet, the one that began higher ends: its root is its lowest vertex.
    """
    begins = np.zeros(run_ends.shape[0], np.uint8)
    start = int64(0)
    for rank in range(run_ends.shape[0]):
        for i in range(start, run_ends[rank]):
            a = root_of(parents, lower_ends[i])
            b = root_of(parents, rank)
            if a != b:
                older, younger = min(a, b), max(a, b)
                parents[younger] = older
                rise = float64(heights[order[rank]]) - heights[order[younger]]
                begins[younger] = 1 if rise >= least else 0
        start = int64(run_ends[rank])
    for rank in range(run_ends.shape[0]):
        if parents[rank] == rank:
            begins[rank] = 1
    return begins


@kernel
def _looks_at(vertices: Float32, faces: UInt32, number_of: UInt32, turns: Float64, inner: UInt32) -> None:
    """For each of some vertices: the sum of its faces' areas as seen from above, negative if the solid is above it.

    `number_of` (n,) is the number of such a vertex; `inner` becomes the face at it that looks down most.
    """
    steepest = np.zeros(turns.shape[0])
    for i in range(faces.shape[0]):
        a, b, c = faces[i, 0], faces[i, 1], faces[i, 2]
        if number_of[a] == _NOWHERE and number_of[b] == _NOWHERE and number_of[c] == _NOWHERE:
            continue
        turn = (float64(vertices[b, 0]) - vertices[a, 0]) * (float64(vertices[c, 1]) - vertices[a, 1]) - (
            float64(vertices[b, 1]) - vertices[a, 1]
        ) * (float64(vertices[c, 0]) - vertices[a, 0])
        for k in range(3):
            number = number_of[faces[i, k]]
            if number != _NOWHERE:
                turns[number] += turn
                if turn < steepest[number]:
                    steepest[number] = turn
                    inner[number] = i


def islands_of(vertices: Float32, faces: UInt32, *, layer_mm: float, body_count: int) -> Islands:
    """Find islands of a closed surface of outward (m, 3) faces.

    An island is a lowest place of the surface, with the solid above it, more than one layer above the bed, from which the
    solid rises by a layer or more before it meets anything that began lower. With several bodies, a place
    that lies in or upon another body is none.
    """
    heights = np.ascontiguousarray(vertices[:, 2])
    order = np.argsort(heights, kind="stable")
    rank = np.empty(len(order), np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    run_ends = np.zeros(len(order) + 1, np.uint32)
    lower_ends = _edges_by_upper_end(faces, rank, run_ends)
    parents = np.arange(len(order), dtype=np.uint32)
    begins = _begins(order, heights, lower_ends, run_ends[:-1], parents, layer_mm)
    places = order[np.flatnonzero(begins)]
    places = places[heights[places].astype(np.float64) - float(heights[order[0]]) > layer_mm]
    if not len(places):
        return Islands(0, None)
    number_of = np.full(len(vertices), _NOWHERE, np.uint32)
    number_of[places] = np.arange(len(places), dtype=np.uint32)
    turns, inner = np.zeros(len(places)), np.zeros(len(places), np.uint32)
    _looks_at(vertices, faces, number_of, turns, inner)
    hanging = turns < 0
    places, inner = places[hanging], inner[hanging]
    if body_count > 1 and len(places):
        places = places[~rest_on_bodies(vertices, faces, places, inner, layer_mm=layer_mm)]
    if not len(places):
        return Islands(0, None)
    x, y, z = vertices[places[0]]
    return Islands(len(places), (float(x), float(y), float(z)))
