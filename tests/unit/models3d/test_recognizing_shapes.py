"""A hundred and twenty varied solids: each is known again however it was changed, and none is taken for another."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from models3d.meshes.arrays import Float64, WeldedMesh
from models3d.meshes.fingerprint import Fingerprint, fingerprint_of
from models3d.meshes.histogram import BIN_COUNT, distance_histogram_of
from models3d.shapes import LEAST_CHIRALITY, SAME_INVARIANTS, is_mirrored, is_same_scale
from tests.unit.models3d.solids import cube, sphere
from tests.unit.models3d.varied import subdivided, thinned, turned, varied_solid, welded

COUNT = 120


def fingerprint(mesh: WeldedMesh) -> Fingerprint:
    found = fingerprint_of(mesh)
    assert found is not None
    return found


def histogram(mesh: WeldedMesh) -> Float64:
    found = distance_histogram_of(mesh)
    assert found is not None
    return np.array(found, np.float64)


@cache
def originals() -> list[Fingerprint]:
    return [fingerprint(welded(varied_solid(number))) for number in range(COUNT)]


@cache
def all_invariants() -> Float64:
    return np.array([one.invariants for one in originals()])


def propeller(blades: int, *, twist: float) -> Float64:
    hub = (cube(4.0) - (2, 2, 2)) * (1, 1, 0.5)
    blade = (cube(1.0) - (0, 0.5, 0.5)) * (20, 3, 0.6) + (1, 0, 1)
    blade = blade @ _about(0, twist)
    return np.concatenate([hub] + [blade @ _about(2, 2 * np.pi * n / blades) for n in range(blades)])


def _about(axis: int, angle: float) -> Float64:
    matrix = np.eye(3)
    i, j = [number for number in range(3) if number != axis]
    matrix[i, i] = matrix[j, j] = np.cos(angle)
    matrix[i, j], matrix[j, i] = np.sin(angle), -np.sin(angle)
    return matrix


@pytest.mark.parametrize(
    ("change", "scale"),
    [
        (lambda solid, n: solid[::-1][:, [1, 2, 0]], 1.0),
        (lambda solid, n: turned(solid, n), 1.0),
        (lambda solid, n: np.add(solid, (300, -200, 100)), 1.0),
        (lambda solid, n: turned(solid, n) * 25.4 + (5, 0, 9), 25.4),
        (lambda solid, n: np.round(solid, 4), 1.0),
        (lambda solid, n: subdivided(solid), 1.0),
    ],
    ids=["shuffled", "turned", "moved", "scaled", "rounded", "subdivided"],
)
def test_every_copy_is_known_again_and_taken_for_no_other(
    change: Callable[[Float64, int], Float64], scale: float
) -> None:
    for number, original in enumerate(originals()):
        copy = fingerprint(welded(change(varied_solid(number), number)))

        distances = np.abs(all_invariants() - copy.invariants).max(axis=1)
        assert np.flatnonzero(distances < SAME_INVARIANTS).tolist() == [number]
        assert is_same_scale(copy.scale_mm, original.scale_mm * scale)
        assert not is_mirrored(copy.chirality, original.chirality)


def test_mirror_images_are_known_as_such_but_for_a_few_with_hardly_any_handedness() -> None:
    found = 0
    for number, original in enumerate(originals()):
        mirrored = fingerprint(welded(varied_solid(number) * (1, -1, 1)))

        assert np.abs(np.subtract(mirrored.invariants, original.invariants)).max() < SAME_INVARIANTS
        found += is_mirrored(mirrored.chirality, original.chirality)

    assert found / COUNT >= 0.98


@pytest.mark.parametrize("blades", [2, 3])
def test_left_and_right_propellers_are_told_apart(blades: int) -> None:
    left = fingerprint(welded(turned(propeller(blades, twist=0.5), 1)))
    right = fingerprint(welded(turned(propeller(blades, twist=-0.5), 2)))

    assert is_mirrored(left.chirality, right.chirality)


@pytest.mark.parametrize("solid", [cube(), sphere(), cube() * (1, 2, 3), np.abs(sphere()) * (1, 1, 2)])
def test_what_is_its_own_mirror_image_has_no_handedness(solid: Float64) -> None:
    assert abs(fingerprint(welded(turned(solid, 5))).chirality) < LEAST_CHIRALITY


def test_thinned_copies_are_among_the_five_nearest() -> None:
    """Bodies with enough triangles to lose half; docs/duplicates.md has the figures of real files."""
    numbers = range(0, COUNT, 3)
    histograms = np.array([histogram(welded(varied_solid(number))) for number in range(COUNT)])
    found = 0
    for number in numbers:
        thin = thinned(welded(varied_solid(number)), share=0.5)
        distances = np.abs(all_invariants() - fingerprint(thin).invariants).mean(axis=1)
        distances += np.abs(histograms - histogram(thin)).sum(axis=1) / 160_000
        found += number in np.argsort(distances)[:5]

    assert found / len(numbers) >= 0.9


def test_histogram_is_the_same_every_time_and_for_every_position_and_size() -> None:
    solid = varied_solid(4)
    first = histogram(welded(solid))

    again = histogram(welded(solid))
    moved = histogram(welded(turned(solid, 1) * 7 + (30, 0, 5)))

    assert len(first) == BIN_COUNT
    assert first[-1] == 10_000
    assert (np.diff(first) >= 0).all()
    assert (first == again).all()
    assert np.abs(first - moved).max() < 100


def test_mesh_without_area_has_no_histogram() -> None:
    assert distance_histogram_of(welded(np.zeros((3, 3, 3)))) is None
