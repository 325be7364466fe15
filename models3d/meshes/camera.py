"""Where the camera stands and how big the model is in its picture."""

import math
from dataclasses import dataclass

import numpy as np

from models3d.meshes.arrays import Float32, Float64
from models3d.meshes.jit import float64, kernel

_FIELD_OF_VIEW_DEGREES = 28.0
_MARGIN = 0.075
_FLAT = 0.12


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera over a model scaled to a bounding sphere of radius 1 about the origin.

    `view` (3, 4) maps millimeters to camera space: x right, y down, z forward; `to_unit` (3, 4) camera space
    back to the unit model. A point is seen at pixel (focal x / z + center_x, focal y / z + center_y).
    """

    view: Float64
    to_unit: Float64
    focal: float
    center_x: float
    center_y: float
    radius_mm: float
    middle_mm: Float64


def viewing_angles(size_mm: Float64) -> tuple[float, float]:
    """Azimuth and elevation in degrees from which a model of this (3,) size shows its broad side.

    Lying plates are seen from higher up, and standing ones more from their front.
    """
    width, depth, height = (max(float(side), 1e-30) for side in size_mm)
    longest = max(width, depth, height)
    azimuth, elevation = -37.0, 27.0
    if height < _FLAT * max(width, depth):
        elevation = 44.0
    elif depth < _FLAT * longest and width > 2 * depth:
        azimuth = -25.0
    elif width < _FLAT * longest and depth > 2 * width:
        azimuth = -63.0
    return azimuth, elevation


@kernel
def project(vertices: Float32, view: Float64, out: Float32) -> None:
    """Perspective: x/z, y/z and 1/z of each vertex into (n, 3) `out`."""
    for i in range(vertices.shape[0]):
        x = float64(vertices[i, 0])
        y = float64(vertices[i, 1])
        z = float64(vertices[i, 2])
        nearness = 1.0 / (view[2, 0] * x + view[2, 1] * y + view[2, 2] * z + view[2, 3])
        out[i, 0] = (view[0, 0] * x + view[0, 1] * y + view[0, 2] * z + view[0, 3]) * nearness
        out[i, 1] = (view[1, 0] * x + view[1, 1] * y + view[1, 2] * z + view[1, 3]) * nearness
        out[i, 2] = nearness


@kernel
def place(vertices: Float32, matrix: Float64, out: Float32) -> None:
    """Affine: matrix (3, 4) times each vertex into (n, 3) `out`."""
    for i in range(vertices.shape[0]):
        x = float64(vertices[i, 0])
        y = float64(vertices[i, 1])
        z = float64(vertices[i, 2])
        for k in range(3):
            out[i, k] = matrix[k, 0] * x + matrix[k, 1] * y + matrix[k, 2] * z + matrix[k, 3]


def axes_towards(direction: Float64) -> Float64:
    """Rows x right, y down, z forward of an eye that looks along a direction, with +z of the world up."""
    forward = direction / np.linalg.norm(direction)
    up = np.array([0.0, 0.0, 1.0]) if abs(forward[2]) < 0.999 else np.array([0.0, 1.0, 0.0])
    right = np.cross(forward, up)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def camera_for(vertices: Float32, low: Float64, high: Float64, *, pixels: int) -> tuple[Camera, Float32]:
    """A camera that shows the whole model in a square picture, and the projected vertices in pixels."""
    azimuth, elevation = (math.radians(angle) for angle in viewing_angles(high - low))
    towards_eye = np.array(
        [
            math.cos(elevation) * math.sin(azimuth),
            -math.cos(elevation) * math.cos(azimuth),
            math.sin(elevation),
        ]
    )
    axes = axes_towards(-towards_eye)
    middle = (low + high) / 2
    radius = max(float(np.linalg.norm(high - low)) / 2, 1e-36)
    distance = 1.0 / math.sin(math.radians(_FIELD_OF_VIEW_DEGREES / 2))
    view = np.empty((3, 4))
    view[:, :3] = axes / radius
    view[:, 3] = -(axes @ middle) / radius + np.array([0.0, 0.0, distance])
    projected = np.empty((len(vertices), 3), np.float32)
    project(vertices, view, projected)
    left_top = projected[:, :2].min(axis=0).astype(np.float64)
    right_bottom = projected[:, :2].max(axis=0).astype(np.float64)
    extent = max(float((right_bottom - left_top).max()), 1e-9)
    focal = pixels * (1 - 2 * _MARGIN) / extent
    center = pixels / 2 - focal * (left_top + right_bottom) / 2
    projected[:, 0] = projected[:, 0] * focal + center[0]
    projected[:, 1] = projected[:, 1] * focal + center[1]
    to_unit = np.empty((3, 4))
    to_unit[:, :3] = axes.T
    to_unit[:, 3] = towards_eye * distance
    return Camera(view, to_unit, focal, float(center[0]), float(center[1]), radius, middle), projected
