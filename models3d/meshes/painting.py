"""Colors of triangles: put together from what readers tell, averaged, and handed on to vertices."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int32, Int64, UInt8, UInt32
from models3d.meshes.reading import Paint

PLAIN_COLOR: Final = (128, 148, 173)  # of what has no color of its own
# Above this a mesh is a scan or a painting: its colors change from vertex to vertex, not at edges.
_MOST_FLAT_COLORS: Final = 256
_FINEST_CELLS_ALONG_DIAGONAL: Final = 512
_SRGB_STEPS: Final = np.arange(256) / 255.0
_LINEAR: Final[Float64] = np.where(
    _SRGB_STEPS <= 0.04045, _SRGB_STEPS / 12.92, ((_SRGB_STEPS + 0.055) / 1.055) ** 2.4
)


def face_colors(paints: Sequence[Paint], triangle_count: int) -> UInt8 | None:
    """(m, 3) sRGB of all triangles, plain where nothing was told; None if nothing was told at all."""
    if not paints:
        return None
    colors = np.empty((triangle_count, 3), np.uint8)
    colors[:] = PLAIN_COLOR
    for paint in paints:
        colors[paint.first_triangle : paint.first_triangle + paint.triangle_count] = paint.colors
    return colors


def to_linear(colors: UInt8) -> UInt8:
    """Eight-bit sRGB as eight-bit linear values, which glTF wants at vertices.

    >>> to_linear(np.array([0, 128, 255], np.uint8)).tolist()
    [0, 55, 255]
    """
    linear: UInt8 = (_LINEAR * 255 + 0.5).astype(np.uint8)[colors]
    return linear


def from_linear(values: Float64) -> UInt8:
    """Linear values from 0 to 1 as eight-bit sRGB; what is beyond is cut, what is no number is black.

    >>> from_linear(np.array([0.0, 0.2159, 7.0, np.nan])).tolist()
    [0, 128, 255, 0]
    """
    values = np.clip(np.nan_to_num(values, nan=0.0), 0.0, 1.0)
    encoded = np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)
    colors: UInt8 = (encoded * 255 + 0.5).astype(np.uint8)
    return colors


def albedo_table() -> Float32:
    """What share of the light a surface sends back, for each eight-bit sRGB value.

    Nothing is as black or as white as a screen can show, so that shades can be told apart on dark and light things.
    """
    return (0.03 + 0.58 * _LINEAR).astype(np.float32)


def mean_of_corners(colors: UInt8, faces: Int32 | Int64 | UInt32) -> UInt8:
    """(m, 3) colors of faces whose (n, 3) vertices have one each."""
    total = colors[faces[:, 0]].astype(np.uint16)
    total += colors[faces[:, 1]]
    total += colors[faces[:, 2]]
    return (total // 3).astype(np.uint8)


def colored_vertices(vertices: Float32, faces: UInt32, colors: UInt8) -> tuple[Float32, UInt32, UInt8]:
    """The mesh with one color a vertex: vertices are split where few flat colors meet, and mix where there are many."""
    packed = colors.astype(np.uint64) @ np.array([1 << 16, 1 << 8, 1], np.uint64)
    if len(np.unique(packed)) > _MOST_FLAT_COLORS:
        return vertices, faces, mean_at_vertices(len(vertices), faces, colors)
    keys, numbers = np.unique(
        (faces.astype(np.uint64) << np.uint64(24)) | packed[:, None], return_inverse=True
    )
    split = np.stack([keys >> np.uint64(shift) & np.uint64(255) for shift in (16, 8, 0)], axis=1)
    origins = (keys >> np.uint64(24)).astype(np.int64)
    return vertices[origins], numbers.reshape(-1, 3).astype(np.uint32), split.astype(np.uint8)


def mean_at_vertices(vertex_count: int, faces: UInt32, colors: UInt8) -> UInt8:
    """(n, 3) means of the colors of the faces around each vertex."""
    corners = faces.reshape(-1)
    counts = np.maximum(np.bincount(corners, minlength=vertex_count), 1)
    means = np.empty((vertex_count, 3), np.uint8)
    for channel in range(3):
        weights = np.repeat(colors[:, channel], 3)
        means[:, channel] = np.bincount(corners, weights=weights, minlength=vertex_count) / counts
    return means


def colors_nearby(vertices: Float32, colors: UInt8, places: Float32) -> UInt8:
    """(k, 3) colors for other places on the same surface: of the cell of a grid they are in, the finest that has any."""
    low = vertices.min(axis=0).astype(np.float64)
    diagonal = float(np.linalg.norm(vertices.max(axis=0) - low))
    found = np.empty((len(places), 3), np.uint8)
    waiting = np.arange(len(places))
    cells = _FINEST_CELLS_ALONG_DIAGONAL
    while len(waiting) and cells:
        cell = max(diagonal / cells, 1e-30)
        keys, numbers = np.unique(_cells_of(vertices, low, cell), return_inverse=True)
        counts = np.bincount(numbers)
        wanted = _cells_of(places[waiting], low, cell)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        is_hit = keys[at] == wanted
        for channel in range(3):
            means = np.bincount(numbers, weights=colors[:, channel]) / counts
            found[waiting[is_hit], channel] = means[at[is_hit]]
        waiting = waiting[~is_hit]
        cells //= 2
    found[waiting] = PLAIN_COLOR
    return found


def _cells_of(vertices: Float32, low: Float64, cell: float) -> Int64:
    steps = np.clip(np.floor((vertices - low) / cell), -1, 1 << 20).astype(np.int64) + 1
    numbers: Int64 = (steps[:, 0] << 42) | (steps[:, 1] << 21) | steps[:, 2]
    return numbers
