"""The fingerprint of a shape: numbers that stay the same however it is moved, turned, scaled or re-exported."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from models3d.meshes.arrays import Float32, Float64, UInt32, WeldedMesh
from models3d.meshes.jit import float64, inlined, kernel, picture_kernel

INVARIANT_COUNT: Final = 17

# Dunavant's rule of six points, exact for polynomials of degree 4 (IJNME 21, 1985): barycentric coordinates
# (1 - 2a, a, a) and their turns, with weights that add up to 1.
_A1, _W1 = 0.445948490915965, 0.223381589678011
_A2, _W2 = 0.091576213509771, 0.109951743655322
_POINTS: Final[Float64] = np.array(
    [
        [1 - 2 * _A1, _A1, _A1],
        [_A1, 1 - 2 * _A1, _A1],
        [_A1, _A1, 1 - 2 * _A1],
        [1 - 2 * _A2, _A2, _A2],
        [_A2, 1 - 2 * _A2, _A2],
        [_A2, _A2, 1 - 2 * _A2],
    ]
)
_WEIGHTS: Final[Float64] = np.array([_W1] * 3 + [_W2] * 3)

# Skewness well below this has a direction that is mostly rounding, and then counts for less and less.
_FAINT_SKEWNESS: Final = 1e-2

# The sign of a permutation of the axes (Levi-Civita): what turns a product of tensors into a pseudoscalar.
_HANDEDNESS: Final = np.array(
    [
        [[0, 0, 0], [0, 0, 1], [0, -1, 0]],
        [[0, 0, -1], [0, 0, 0], [1, 0, 0]],
        [[0, 1, 0], [-1, 0, 0], [0, 0, 0]],
    ]
)

# Where the product of coordinates i and j stands among xx, xy, xz, yy, yz, zz.
_PAIR: Final = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Moments of a surface.

    Two meshes of the same shape differ by less than 1e-4 in each of the 17 `invariants`, whatever their
    position, orientation, scale, triangulation and winding; up to 5e-3 is likely the same shape tessellated
    anew. Mirror images have the same invariants and `chirality` of opposite sign and equal size; below 1e-7, or
    1e-6 where coordinates were rounded, it is noise: the shape is its own mirror image. Mirror images with an
    axis of four or more turns, such as propellers of four blades, are not told apart. `scale_mm` is the root
    mean square distance of the surface from its center: the ratio of two scales tells how much larger the one is.
    """

    invariants: list[float]
    chirality: float
    scale_mm: float

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON message."""
        return asdict(self)


@kernel
def _area_and_center(vertices: Float32, faces: UInt32, origin: Float64, scale: float, out: Float64) -> None:
    """Area and area-weighted center (not yet divided) of vertices scaled about the origin, into (4,)."""
    for i in range(faces.shape[0]):
        ax = (float64(vertices[faces[i, 0], 0]) - origin[0]) * scale
        ay = (float64(vertices[faces[i, 0], 1]) - origin[1]) * scale
        az = (float64(vertices[faces[i, 0], 2]) - origin[2]) * scale
        ux = (float64(vertices[faces[i, 1], 0]) - origin[0]) * scale - ax
        uy = (float64(vertices[faces[i, 1], 1]) - origin[1]) * scale - ay
        uz = (float64(vertices[faces[i, 1], 2]) - origin[2]) * scale - az
        vx = (float64(vertices[faces[i, 2], 0]) - origin[0]) * scale - ax
        vy = (float64(vertices[faces[i, 2], 1]) - origin[1]) * scale - ay
        vz = (float64(vertices[faces[i, 2], 2]) - origin[2]) * scale - az
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        area = 0.5 * np.sqrt(nx * nx + ny * ny + nz * nz)
        out[0] += area
        out[1] += area * (ax + (ux + vx) / 3)
        out[2] += area * (ay + (uy + vy) / 3)
        out[3] += area * (az + (uz + vz) / 3)


@inlined
def _add_plane(corners: Float64, planes: Float64) -> float:
    """Add the plane of a triangle to the sums described at `_moments`; returns the area."""
    ux, uy, uz = corners[1, 0] - corners[0, 0], corners[1, 1] - corners[0, 1], corners[1, 2] - corners[0, 2]
    vx, vy, vz = corners[2, 0] - corners[0, 0], corners[2, 1] - corners[0, 1], corners[2, 2] - corners[0, 2]
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    length = math.sqrt(nx * nx + ny * ny + nz * nz)
    if length <= 0.0:
        return 0.0
    area = 0.5 * length
    nx, ny, nz = nx / length, ny / length, nz / length
    distance = corners[0, 0] * nx + corners[0, 1] * ny + corners[0, 2] * nz
    planes[0] += distance * length
    planes[1] += area * abs(distance)
    planes[2] += area * distance * distance
    planes[3] += area * distance * distance * distance
    planes[4] += area * nx * nx
    planes[5] += area * nx * ny
    planes[6] += area * nx * nz
    planes[7] += area * ny * ny
    planes[8] += area * ny * nz
    planes[9] += area * nz * nz
    return area


@picture_kernel
def _moments(
    vertices: Float32,
    faces: UInt32,
    origin: Float64,
    scale: float,
    second: Float64,
    third: Float64,
    fourth: Float64,
    planes: Float64,
) -> None:
    """Area-weighted sums about the origin: of the six products q of two coordinates (6,), of q × coordinates
    (6, 3), of q × q (6, 6); and of the planes of the faces (10,): signed volume × 6, |d|, d², d³ of their
    distances d, and the six products of their unit normals."""
    corners = np.empty((3, 3))
    point = np.empty(3)
    q = np.empty(6)
    for i in range(faces.shape[0]):
        for k in range(3):
            for axis in range(3):
                corners[k, axis] = (float64(vertices[faces[i, k], axis]) - origin[axis]) * scale
        area = _add_plane(corners, planes)
        for number in range(6):
            for axis in range(3):
                point[axis] = (
                    _POINTS[number, 0] * corners[0, axis]
                    + _POINTS[number, 1] * corners[1, axis]
                    + _POINTS[number, 2] * corners[2, axis]
                )
            q[0], q[1], q[2] = point[0] * point[0], point[0] * point[1], point[0] * point[2]
            q[3], q[4], q[5] = point[1] * point[1], point[1] * point[2], point[2] * point[2]
            weight = area * _WEIGHTS[number]
            for a in range(6):
                second[a] += weight * q[a]
                for axis in range(3):
                    third[a, axis] += weight * q[a] * point[axis]
                for b in range(6):
                    fourth[a, b] += weight * q[a] * q[b]


def fingerprint_of(mesh: WeldedMesh) -> Fingerprint | None:
    """The fingerprint of a mesh, or None if it has no area."""
    low = mesh.vertices.min(axis=0).astype(np.float64)
    high = mesh.vertices.max(axis=0).astype(np.float64)
    radius = float(np.linalg.norm(high - low)) / 2
    if radius == 0.0:
        return None
    origin, scale = (low + high) / 2, 1.0 / radius
    sums = np.zeros(4)
    _area_and_center(mesh.vertices, mesh.faces, origin, scale, sums)
    area = float(sums[0])
    if area < 1e-18:
        return None
    second, third, fourth, planes = np.zeros(6), np.zeros((6, 3)), np.zeros((6, 6)), np.zeros(10)
    center = origin + sums[1:] / area * radius
    _moments(mesh.vertices, mesh.faces, center, scale, second, third, fourth, planes)
    return _invariants(second / area, third / area, fourth / area, planes, area, radius)


def _invariants(
    second: Float64, third: Float64, fourth: Float64, planes: Float64, area: float, radius: float
) -> Fingerprint:
    spread = second[_PAIR]
    r = float(np.sqrt(np.trace(spread)))
    spread = spread / r**2
    skewness = third[_PAIR] / r**3
    kurtosis = fourth[_PAIR][:, :, _PAIR] / r**4
    skew_vector = np.einsum("iik->k", skewness)
    normals = planes[4:][_PAIR] / area
    values = np.concatenate(
        [
            2 * np.linalg.eigvalsh(spread),
            [3 * np.cbrt(abs(planes[0]) / 6) / np.sqrt(area), 3 * r / np.sqrt(area)],
            [np.linalg.norm(skewness), np.linalg.norm(skew_vector), np.linalg.norm(kurtosis)],
            np.linalg.eigvalsh(np.einsum("ijkk->ij", kurtosis)),
            [2 * planes[1] / area / r, 2 * planes[2] / area / r**2, abs(planes[3]) / area / r**3],
            2 * np.linalg.eigvalsh(normals),
        ]
    )
    return Fingerprint(
        invariants=[float(value) for value in values],
        chirality=_chirality(skew_vector, spread, skewness, kurtosis),
        scale_mm=r * radius,
    )


def _chirality(skew_vector: Float64, spread: Float64, skewness: Float64, kurtosis: Float64) -> float:
    """A sum of three numbers that keep when the shape turns and change their sign in a mirror.

    The first is the volume of three vectors, zero for whatever looks the same after half or a third of a turn; the second
    tells left from right for two-bladed propellers, the third for those of three blades.
    """
    length = float(np.linalg.norm(skew_vector))
    first = skew_vector / math.hypot(length, _FAINT_SKEWNESS)
    vectors = np.linalg.det(np.stack([first, spread @ first, spread @ spread @ first]))
    halves = np.einsum("ijk,ia,jb,abk->", _HANDEDNESS, spread, spread @ spread, skewness)
    thirds = np.einsum("ijk,iab,jabc,kc->", _HANDEDNESS, skewness, kurtosis, spread)
    return float(vectors + halves + thirds)
