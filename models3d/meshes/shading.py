"""Color: a matte gray-blue plastic under a near key light, two fills and a sky; then to screen values."""

import math

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int32, UInt8
from models3d.meshes.jit import float32, float64, inlined, picture_kernel
from models3d.meshes.occlusion import spiral
from models3d.meshes.raster import Vector

_SHEEN = 0.18
_SHEEN_SHARPNESS = 40
_RIM = 0.20
# How much 2 × 2 samples may differ in depth (of it) and in direction (cosine) to be shaded as one.
_PLAIN_DEPTH = 0.01
_PLAIN_LIKENESS = 0.97
_GROUND_TAPS = 64
_GROUND_SPIRAL = spiral(_GROUND_TAPS, 1.0)
_STEPS_TO_SCREEN = 4096


def _screen_table() -> UInt8:
    linear = np.linspace(0.0, 1.0, _STEPS_TO_SCREEN)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
    table: UInt8 = (encoded * 255 + 0.5).astype(np.uint8)
    return table


TO_SCREEN: UInt8 = _screen_table()


@inlined
def _soft_light_at(
    half_nearness: Float32, visibility: Float32, row: int, column: int, near: float
) -> tuple[float, float]:
    """Sky and key light for a full-size pixel: its four half-size neighbors, those on its surface foremost."""
    size = half_nearness.shape[0]
    y0 = (row - 1) // 2
    x0 = (column - 1) // 2
    fy = 0.25 if row % 2 else 0.75
    fx = 0.25 if column % 2 else 0.75
    sky, key, weights = 0.0, 0.0, 0.0
    for k in range(4):
        y, x = y0 + k // 2, x0 + k % 2
        if y < 0 or x < 0 or y >= size or x >= size or half_nearness[y, x] <= 0:
            continue
        weight = (fy if k // 2 else 1 - fy) * (fx if k % 2 else 1 - fx)
        weight /= 0.0005 + abs(half_nearness[y, x] - near) / near
        sky += weight * visibility[y, x, 0]
        key += weight * visibility[y, x, 1]
        weights += weight
    if weights == 0.0:
        return 1.0, 1.0
    return sky / weights, key / weights


@inlined
def _color(
    column: float, row: float, z: float, normal: Vector, sky: float, lit: float,
    focal: float, center_x: float, center_y: float, to_unit: Float64, key_position: Float64, fills: Float64,
    base: Vector,
) -> Vector:  # fmt: skip
    """Linear color of a surface seen at a place of the picture, at depth z, under these shares of sky and key light."""
    ray_x, ray_y = (column - center_x) / focal, (row - center_y) / focal
    nx, ny, nz = normal
    upward = to_unit[2, 0] * nx + to_unit[2, 1] * ny + to_unit[2, 2] * nz
    lx, ly, lz = key_position[0] - ray_x * z, key_position[1] - ray_y * z, key_position[2] - z
    squared = lx * lx + ly * ly + lz * lz
    distance = math.sqrt(squared)
    lx, ly, lz = lx / distance, ly / distance, lz / distance
    strength = key_position[0] ** 2 + key_position[1] ** 2 + (key_position[2] - 4.0) ** 2
    key = max(0.0, nx * lx + ny * ly + nz * lz) * lit * strength / squared
    fill = max(0.0, nx * fills[0, 0] + ny * fills[0, 1] + nz * fills[0, 2])
    back = max(0.0, nx * fills[1, 0] + ny * fills[1, 1] + nz * fills[1, 2])
    length = math.sqrt(ray_x * ray_x + ray_y * ray_y + 1.0)
    hx, hy, hz = lx - ray_x / length, ly - ray_y / length, lz - 1.0 / length
    half = (nx * hx + ny * hy + nz * hz) / math.sqrt(hx * hx + hy * hy + hz * hz)
    sheen = _SHEEN * max(0.0, half) ** _SHEEN_SHARPNESS * lit
    facing = max(0.0, -(nx * ray_x + ny * ray_y + nz) / length)
    rim = _RIM * (1.0 - facing) ** 3 * (0.7 + 0.3 * upward) * sky
    ambient = (0.265 + 0.135 * upward) * sky
    others = (0.24 * fill + 0.15 * back) * sky
    shine = sheen + rim
    return (
        base[0] * (1.01 * key + others + 0.97 * ambient) + shine,
        base[1] * (0.98 * key + others + ambient) + shine,
        base[2] * (0.94 * key + others + 1.06 * ambient) + shine,
    )


@inlined
def _is_plain(nearness: Float32, normals: Float32, row: int, column: int) -> bool:
    """Whether the 2 × 2 samples from here on lie on one surface that hardly bends: one color does for them."""
    near = nearness[row, column]
    nearest = max(nearness[row, column + 1], nearness[row + 1, column], nearness[row + 1, column + 1])
    farthest = min(nearness[row, column + 1], nearness[row + 1, column], nearness[row + 1, column + 1])
    if nearest - near > _PLAIN_DEPTH * near or near - farthest > _PLAIN_DEPTH * near:
        return False
    for k in range(1, 4):
        likeness = float32(0.0)
        for axis in range(3):
            likeness += normals[row, column, axis] * normals[row + k // 2, column + k % 2, axis]
        if likeness < _PLAIN_LIKENESS:
            return False
    return True


@inlined
def _is_motley(owners: Int32, colors: UInt8, row: int, column: int) -> bool:
    """Whether the 2 × 2 samples from here on, all of them on faces, are not of one color."""
    first = owners[row, column]
    for k in range(1, 4):
        other = owners[row + k // 2, column + k % 2]
        for channel in range(3):
            if colors[other, channel] != colors[first, channel]:
                return True
    return False


@inlined
def _base_of(face: int, colors: UInt8, albedo: Float32) -> Vector:
    return (
        float64(albedo[colors[face, 0]]),
        float64(albedo[colors[face, 1]]),
        float64(albedo[colors[face, 2]]),
    )


@picture_kernel
def shade(
    nearness: Float32,
    normals: Float32,
    half_nearness: Float32,
    visibility: Float32,
    focal: float,
    center_x: float,
    center_y: float,
    to_unit: Float64,
    key_position: Float64,
    fills: Float64,
    base: Vector,
    owners: Int32,
    colors: UInt8,
    albedo: Float32,
    out: Float32,
) -> None:
    """Shade a G-buffer into a picture of half its size, (h/2, w/2, 4) linear, multiplied by alpha.

    `key_position` (3,) and `fills` (2, 3) are in camera space, `base` is the linear color of the material.
    Where `owners` (h, w) tells which face is seen, that one's is `albedo[colors]` instead.
    """
    has_colors = owners.shape[0] > 0
    for row in range(0, nearness.shape[0], 2):
        for column in range(0, nearness.shape[1], 2):
            near = nearness[row, column]
            y, x = row // 2, column // 2
            is_plain = near > 0 and _is_plain(nearness, normals, row, column)
            if is_plain and not (has_colors and _is_motley(owners, colors, row, column)):
                if has_colors:
                    base = _base_of(owners[row, column], colors, albedo)
                nx, ny, nz = normals[row, column, 0], normals[row, column, 1], normals[row, column, 2]
                sky, lit = visibility[y, x, 0], visibility[y, x, 1]
                color = _color(
                    column + 1.0, row + 1.0, 1.0 / near, (nx, ny, nz), sky, lit,
                    focal, center_x, center_y, to_unit, key_position, fills, base,
                )  # fmt: skip
                for channel in range(3):
                    out[y, x, channel] = color[channel]
                out[y, x, 3] = 1.0
                continue
            for k in range(4):
                at_y, at_x = row + k // 2, column + k % 2
                near = nearness[at_y, at_x]
                if near <= 0:
                    continue
                if has_colors:
                    base = _base_of(owners[at_y, at_x], colors, albedo)
                nx, ny, nz = normals[at_y, at_x, 0], normals[at_y, at_x, 1], normals[at_y, at_x, 2]
                sky, lit = _soft_light_at(half_nearness, visibility, at_y, at_x, near)
                color = _color(
                    at_x + 0.5, at_y + 0.5, 1.0 / near, (nx, ny, nz), sky, lit,
                    focal, center_x, center_y, to_unit, key_position, fills, base,
                )  # fmt: skip
                for channel in range(3):
                    out[y, x, channel] += 0.25 * color[channel]
                out[y, x, 3] += 0.25


@picture_kernel
def ground_shadow(
    heights: Float32, texels_per_unit: float, ground: float, focal: float, center_x: float, center_y: float,
    to_unit: Float64, blur: float, strength: float, fade_height: float, out: Float32,
) -> None:  # fmt: skip
    """Darkness (h, w) of the floor seen through each pixel, from a map of the model's underside.

    Lengths are in the unit model; `heights` is a square map centered on the origin, +inf where nothing is.
    """
    size = heights.shape[0]
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            ray_x, ray_y = (column + 0.5 - center_x) / focal, (row + 0.5 - center_y) / focal
            dx = to_unit[0, 0] * ray_x + to_unit[0, 1] * ray_y + to_unit[0, 2]
            dy = to_unit[1, 0] * ray_x + to_unit[1, 1] * ray_y + to_unit[1, 2]
            dz = to_unit[2, 0] * ray_x + to_unit[2, 1] * ray_y + to_unit[2, 2]
            out[row, column] = 0.0
            if dz >= -1e-9:
                continue
            t = (ground - to_unit[2, 3]) / dz
            at_x = (to_unit[0, 3] + dx * t) * texels_per_unit + size / 2
            at_y = (to_unit[1, 3] + dy * t) * texels_per_unit + size / 2
            if t <= 0 or at_x < -blur or at_y < -blur or at_x > size + blur or at_y > size + blur:
                continue
            total = 0.0
            for tap in range(_GROUND_TAPS):
                x = math.floor(at_x + _GROUND_SPIRAL[tap, 0] * blur)
                y = math.floor(at_y + _GROUND_SPIRAL[tap, 1] * blur)
                if 0 <= x < size and 0 <= y < size and heights[y, x] < math.inf:
                    lift = (heights[y, x] - ground) / fade_height
                    total += 1.0 / (1.0 + lift * lift)
            out[row, column] = strength * total / _GROUND_TAPS


@inlined
def _bilinear(image: Float32, y: float, x: float) -> float:
    y = min(max(y, 0.0), image.shape[0] - 1.001)
    x = min(max(x, 0.0), image.shape[1] - 1.001)
    y0, x0 = int(y), int(x)
    fy, fx = y - y0, x - x0
    above = image[y0, x0] * (1 - fx) + image[y0, x0 + 1] * fx
    below = image[y0 + 1, x0] * (1 - fx) + image[y0 + 1, x0 + 1] * fx
    return float(above * (1 - fy) + below * fy)


@picture_kernel
def develop(linear: Float32, shadow: Float32, to_screen: UInt8, factor: int, out: UInt8) -> None:
    """Average factor × factor pixels, lay the shadow under them, and turn them to 8-bit sRGB with alpha."""
    scale = shadow.shape[0] / out.shape[0]
    share = float32(1.0 / (factor * factor))
    top = to_screen.shape[0] - 1
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            red, green, blue, cover = float32(0), float32(0), float32(0), float32(0)
            for y in range(row * factor, (row + 1) * factor):
                for x in range(column * factor, (column + 1) * factor):
                    red += linear[y, x, 0] * share
                    green += linear[y, x, 1] * share
                    blue += linear[y, x, 2] * share
                    cover += linear[y, x, 3] * share
            dark = 0.0
            if cover < 0.999:
                dark = (1 - cover) * _bilinear(
                    shadow, (row + 0.5) * scale - 0.5, (column + 0.5) * scale - 0.5
                )
            alpha = cover + dark
            if alpha <= 0.002:
                continue
            for channel in range(3):
                value = red if channel == 0 else (green if channel == 1 else blue)
                value /= max(cover, float32(1e-6))
                # A soft shoulder keeps highlights from burning out.
                value = value * (1 + value * 0.15) / (1 + value * 0.35) * 1.22 * cover / alpha
                out[row, column, channel] = to_screen[int(min(1.0, value) * top)]
            out[row, column, 3] = int(min(1.0, alpha) * 255 + 0.5)
