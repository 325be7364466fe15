"""Triangles to pixels: the nearest surface under each pixel center, and height maps for shadows."""

import math
from typing import TypeAlias

from models3d.meshes.arrays import Float32, Float64, Int32, UInt32
from models3d.meshes.jit import float32, float64, inlined, kernel

Vector: TypeAlias = tuple[float, float, float]
Plane2: TypeAlias = tuple[float, float, float, float, float, float]

# A hair's breadth outside still counts as inside, so that no pixel falls between two triangles.
_EDGE_SLACK = -1e-9
_LEVEL = 1e-14


@inlined
def _span(row: float, first: float, last: float, ax: float, ay: float, a0: float) -> tuple[float, float]:
    """Narrow [first, last] to the pixels of a row where ax·x + ay·y + a0 ≥ 0, at pixel centers."""
    rest = ay * row + a0
    if ax > _LEVEL:
        return max(first, (_EDGE_SLACK - rest) / ax - 0.5), last
    if ax < -_LEVEL:
        return first, min(last, (_EDGE_SLACK - rest) / ax - 0.5)
    return (first, last) if rest >= _EDGE_SLACK else (first, first - 1.0)


@inlined
def _pixels_between(low: float, high: float, size: int) -> tuple[int, int]:
    """First and last pixel whose center lies in [low, high], cut to the picture."""
    return max(0, math.ceil(max(low, 0.0) - 0.5)), min(size - 1, math.floor(min(high, size - 0.001) - 0.5))


@inlined
def _weights(x0: float, y0: float, x1: float, y1: float, x2: float, y2: float, area: float) -> Plane2:
    """Slopes and offset of the first two barycentric weights over the plane: ax, ay, a0, bx, by, b0."""
    return (
        (y1 - y2) / area, (x2 - x1) / area, (x1 * y2 - x2 * y1) / area,
        (y2 - y0) / area, (x0 - x2) / area, (x2 * y0 - x0 * y2) / area,
    )  # fmt: skip


@inlined
def _columns(row: int, left: int, right: int, plane: Plane2) -> tuple[int, int]:
    """The first and last pixel of a row that lie inside the triangle."""
    ax, ay, a0, bx, by, b0 = plane
    middle = row + 0.5
    first, last = _span(middle, float64(left), float64(right), ax, ay, a0)
    first, last = _span(middle, first, last, bx, by, b0)
    first, last = _span(middle, first, last, -ax - bx, -ay - by, 1.0 - a0 - b0)
    return math.ceil(first), math.floor(last)


@inlined
def _unit(x: float, y: float, z: float, least: float, instead: Vector) -> Vector:
    length = math.sqrt(x * x + y * y + z * z)
    if length < least:
        return instead
    share = 1.0 / length
    return x * share, y * share, z * share


@inlined
def _turned(x: float, y: float, z: float, view: Float64) -> Vector:
    return (
        view[0, 0] * x + view[0, 1] * y + view[0, 2] * z,
        view[1, 0] * x + view[1, 1] * y + view[1, 2] * z,
        view[2, 0] * x + view[2, 1] * y + view[2, 2] * z,
    )


@inlined
def _edge(vertices: Float32, start: int, end: int, view: Float64) -> Vector:
    """From one vertex to another in camera space, where tiny and huge models are of one size."""
    return _turned(
        float64(vertices[end, 0]) - vertices[start, 0],
        float64(vertices[end, 1]) - vertices[start, 1],
        float64(vertices[end, 2]) - vertices[start, 2],
        view,
    )


@inlined
def _face_normal(vertices: Float32, faces: UInt32, i: int, view: Float64) -> Vector:
    ux, uy, uz = _edge(vertices, faces[i, 0], faces[i, 1], view)
    vx, vy, vz = _edge(vertices, faces[i, 0], faces[i, 2], view)
    return _unit(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx, 1e-30, (0.0, 0.0, -1.0))


@inlined
def _corner_normal(corners: Float32, i: int, corner: int, view: Float64) -> Vector:
    return _turned(
        float64(corners[i, corner, 0]), float64(corners[i, corner, 1]), float64(corners[i, corner, 2]), view
    )


@inlined
def _between(b0: float, b1: float, first: Vector, second: Vector, third: Vector, flat: Vector) -> Vector:
    """The unit normal at barycentric weights b0, b1 of three corners; `flat` where they cancel out."""
    b2 = 1.0 - b0 - b1
    return _unit(
        b0 * first[0] + b1 * second[0] + b2 * third[0],
        b0 * first[1] + b1 * second[1] + b2 * third[1],
        b0 * first[2] + b1 * second[2] + b2 * third[2],
        1e-37,
        flat,
    )


@kernel
def draw_surface(
    pixels: Float32,
    vertices: Float32,
    faces: UInt32,
    corner_normals: Float32,
    view: Float64,
    nearness: Float32,
    normals: Float32,
    owners: Int32,
    fronts_only: bool,
) -> None:
    """Draw faces into a G-buffer: `nearness` (h, w) is 1/z, 0 where empty; `normals` (h, w, 3) camera space.

    `owners` (h, w) gets the number of the face that is seen, unless it is (0, 0).

    `pixels` are projected vertices (x, y, 1/z). `corner_normals` is (m, 3, 3), or (0, 3, 3) for flat faces.
    Normals are turned towards the eye, so that open and inside-out meshes look as they should; with `fronts_only`
    the faces turned away are left out, which nobody sees of a closed mesh.
    """
    height, width = nearness.shape
    is_smooth = corner_normals.shape[0] > 0
    for i in range(faces.shape[0]):
        i0, i1, i2 = faces[i, 0], faces[i, 1], faces[i, 2]
        x0, y0, n0 = float64(pixels[i0, 0]), float64(pixels[i0, 1]), float64(pixels[i0, 2])
        x1, y1, n1 = float64(pixels[i1, 0]), float64(pixels[i1, 1]), float64(pixels[i1, 2])
        x2, y2, n2 = float64(pixels[i2, 0]), float64(pixels[i2, 1]), float64(pixels[i2, 2])
        top, bottom = _pixels_between(min(y0, y1, y2), max(y0, y1, y2), height)
        left, right = _pixels_between(min(x0, x1, x2), max(x0, x1, x2), width)
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if top > bottom or left > right or not (area < 0.0 or area > 0.0):
            continue
        if fronts_only and area > 0.0:
            continue
        plane = _weights(x0, y0, x1, y1, x2, y2, area)
        # Which side is seen follows from the turn of the corners on the screen.
        sign = 1.0 if area < 0.0 else -1.0
        is_seen, flat = False, (0.0, 0.0, -1.0)
        first_normal, second_normal, third_normal = flat, flat, flat
        for row in range(top, bottom + 1):
            first, last = _columns(row, left, right, plane)
            for column in range(first, last + 1):
                b0 = plane[0] * (column + 0.5) + plane[1] * (row + 0.5) + plane[2]
                b1 = plane[3] * (column + 0.5) + plane[4] * (row + 0.5) + plane[5]
                near = float32(b0 * n0 + b1 * n1 + (1.0 - b0 - b1) * n2)
                if near <= nearness[row, column]:
                    continue
                if not is_seen:
                    is_seen, flat = True, _face_normal(vertices, faces, i, view)
                    if is_smooth:
                        first_normal = _corner_normal(corner_normals, i, 0, view)
                        second_normal = _corner_normal(corner_normals, i, 1, view)
                        third_normal = _corner_normal(corner_normals, i, 2, view)
                normal = flat
                if is_smooth:
                    normal = _between(b0, b1, first_normal, second_normal, third_normal, flat)
                nearness[row, column] = near
                if owners.shape[0] > 0:
                    owners[row, column] = i
                for axis in range(3):
                    normals[row, column, axis] = sign * normal[axis]


@kernel
def draw_depth(placed: Float32, faces: UInt32, depth: Float32, fronts_only: bool) -> None:
    """Draw faces into an orthographic depth map, keeping the least depth.

    `placed` vertices are (x pixel, y pixel, depth); `depth` (h, w) begins as +inf. `fronts_only` as for draw_surface.
    """
    height, width = depth.shape
    for i in range(faces.shape[0]):
        i0, i1, i2 = faces[i, 0], faces[i, 1], faces[i, 2]
        x0, y0, d0 = float64(placed[i0, 0]), float64(placed[i0, 1]), float64(placed[i0, 2])
        x1, y1, d1 = float64(placed[i1, 0]), float64(placed[i1, 1]), float64(placed[i1, 2])
        x2, y2, d2 = float64(placed[i2, 0]), float64(placed[i2, 1]), float64(placed[i2, 2])
        top, bottom = _pixels_between(min(y0, y1, y2), max(y0, y1, y2), height)
        left, right = _pixels_between(min(x0, x1, x2), max(x0, x1, x2), width)
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if top > bottom or left > right or not (area < 0.0 or area > 0.0):
            continue
        if fronts_only and area > 0.0:
            continue
        plane = _weights(x0, y0, x1, y1, x2, y2, area)
        slope = plane[0] * (d0 - d2) + plane[3] * (d1 - d2)
        for row in range(top, bottom + 1):
            first, last = _columns(row, left, right, plane)
            at_zero = (
                d2
                + (plane[1] * (row + 0.5) + plane[2]) * (d0 - d2)
                + (plane[4] * (row + 0.5) + plane[5]) * (d1 - d2)
            )
            for column in range(first, last + 1):
                value = float32(at_zero + slope * (column + 0.5))
                depth[row, column] = min(depth[row, column], value)
