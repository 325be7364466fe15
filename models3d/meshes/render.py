"""A picture of a mesh, drawn in software: no graphics card, no display, no system library."""

import io

import numpy as np
from PIL import Image

from models3d.meshes.arrays import Float32, Float64, UInt8, UInt32, WeldedMesh
from models3d.meshes.camera import Camera, axes_towards, camera_for, place
from models3d.meshes.normals import corner_normals
from models3d.meshes.occlusion import soft_light
from models3d.meshes.painting import albedo_table
from models3d.meshes.raster import draw_depth, draw_surface
from models3d.meshes.shading import TO_SCREEN, develop, ground_shadow, shade

PICTURE_PIXELS = 512
SMALL_PIXELS = 256
_OVERSAMPLING = 2
_SHADOW_TEXELS = 1024
_GROUND_TEXELS = 384
_GROUND_REACH = 1.15
_GROUND_PIXELS = 128
_BASE_COLOR = (0.218, 0.302, 0.428)  # linear
_ALBEDO = albedo_table()
_KEY_DISTANCE = 3.2
_FILLS = np.array([[0.6, -0.10, -0.8], [0.3, -0.6, 0.75]])
# Above this, triangles are smaller than a pixel and smoothing their normals changes nothing.
_MOST_SMOOTHED_TRIANGLES = 600_000


def render(mesh: WeldedMesh, *, is_closed: bool = False) -> tuple[UInt8, UInt8]:
    """RGBA pictures of 512² and 256², sRGB with straight alpha, transparent around the model.

    Any finite mesh gives a picture; of one without extent it is empty. Of a mesh known to be watertight with its outside
    out (`is_closed`) only the faces turned to the eye are drawn, which gives the same picture sooner.
    """
    faces = mesh.faces
    used = mesh.vertices
    low = used.min(axis=0).astype(np.float64)
    high = used.max(axis=0).astype(np.float64)
    pixels = PICTURE_PIXELS * _OVERSAMPLING
    camera, projected = camera_for(used, low, high, pixels=pixels)
    nearness = np.zeros((pixels, pixels), np.float32)
    normals = np.empty((pixels, pixels, 3), np.float32)
    smooth = np.empty((0, 3, 3), np.float32)
    if len(faces) <= _MOST_SMOOTHED_TRIANGLES:
        smooth = corner_normals(used, faces, radius_mm=camera.radius_mm)
    owners = np.empty((0, 0) if mesh.colors is None else nearness.shape, np.int32)
    draw_surface(projected, used, faces, smooth, camera.view, nearness, normals, owners, is_closed)
    del smooth
    key = _key_direction(camera)
    shadow, light = _shadow_map(used, faces, camera, key, is_closed, out=projected)
    half_nearness, visibility = soft_light(
        nearness,
        normals,
        focal=camera.focal,
        center_x=camera.center_x,
        center_y=camera.center_y,
        to_unit=camera.to_unit,
        shadow=shadow,
        light=light,
        bias=5.0 / _SHADOW_TEXELS,
    )
    linear = np.zeros((PICTURE_PIXELS, PICTURE_PIXELS, 4), np.float32)
    shade(
        nearness,
        normals,
        half_nearness,
        visibility,
        camera.focal,
        camera.center_x,
        camera.center_y,
        camera.to_unit,
        _in_camera_space(camera, key * _KEY_DISTANCE),
        _FILLS / np.linalg.norm(_FILLS, axis=1, keepdims=True),
        _BASE_COLOR,
        owners,
        np.empty((0, 3), np.uint8) if mesh.colors is None else mesh.colors,
        _ALBEDO,
        linear,
    )
    floor = _floor(used, faces, camera, low, is_closed, out=projected)
    return _developed(linear, floor, PICTURE_PIXELS), _developed(linear, floor, SMALL_PIXELS)


def _developed(linear: Float32, floor: Float32, pixels: int) -> UInt8:
    out = np.zeros((pixels, pixels, 4), np.uint8)
    develop(linear, floor, TO_SCREEN, PICTURE_PIXELS // pixels, out)
    return out


def _in_camera_space(camera: Camera, point: Float64) -> Float64:
    """A point of the unit model as the camera sees it."""
    moved: Float64 = camera.to_unit[:, :3].T @ (point - camera.to_unit[:, 3])
    return moved


def _key_direction(camera: Camera) -> Float64:
    """From the model to the key light: upper left, in front, and never from below."""
    right, down, forward = camera.to_unit[:, :3].T
    key: Float64 = -0.55 * right - 0.75 * down - 0.62 * forward
    key[2] = max(key[2], 0.55 * float(np.linalg.norm(key)))
    return key / np.linalg.norm(key)


def _on_unit_model(matrix: Float64, camera: Camera) -> Float64:
    """A (3, 4) matrix that acts on the unit model, made to act on millimeters."""
    made = np.empty((3, 4))
    made[:, :3] = matrix[:, :3] / camera.radius_mm
    made[:, 3] = matrix[:, 3] - made[:, :3] @ camera.middle_mm
    return made


def _shadow_map(
    vertices: Float32, faces: UInt32, camera: Camera, key: Float64, is_closed: bool, *, out: Float32
) -> tuple[Float32, Float64]:
    """Depths seen from the key light, and the matrix from the unit model to texels and depth."""
    scale = _SHADOW_TEXELS / 2.04
    light = np.zeros((3, 4))
    light[:, :3] = axes_towards(-key) * np.array([[scale], [scale], [1.0]])
    light[:2, 3] = _SHADOW_TEXELS / 2
    place(vertices, _on_unit_model(light, camera), out)
    depth = np.full((_SHADOW_TEXELS, _SHADOW_TEXELS), np.inf, np.float32)
    draw_depth(out, faces, depth, is_closed)
    return depth, light


def _floor(
    vertices: Float32, faces: UInt32, camera: Camera, low: Float64, is_closed: bool, *, out: Float32
) -> Float32:
    """Darkness of the floor under the model, (128, 128) over the whole picture."""
    texels_per_unit = _GROUND_TEXELS / (2 * _GROUND_REACH)
    from_above = np.zeros((3, 4))
    from_above[0, 0] = from_above[1, 1] = texels_per_unit
    from_above[:2, 3] = _GROUND_TEXELS / 2
    from_above[2, 2] = 1.0
    place(vertices, _on_unit_model(from_above, camera), out)
    heights = np.full((_GROUND_TEXELS, _GROUND_TEXELS), np.inf, np.float32)
    draw_depth(out, faces, heights, is_closed)
    shrink = _GROUND_PIXELS / (PICTURE_PIXELS * _OVERSAMPLING)
    dark = np.empty((_GROUND_PIXELS, _GROUND_PIXELS), np.float32)
    ground_shadow(
        heights,
        texels_per_unit,
        float((low[2] - camera.middle_mm[2]) / camera.radius_mm),
        camera.focal * shrink,
        camera.center_x * shrink,
        camera.center_y * shrink,
        camera.to_unit,
        0.055 * _GROUND_TEXELS,
        0.42,
        0.10,
        dark,
    )
    return dark


def webp(picture: UInt8) -> bytes:
    """A transparent WebP file of an RGBA picture."""
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "WEBP", quality=84, method=2)
    return stream.getvalue()
