"""How much of a surface leans out over nothing, and how much of it rests on the bed, whichever side is up."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from models3d.meshes.arrays import Float32, Float64, UInt8, UInt32
from models3d.meshes.jit import float32, float64, inlined, kernel
from models3d.meshes.topology import join, root_of

# The order of the (6,) arrays below: which direction of the file points up.
UPS: Final = ("+x", "-x", "+y", "-y", "+z", "-z")
AS_IT_LIES: Final = UPS.index("+z")
# Chamfers of 45° are drawn to be printed; rounding in the file must not make them overhangs.
_ROUNDING_DEGREES: Final = 0.1


@dataclass(frozen=True, slots=True)
class Leaning:
    """Areas in mm². `overhang_45` and `contact` are (6,), one for each of UPS; the rest is of the part as it lies."""

    overhang_45: Float64
    contact: Float64
    overhang_60: float
    is_overhang: UInt8  # (m,) whether a face overhangs beyond 45°
    middle_of_largest_overhang: tuple[float, float, float] | None  # on the surface


@inlined
def _share_below(h0: float, h1: float, h2: float, level: float) -> float:
    """How much of the area of a triangle with corners at these heights lies below a level."""
    low = min(h0, h1, h2)
    high = max(h0, h1, h2)
    middle = h0 + h1 + h2 - low - high
    if high <= level:
        return 1.0
    if low >= level:
        return 0.0
    if level <= middle:
        return (level - low) * (level - low) / ((middle - low) * (high - low))
    return 1.0 - (high - level) * (high - level) / ((high - middle) * (high - low))


@kernel
def _lean(
    vertices: Float32,
    faces: UInt32,
    box: Float64,
    layer: float,
    steep_45: float,
    steep_60: float,
    overhang: Float64,
    contact: Float64,
    is_overhang: UInt8,
) -> float:
    """Fill the (6,) areas and the flags; returns the area beyond 60° as it lies. `box` is (2, 3): low, high."""
    beyond_60 = 0.0
    corners = np.empty((3, 3))
    normal = np.empty(3)
    for i in range(faces.shape[0]):
        for k in range(3):
            for axis in range(3):
                corners[k, axis] = float64(vertices[faces[i, k], axis])
        for axis in range(3):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            normal[axis] = (corners[1, u] - corners[0, u]) * (corners[2, v] - corners[0, v]) - (
                corners[1, v] - corners[0, v]
            ) * (corners[2, u] - corners[0, u])
        length = math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
        if length <= 0.0:
            continue
        for axis in range(3):
            if normal[axis] == 0.0:
                continue
            # A face looks down in one of the two directions of an axis, and only there it matters.
            sign = -1.0 if normal[axis] > 0.0 else 1.0
            bed = box[0, axis] if sign > 0 else -box[1, axis]
            h0, h1, h2 = (
                sign * corners[0, axis] - bed,
                sign * corners[1, axis] - bed,
                sign * corners[2, axis] - bed,
            )
            up = 2 * axis + (0 if sign > 0 else 1)
            down = abs(normal[axis]) / length
            if min(h0, h1, h2) < layer:
                contact[up] += 0.5 * abs(normal[axis]) * _share_below(h0, h1, h2, layer)
            if down > steep_45 and max(h0, h1, h2) > layer:
                overhang[up] += 0.5 * length
                if up == 4:
                    is_overhang[i] = 1
                    beyond_60 += 0.5 * length if down > steep_60 else 0.0
    return beyond_60


@kernel
def _middle_of_largest_region(
    vertices: Float32, faces: UInt32, chosen: UInt8, parents: UInt32, areas: Float32
) -> int:
    """The largest face in the largest region of chosen faces that hang together, or -1.

    `parents` begins as every vertex alone, `areas` (n,) as zeros.
    """
    for i in range(faces.shape[0]):
        if chosen[i]:
            join(parents, faces[i, 0], faces[i, 1])
            join(parents, faces[i, 0], faces[i, 2])
    for i in range(faces.shape[0]):
        if chosen[i]:
            areas[root_of(parents, faces[i, 0])] += float32(_area(vertices, faces, i))
    best = np.argmax(areas)
    largest, at = -1.0, -1
    for i in range(faces.shape[0]):
        if chosen[i] and root_of(parents, faces[i, 0]) == best:
            area = _area(vertices, faces, i)
            if area > largest:
                largest, at = area, i
    return at


@inlined
def _area(vertices: Float32, faces: UInt32, i: int) -> float:
    a, b, c = faces[i, 0], faces[i, 1], faces[i, 2]
    ux = float64(vertices[b, 0]) - vertices[a, 0]
    uy = float64(vertices[b, 1]) - vertices[a, 1]
    uz = float64(vertices[b, 2]) - vertices[a, 2]
    vx = float64(vertices[c, 0]) - vertices[a, 0]
    vy = float64(vertices[c, 1]) - vertices[a, 1]
    vz = float64(vertices[c, 2]) - vertices[a, 2]
    x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    return 0.5 * math.sqrt(x * x + y * y + z * z)


def leaning_of(vertices: Float32, faces: UInt32, box: Float64, *, layer_mm: float) -> Leaning:
    """Measure outward (m, 3) faces in the (2, 3) box of their corners.

    A face overhangs beyond an angle if it looks down and leans further than that from the vertical, unless it lies on
    the bed as a whole, which is to say within one layer of the lowest point. Contact is the area, seen from below, of what
    looks down within one layer of the lowest point.
    """
    overhang, contact = np.zeros(6), np.zeros(6)
    is_overhang = np.zeros(len(faces), np.uint8)
    steep_45, steep_60 = (math.sin(math.radians(angle + _ROUNDING_DEGREES)) for angle in (45, 60))
    beyond_60 = _lean(vertices, faces, box, layer_mm, steep_45, steep_60, overhang, contact, is_overhang)
    middle = None
    if overhang[AS_IT_LIES] > 0:
        parents = np.arange(len(vertices), dtype=np.uint32)
        areas = np.zeros(len(vertices), np.float32)
        face = _middle_of_largest_region(vertices, faces, is_overhang, parents, areas)
        x, y, z = vertices[faces[face]].astype(np.float64).mean(axis=0)
        middle = (float(x), float(y), float(z))
    return Leaning(overhang, contact, float(beyond_60), is_overhang, middle)
