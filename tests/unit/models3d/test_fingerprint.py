"""Fingerprints stay the same for the same shape and differ for others."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest

from models3d.meshes.arrays import Float64
from models3d.meshes.fingerprint import INVARIANT_COUNT, Fingerprint, fingerprint_of
from models3d.meshes.load import load
from tests.unit.models3d.solids import binary_stl, cube, sphere


def handed_solid() -> Float64:
    """A solid that differs from its mirror image."""
    return np.concatenate(
        [cube() * (1, 2, 3), cube(4, at=(8, 1, 2)), cube(3, at=(-2, 15, 25)), np.add(sphere(3), (5, 5, 31))]
    )


def fingerprint(triangles: Float64) -> Fingerprint:
    found = fingerprint_of(load(BytesIO(binary_stl(triangles)), "stl").mesh)
    assert found is not None
    return found


def distance(one: Fingerprint, other: Fingerprint) -> float:
    return float(np.abs(np.subtract(one.invariants, other.invariants)).max())


def turned(triangles: Float64, seed: int) -> Float64:
    matrix, upper = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    matrix = matrix * np.sign(np.diag(upper))
    moved: Float64 = triangles @ (matrix * np.sign(np.linalg.det(matrix)))
    return moved


def subdivided(triangles: Float64) -> Float64:
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
    return np.concatenate(
        [np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda solid: solid[::-1],
        lambda solid: np.add(solid, (100, -50, 20)),
        lambda solid: solid * 25.4,
        lambda solid: turned(solid, 3),
        lambda solid: turned(solid, 4) * 0.001 + (1, 2, 3),
        lambda solid: subdivided(solid),
        lambda solid: solid[:, ::-1],
        lambda solid: solid[:, [1, 2, 0]],
    ],
)
def test_same_shape_has_the_same_fingerprint(change: Callable[[Float64], Float64]) -> None:
    original = fingerprint(handed_solid())

    copy = fingerprint(change(handed_solid()))

    assert len(copy.invariants) == INVARIANT_COUNT
    assert distance(original, copy) < 1e-4
    assert np.sign(copy.chirality) == np.sign(original.chirality)


def test_scale_tells_how_much_larger_a_copy_is() -> None:
    original, larger = fingerprint(handed_solid()), fingerprint(handed_solid() * 25.4 + 7)

    assert larger.scale_mm / original.scale_mm == pytest.approx(25.4, rel=1e-5)


def test_mirror_image_has_opposite_chirality() -> None:
    original, mirrored = fingerprint(handed_solid()), fingerprint(handed_solid() * (-1, 1, 1))

    assert distance(original, mirrored) < 1e-4
    assert original.chirality == pytest.approx(-mirrored.chirality, rel=1e-3)
    assert abs(original.chirality) > 1e-6


@pytest.mark.parametrize("stretch", [(1.1, 1, 1), (1, 1, 0.9), (1, 1.02, 1)])
def test_stretched_shape_is_another_shape(stretch: tuple[float, float, float]) -> None:
    assert distance(fingerprint(handed_solid()), fingerprint(handed_solid() * stretch)) > 5e-3


@pytest.mark.parametrize("size", [1e-25, 1e30])
def test_absurd_sizes_have_the_fingerprint_of_the_shape(size: float) -> None:
    assert distance(fingerprint(cube()), fingerprint(cube() * size)) < 1e-4


def test_mesh_without_area_has_none() -> None:
    assert fingerprint_of(load(BytesIO(binary_stl(np.ones((3, 3, 3)))), "stl").mesh) is None
