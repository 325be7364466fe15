"""Soft light: how much of the sky and of the key light each visible point sees, at half resolution."""

import math

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int64
from models3d.meshes.jit import float32, float64, inlined, picture_kernel

# With the noise averaged over 4 × 4 pixels, more directions, steps and taps cost a third more and cannot be seen.
_DIRECTIONS = 4
_STEPS = 4
_BIAS = 0.08
_STRENGTH = 1.25
_REACH = 0.16
_SHADOW_TAPS = 6
_SHADOW_BLUR_TEXELS = 4.0
_TILE = 32  # a power of two


def spiral(taps: int, radius: float) -> Float64:
    """(taps, 2) points spread evenly over a disk, a sunflower's way."""
    number = np.arange(taps)
    distance = np.sqrt((number + 0.5) / taps) * radius
    angle = number * math.pi * (3 - math.sqrt(5))
    return np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)


_AROUND = np.stack(
    [function(np.arange(_DIRECTIONS) * 2 * math.pi / _DIRECTIONS) for function in (np.cos, np.sin)], axis=1
)
_SHADOW_SPIRAL = spiral(_SHADOW_TAPS, _SHADOW_BLUR_TEXELS).astype(np.float32)


def _noise(row: Int64, column: Int64) -> Float64:
    """Interleaved gradient noise in 0…1 (Jimenez 2014): neighbors differ as much as they can."""
    noise: Float64 = (52.9829189 * ((0.06711056 * column + 0.00583715 * row) % 1.0)) % 1.0
    return noise


def _noise_table() -> Float32:
    """(size, size, 5) for each field of a tile: cosine, sine and jitter of the rays to the sky; cosine and sine of the taps.

    A table, for reckoning these anew for each pixel takes as long as all that is done with them.
    """
    row, column = np.indices((_TILE, _TILE))
    rays, taps = _noise(row, column) * 2 * math.pi / _DIRECTIONS, _noise(row, column) * 2 * math.pi
    jitter = 0.3 + 0.7 * _noise(row + 91, column + 37)
    return np.stack([np.cos(rays), np.sin(rays), jitter, np.cos(taps), np.sin(taps)], axis=2).astype(
        np.float32
    )


_NOISE = _noise_table()


@picture_kernel
def _halve(nearness: Float32, normals: Float32, half_nearness: Float32, half_normals: Float32) -> None:
    """Keep the nearest of each 2 × 2 pixels."""
    for row in range(half_nearness.shape[0]):
        for column in range(half_nearness.shape[1]):
            best = float32(0.0)
            best_row, best_column = 0, 0
            for k in range(4):
                y, x = 2 * row + k // 2, 2 * column + k % 2
                if nearness[y, x] > best:
                    best = nearness[y, x]
                    best_row, best_column = y, x
            half_nearness[row, column] = best
            if best > 0:
                for axis in range(3):
                    half_normals[row, column, axis] = normals[best_row, best_column, axis]


@inlined
def _openness(
    depth: Float32, row: int, column: int, normal: Float32, focal: float, center_x: float, center_y: float
) -> float:
    """Horizon-based ambient occlusion: the share of the sky above a point that near surfaces leave free.

    `depth` (h, w) is z, 0 where nothing is.
    """
    height, width = depth.shape
    shrink = 1.0 / focal
    z = float64(depth[row, column])
    x = (column + 0.5 - center_x) * shrink * z
    y = (row + 0.5 - center_y) * shrink * z
    reach_pixels = _REACH * focal / z
    noise = _NOISE[row % _TILE, column % _TILE]
    cosine, sine, jitter = noise[0], noise[1], noise[2]
    total = 0.0
    for direction in range(_DIRECTIONS):
        along_x = _AROUND[direction, 0] * cosine - _AROUND[direction, 1] * sine
        along_y = _AROUND[direction, 0] * sine + _AROUND[direction, 1] * cosine
        highest = 0.0
        for step in range(_STEPS):
            t = (step + jitter) / _STEPS
            distance = 1.5 + t * t * reach_pixels
            at_x = int(column + 0.5 + along_x * distance)
            at_y = int(row + 0.5 + along_y * distance)
            if at_x < 0 or at_y < 0 or at_x >= width or at_y >= height:
                break
            other = float64(depth[at_y, at_x])
            dx = (at_x + 0.5 - center_x) * shrink * other - x
            dy = (at_y + 0.5 - center_y) * shrink * other - y
            dz = other - z
            rise = dx * normal[0] + dy * normal[1] + dz * normal[2]
            # Most neighbors are no higher than the point itself: nothing to take a root of.
            if other <= 0.0 or rise <= 0.0:
                continue
            squared = dx * dx + dy * dy + dz * dz
            fading = 1.0 - squared / (_REACH * _REACH)
            if fading > 0:
                highest = max(highest, (rise / math.sqrt(squared) - _BIAS) * fading)
        total += highest
    return max(0.0, 1.0 - _STRENGTH * total / _DIRECTIONS)


@inlined
def _lit_share(
    shadow: Float32, light: Float64, x: float, y: float, z: float, bias: float, noise: Float32
) -> float:
    """The share of taps around a point of the unit model that the key light reaches."""
    at_x = light[0, 0] * x + light[0, 1] * y + light[0, 2] * z + light[0, 3]
    at_y = light[1, 0] * x + light[1, 1] * y + light[1, 2] * z + light[1, 3]
    depth = light[2, 0] * x + light[2, 1] * y + light[2, 2] * z + light[2, 3] - bias
    cosine, sine = noise[3], noise[4]
    lit = 0
    for tap in range(_SHADOW_TAPS):
        column = int(at_x + _SHADOW_SPIRAL[tap, 0] * cosine - _SHADOW_SPIRAL[tap, 1] * sine)
        row = int(at_y + _SHADOW_SPIRAL[tap, 0] * sine + _SHADOW_SPIRAL[tap, 1] * cosine)
        outside = column < 0 or row < 0 or column >= shadow.shape[1] or row >= shadow.shape[0]
        if outside or shadow[row, column] >= depth:
            lit += 1
    return lit / _SHADOW_TAPS


@picture_kernel
def _see_light(
    depth: Float32,
    normals: Float32,
    focal: float,
    center_x: float,
    center_y: float,
    to_unit: Float64,
    shadow: Float32,
    light: Float64,
    bias: float,
    out: Float32,
) -> None:
    """Fill `out` (h, w, 2) as on a chessboard: the open share of the sky on black fields, of the key light on white ones."""
    for row in range(depth.shape[0]):
        for column in range(depth.shape[1]):
            if depth[row, column] <= 0:
                continue
            normal = normals[row, column]
            if (row + column) % 2:
                out[row, column, 0] = _openness(depth, row, column, normal, focal, center_x, center_y)
                continue
            z = float64(depth[row, column])
            # A point a little above the surface, lest it shades itself.
            x = (column + 0.5 - center_x) / focal * z + bias * normal[0]
            y = (row + 0.5 - center_y) / focal * z + bias * normal[1]
            z += bias * normal[2]
            wx = to_unit[0, 0] * x + to_unit[0, 1] * y + to_unit[0, 2] * z + to_unit[0, 3]
            wy = to_unit[1, 0] * x + to_unit[1, 1] * y + to_unit[1, 2] * z + to_unit[1, 3]
            wz = to_unit[2, 0] * x + to_unit[2, 1] * y + to_unit[2, 2] * z + to_unit[2, 3]
            out[row, column, 1] = _lit_share(
                shadow, light, wx, wy, wz, bias, _NOISE[row % _TILE, column % _TILE]
            )


@picture_kernel
def _smooth(nearness: Float32, normals: Float32, raw: Float32, out: Float32) -> None:
    """Average 4 × 4 neighbors on the same surface, each share over the fields it was seen from.

    The noise repeats about that often.
    """
    height, width = nearness.shape
    for row in range(height):
        for column in range(width):
            near = nearness[row, column]
            if near <= 0:
                continue
            open_sum, open_count, lit_sum, lit_count = float32(0), 0, float32(0), 0
            for y in range(max(0, row - 2), min(height, row + 2)):
                for x in range(max(0, column - 2), min(width, column + 2)):
                    other = nearness[y, x]
                    if abs(other - near) > near * float32(0.012):
                        continue
                    likeness = (
                        normals[row, column, 0] * normals[y, x, 0]
                        + normals[row, column, 1] * normals[y, x, 1]
                        + normals[row, column, 2] * normals[y, x, 2]
                    )
                    if likeness < float32(0.8):
                        continue
                    if (y + x) % 2:
                        open_sum += raw[y, x, 0]
                        open_count += 1
                    else:
                        lit_sum += raw[y, x, 1]
                        lit_count += 1
            # A pixel like none of its neighbors, at a rim, is lit as if it stood free.
            out[row, column, 0] = open_sum / open_count if open_count else float32(1)
            out[row, column, 1] = lit_sum / lit_count if lit_count else float32(1)


def soft_light(
    nearness: Float32,
    normals: Float32,
    *,
    focal: float,
    center_x: float,
    center_y: float,
    to_unit: Float64,
    shadow: Float32,
    light: Float64,
    bias: float,
) -> tuple[Float32, Float32]:
    """Half-size nearness, and for each of its pixels the open share of the sky and of the key light (…, 2)."""
    size = nearness.shape[0] // 2
    half_nearness = np.zeros((size, size), np.float32)
    half_normals = np.empty((size, size, 3), np.float32)
    _halve(nearness, normals, half_nearness, half_normals)
    raw = np.empty((size, size, 2), np.float32)
    depth = np.divide(1, half_nearness, out=np.zeros_like(half_nearness), where=half_nearness > 0)
    _see_light(depth, half_normals, focal / 2, center_x / 2, center_y / 2, to_unit, shadow, light, bias, raw)
    out = np.empty((size, size, 2), np.float32)
    _smooth(half_nearness, half_normals, raw, out)
    return half_nearness, out
