"""Triangles to pixels: the nearest surface under each pixel center, and height maps for shadows."""

import math

from numba import float32, float64

from models3d.meshes.arrays import Float32, Float64, UInt32
from models3d.meshes.jit import inlined, kernel

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


@kernel
def draw_surface(
    pixels: Float32,
    vertices: Float32,
    faces: UInt32,
    corner_normals: Float32,
    view: Float64,
    nearness: Float32,
    normals: Float32,
) -> None:
    """Draw faces into a G-buffer: `nearness` (h, w) is 1/z, 0 where empty; `normals` (h, w, 3) camera space.

    `pixels` are projected vertices (x, y, 1/z). `corner_normals` is (m, 3, 3), or (0, 3, 3) for flat faces.
    Normals are turned towards the eye, so that open and inside-out meshes look as they should.
    """
    height, width = nearness.shape
    smooth = corner_normals.shape[0] > 0
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
        ax0, ay0, a0 = (y1 - y2) / area, (x2 - x1) / area, (x1 * y2 - x2 * y1) / area
        ax1, ay1, a1 = (y2 - y0) / area, (x0 - x2) / area, (x2 * y0 - x0 * y2) / area
        ax2, ay2, a2 = -ax0 - ax1, -ay0 - ay1, 1.0 - a0 - a1
        has_normal = False
        fx, fy, fz = 0.0, 0.0, 0.0
        for row in range(top, bottom + 1):
            first, last = float64(left), float64(right)
            first, last = _span(row + 0.5, first, last, ax0, ay0, a0)
            first, last = _span(row + 0.5, first, last, ax1, ay1, a1)
            first, last = _span(row + 0.5, first, last, ax2, ay2, a2)
            for column in range(math.ceil(first), math.floor(last) + 1):
                b0 = ax0 * (column + 0.5) + ay0 * (row + 0.5) + a0
                b1 = ax1 * (column + 0.5) + ay1 * (row + 0.5) + a1
                b2 = 1.0 - b0 - b1
                near = float32(b0 * n0 + b1 * n1 + b2 * n2)
                if near <= nearness[row, column]:
                    continue
                if not has_normal:
                    has_normal = True
                    fx, fy, fz = _face_normal(vertices, i0, i1, i2, view)
                nx, ny, nz = fx, fy, fz
                if smooth:
                    gx = (
                        b0 * corner_normals[i, 0, 0]
                        + b1 * corner_normals[i, 1, 0]
                        + b2 * corner_normals[i, 2, 0]
                    )
                    gy = (
                        b0 * corner_normals[i, 0, 1]
                        + b1 * corner_normals[i, 1, 1]
                        + b2 * corner_normals[i, 2, 1]
                    )
                    gz = (
                        b0 * corner_normals[i, 0, 2]
                        + b1 * corner_normals[i, 1, 2]
                        + b2 * corner_normals[i, 2, 2]
                    )
                    nx, ny, nz = _turned(gx, gy, gz, view)
                    length = math.sqrt(nx * nx + ny * ny + nz * nz)
                    if length > 1e-9:
                        nx, ny, nz = nx / length, ny / length, nz / length
                    else:
                        nx, ny, nz = fx, fy, fz
                # Which side is seen follows from the turn of the corners on the screen.
                sign = 1.0 if area < 0.0 else -1.0
                nearness[row, column] = near
                normals[row, column, 0] = sign * nx
                normals[row, column, 1] = sign * ny
                normals[row, column, 2] = sign * nz


@inlined
def _turned(x: float, y: float, z: float, view: Float64) -> tuple[float, float, float]:
    return (
        view[0, 0] * x + view[0, 1] * y + view[0, 2] * z,
        view[1, 0] * x + view[1, 1] * y + view[1, 2] * z,
        view[2, 0] * x + view[2, 1] * y + view[2, 2] * z,
    )


@inlined
def _face_normal(vertices: Float32, i0: int, i1: int, i2: int, view: Float64) -> tuple[float, float, float]:
    """Unit normal in camera space; edges are turned and scaled first, so that tiny and huge models work."""
    ux, uy, uz = _turned(
        float64(vertices[i1, 0]) - vertices[i0, 0],
        float64(vertices[i1, 1]) - vertices[i0, 1],
        float64(vertices[i1, 2]) - vertices[i0, 2],
        view,
    )
    vx, vy, vz = _turned(
        float64(vertices[i2, 0]) - vertices[i0, 0],
        float64(vertices[i2, 1]) - vertices[i0, 1],
        float64(vertices[i2, 2]) - vertices[i0, 2],
        view,
    )
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    length = math.sqrt(nx * nx + ny * ny + nz * nz)
    if length < 1e-30:
        return 0.0, 0.0, -1.0
    return nx / length, ny / length, nz / length


@kernel
def draw_depth(placed: Float32, faces: UInt32, depth: Float32) -> None:
    """Draw faces into an orthographic depth map, keeping the least depth.

    `placed` vertices are (x pixel, y pixel, depth); `depth` (h, w) begins as +inf.
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
        ax0, ay0, a0 = (y1 - y2) / area, (x2 - x1) / area, (x1 * y2 - x2 * y1) / area
        ax1, ay1, a1 = (y2 - y0) / area, (x0 - x2) / area, (x2 * y0 - x0 * y2) / area
        ax2, ay2, a2 = -ax0 - ax1, -ay0 - ay1, 1.0 - a0 - a1
        slope = ax0 * d0 + ax1 * d1 + ax2 * d2
        for row in range(top, bottom + 1):
            first, last = float64(left), float64(right)
            first, last = _span(row + 0.5, first, last, ax0, ay0, a0)
            first, last = _span(row + 0.5, first, last, ax1, ay1, a1)
            first, last = _span(row + 0.5, first, last, ax2, ay2, a2)
            at_zero = (
                (ay0 * (row + 0.5) + a0) * d0 + (ay1 * (row + 0.5) + a1) * d1 + (ay2 * (row + 0.5) + a2) * d2
            )
            for column in range(math.ceil(first), math.floor(last) + 1):
                value = float32(at_zero + slope * (column + 0.5))
                depth[row, column] = min(depth[row, column], value)
