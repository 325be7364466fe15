"""A solid as upright columns: what is empty below an overhang, and whether a point lies inside.

Columns stand on a grid over the bed. Neighboring triangles share a column exactly, without gap or overlap, as both
find the crossing of their common edge with the same arithmetic.
"""

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from models3d.meshes.arrays import Bool, Float32, Float64, Int64, UInt8, UInt32
from models3d.meshes.jit import float64, inlined, int64, kernel, uint32
from models3d.meshes.topology import sort_run

Triangle: TypeAlias = tuple[float, float, float, float, float, float]

_MOST_COLUMNS_A_SIDE: Final = 160
_LEAST_COLUMNS_A_SIDE: Final = 16
_MOST_CROSSINGS: Final = 6_000_000
# The grid lies askew: along an edge that runs with an axis, as most do, what is left out and what is too much even out.
_ASKEW: Final = math.radians(21.3)
# A crossing is (height << 2) | kind, so that sorting puts entries before exits at the same height.
_HEIGHTS: Final = (1 << 30) - 1
_ENTRY, _OVERHANGING_ENTRY, _EXIT = 0, 1, 2


@inlined
def _edge_crossing(xa: float, ya: float, xb: float, yb: float, y: float) -> float:
    """Where an edge crosses a row; the same for both directions of the edge."""
    if ya > yb or (ya == yb and xa > xb):
        xa, ya, xb, yb = xb, yb, xa, ya
    return xa + (y - ya) * ((xb - xa) / (yb - ya))


@inlined
def _row_of(triangle: Triangle, y: float) -> tuple[float, float]:
    """The triangle covers left ≤ x < right of a row; left is not below right where it misses the row."""
    xa, ya, xb, yb, xc, yc = triangle
    left, right = math.inf, -math.inf
    if (ya <= y) != (yb <= y):
        x = _edge_crossing(xa, ya, xb, yb, y)
        left, right = min(left, x), max(right, x)
    if (yb <= y) != (yc <= y):
        x = _edge_crossing(xb, yb, xc, yc, y)
        left, right = min(left, x), max(right, x)
    if (yc <= y) != (ya <= y):
        x = _edge_crossing(xc, yc, xa, ya, y)
        left, right = min(left, x), max(right, x)
    return left, right


@inlined
def _seen_from_above(vertices: Float32, faces: UInt32, i: int, view: Float64) -> Triangle:
    a, b, c = faces[i, 0], faces[i, 1], faces[i, 2]
    return (
        view[0, 0] * vertices[a, 0] + view[0, 1] * vertices[a, 1] + view[0, 2],
        view[1, 0] * vertices[a, 0] + view[1, 1] * vertices[a, 1] + view[1, 2],
        view[0, 0] * vertices[b, 0] + view[0, 1] * vertices[b, 1] + view[0, 2],
        view[1, 0] * vertices[b, 0] + view[1, 1] * vertices[b, 1] + view[1, 2],
        view[0, 0] * vertices[c, 0] + view[0, 1] * vertices[c, 1] + view[0, 2],
        view[1, 0] * vertices[c, 0] + view[1, 1] * vertices[c, 1] + view[1, 2],
    )


@inlined
def _slopes(vertices: Float32, faces: UInt32, i: int, seen: Triangle) -> tuple[float, float, float]:
    """z = sx·x + sy·y + s0 over the columns; s0 is NaN for a triangle that stands upright."""
    z0, z1, z2 = (
        float64(vertices[faces[i, 0], 2]), float64(vertices[faces[i, 1], 2]), float64(vertices[faces[i, 2], 2]),
    )  # fmt: skip
    ux, uy, uz = seen[2] - seen[0], seen[3] - seen[1], z1 - z0
    vx, vy, vz = seen[4] - seen[0], seen[5] - seen[1], z2 - z0
    turn = ux * vy - uy * vx
    if turn == 0.0:
        return 0.0, 0.0, math.nan
    sx, sy = (uz * vy - uy * vz) / turn, (ux * vz - uz * vx) / turn
    return sx, sy, z0 - sx * seen[0] - sy * seen[1]


@inlined
def _is_turned_up(seen: Triangle) -> bool:
    return bool((seen[2] - seen[0]) * (seen[5] - seen[1]) - (seen[3] - seen[1]) * (seen[4] - seen[0]) > 0.0)


@inlined
def _first_and_last(low: float, high: float, count: int) -> tuple[int, int]:
    """Columns whose place, the middle of their cell, lies in [low, high]."""
    return max(0, math.ceil(low - 0.5)), min(count - 1, math.floor(high - 0.5))


@kernel
def _likely_crossings(vertices: Float32, faces: UInt32, view: Float64) -> float:
    """About how many columns all triangles cross, and how many rows they span, together."""
    total = 0.0
    for i in range(faces.shape[0]):
        seen = _seen_from_above(vertices, faces, i, view)
        total += 0.5 * abs(
            (seen[2] - seen[0]) * (seen[5] - seen[1]) - (seen[3] - seen[1]) * (seen[4] - seen[0])
        )
        total += 0.1 * (max(seen[1], seen[3], seen[5]) - min(seen[1], seen[3], seen[5]))
    return total


@kernel
def _count_crossings(vertices: Float32, faces: UInt32, view: Float64, width: int, starts: Int64) -> None:
    """Count crossings of each column at its index + 1 of `starts` (width × height + 1)."""
    height = (starts.shape[0] - 1) // width
    for i in range(faces.shape[0]):
        seen = _seen_from_above(vertices, faces, i, view)
        top, bottom = _first_and_last(min(seen[1], seen[3], seen[5]), max(seen[1], seen[3], seen[5]), height)
        for row in range(top, bottom + 1):
            left, right = _row_of(seen, row + 0.5)
            if left < right:
                first, last = _first_and_last(left, right, width)
                for column in range(first, last + 1):
                    if left <= column + 0.5 < right:
                        starts[row * width + column + 1] += 1


@kernel
def _note_crossings(
    vertices: Float32,
    faces: UInt32,
    is_overhang: UInt8,
    view: Float64,
    low_mm: float,
    heights_per_mm: float,
    width: int,
    starts: Int64,
    crossings: UInt32,
) -> None:
    """Enter the crossings where `starts` says, which thereby moves from the beginning to the end of each column."""
    height = starts.shape[0] // width
    for i in range(faces.shape[0]):
        seen = _seen_from_above(vertices, faces, i, view)
        top, bottom = _first_and_last(min(seen[1], seen[3], seen[5]), max(seen[1], seen[3], seen[5]), height)
        if top > bottom:
            continue
        sx, sy, s0 = _slopes(vertices, faces, i, seen)
        kind = _EXIT if _is_turned_up(seen) else _OVERHANGING_ENTRY if is_overhang[i] else _ENTRY
        for row in range(top, bottom + 1):
            left, right = _row_of(seen, row + 0.5)
            if left >= right:
                continue
            first, last = _first_and_last(left, right, width)
            for column in range(first, last + 1):
                if left <= column + 0.5 < right:
                    z = sx * (column + 0.5) + sy * (row + 0.5) + s0
                    level = (z - low_mm) * heights_per_mm
                    # Slivers that stand nearly upright may have their plane far off.
                    whole = int64(min(max(level, 0.0), float64(_HEIGHTS))) if level == level else 0
                    crossings[starts[row * width + column]] = uint32((whole << 2) | kind)
                    starts[row * width + column] += 1


@kernel
def _look_below_overhangs(ends: Int64, crossings: UInt32, layer: int) -> tuple[float, int, int]:
    """Sum of the heights of gaps that have an overhang as their ceiling, how many there are, and overhangs in all.

    A gap ends where the number of entries first passes that of exits, so bodies that overlap are one; less than a layer
    above another body is no gap. Sorts the crossings.
    """
    total, exposed, overhangs = 0.0, 0, 0
    start = int64(0)
    for column in range(ends.shape[0]):
        stop = ends[column]
        sort_run(crossings, start, stop)
        depth, floor = 0, int64(0)
        for i in range(start, stop):
            level = int64(crossings[i] >> uint32(2))
            kind = crossings[i] & uint32(3)
            if kind == _EXIT:
                depth = max(depth - 1, 0)
                if depth == 0:
                    floor = level
                continue
            if kind == _OVERHANGING_ENTRY:
                overhangs += 1
                if depth == 0 and (floor == 0 or level - floor > layer):
                    total += level - floor
                    exposed += 1
            depth += 1
        start = stop
    return total, exposed, overhangs


@dataclass(frozen=True, slots=True)
class Below:
    """What lies below overhanging faces: empty space in mm³, and the share of the faces that have any below them.

    The others lie within another body or upon it.
    """

    empty_mm3: float
    exposed_share: float


def below_overhangs(
    vertices: Float32, faces: UInt32, is_overhang: UInt8, box: Float64, *, layer_mm: float
) -> Below | None:
    """The space that is empty below the overhanging faces, straight down to the part itself or to the bed.

    `box` is (2, 3). None where the faces overlay each other so often that columns would be too long.
    """
    size = box[1] - box[0]
    if not is_overhang.any() or not size[2] > 0:
        return Below(0.0, 1.0)
    side = _MOST_COLUMNS_A_SIDE
    while True:
        cell = max(float(size[0]), float(size[1])) / side
        if not cell > 0 or not math.isfinite(1.0 / cell):
            return Below(0.0, 1.0)
        view, width, height = _askew_view(box, cell)
        if _likely_crossings(vertices, faces, view) <= _MOST_CROSSINGS:
            break
        side //= 2
        if side < _LEAST_COLUMNS_A_SIDE:
            return None
    starts = np.zeros(width * height + 1, np.int64)
    _count_crossings(vertices, faces, view, width, starts)
    np.cumsum(starts, out=starts)
    crossings = np.empty(int(starts[-1]), np.uint32)
    ends = starts[:-1]
    low_mm, heights_per_mm = float(box[0, 2]), _HEIGHTS / float(size[2])
    _note_crossings(vertices, faces, is_overhang, view, low_mm, heights_per_mm, width, ends, crossings)
    layer = int(layer_mm * heights_per_mm)
    total, exposed, overhangs = _look_below_overhangs(ends, crossings, layer)
    return Below(float(total) / heights_per_mm * cell * cell, exposed / overhangs if overhangs else 1.0)


def _askew_view(box: Float64, cell_mm: float) -> tuple[Float64, int, int]:
    """The (2, 3) matrix from mm to columns and rows of the grid, and how many of each there are."""
    size = (box[1] - box[0])[:2] / cell_mm
    along, across = math.cos(_ASKEW), math.sin(_ASKEW)
    turned = np.array([[along, across], [-across, along]])
    view = np.empty((2, 3))
    view[:, :2] = turned / cell_mm
    view[:, 2] = -turned @ box[0, :2] / cell_mm + np.array([0.0, across * size[0]])
    width, height = along * size[0] + across * size[1], across * size[0] + along * size[1]
    return view, max(1, math.ceil(width)), max(1, math.ceil(height))


@kernel
def _count_around(vertices: Float32, faces: UInt32, points: Float64, view: Float64, depth: Int64) -> None:
    """Add to `depth` of each of the (k, 3) points, sorted by x, how many solids enclose it."""
    for i in range(faces.shape[0]):
        seen = _seen_from_above(vertices, faces, i, view)
        low, high = min(seen[0], seen[2], seen[4]), max(seen[0], seen[2], seen[4])
        k = np.searchsorted(points[:, 0], low)
        while k < points.shape[0] and points[k, 0] <= high:
            left, right = _row_of(seen, points[k, 1])
            if left <= points[k, 0] < right:
                sx, sy, s0 = _slopes(vertices, faces, i, seen)
                if sx * points[k, 0] + sy * points[k, 1] + s0 > points[k, 2]:
                    depth[k] += 1 if _is_turned_up(seen) else -1
            k += 1


def are_inside(vertices: Float32, faces: UInt32, points_mm: Float64) -> Bool:
    """Whether each of (k, 3) points lies within a solid that outward faces enclose."""
    x, y = (float(value) for value in vertices[0, :2])
    view = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y]])
    points = points_mm - np.array([x, y, 0.0])
    order = np.argsort(points[:, 0], kind="stable")
    depth = np.zeros(len(points), np.int64)
    _count_around(vertices, faces, points[order], view, depth)
    inside: Bool = np.empty(len(points), np.bool_)
    inside[order] = depth > 0
    return inside
