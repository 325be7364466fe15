"""Facts of solids agree with closed formulas and say what is wrong with a mesh."""

import json
import math

import numpy as np
import pytest

from models3d.meshes.arrays import Float64
from models3d.meshes.errors import NoGeometry
from models3d.meshes.facts import MeshFacts
from tests.unit.models3d.solids import binary_stl, cube, facts, sphere


def facts_about(*solids: Float64) -> MeshFacts:
    return facts(binary_stl(np.concatenate(solids)), "stl")


def test_cube_has_the_size_area_and_volume_of_a_cube() -> None:
    found = facts_about(cube(20, at=(5, -5, 100)))

    assert (found.min_x_mm, found.min_y_mm, found.min_z_mm) == (5, -5, 100)
    assert (found.size_x_mm, found.size_y_mm, found.size_z_mm) == (20, 20, 20)
    assert found.area_mm2 == pytest.approx(2400)
    assert found.volume_mm3 == pytest.approx(8000)
    assert found.center_of_mass == pytest.approx((15, 5, 110))
    assert found.is_watertight and found.is_winding_consistent and not found.volume_is_approximate
    assert (found.edge_count, found.body_count, found.vertex_count) == (18, 1, 8)


def test_sphere_comes_close_to_a_sphere() -> None:
    found = facts_about(sphere(10, rings=128))

    assert found.is_watertight
    assert found.volume_mm3 == pytest.approx(4 / 3 * math.pi * 1000, rel=1e-3)
    assert found.area_mm2 == pytest.approx(4 * math.pi * 100, rel=1e-3)
    assert found.center_of_mass == pytest.approx((0, 0, 0), abs=1e-4)


def test_far_from_the_origin_volume_stays_exact() -> None:
    found = facts_about(cube(16, at=(1e6, 1e6, 1e6)))

    assert found.volume_mm3 == pytest.approx(4096, rel=1e-9)


def test_missing_face_is_a_hole_of_four_edges() -> None:
    found = facts_about(cube()[2:])

    assert not found.is_watertight
    assert not found.is_closed_within_tolerance
    assert found.volume_is_approximate
    assert (found.boundary_edge_count, found.hole_count) == (4, 1)


def test_volume_counts_flat_holes_as_closed_wherever_the_mesh_lies() -> None:
    near, far = facts_about(cube()[2:]), facts_about(cube(at=(500, -300, 70))[2:])

    assert near.volume_mm3 == far.volume_mm3 == pytest.approx(1000)
    assert near.volume_is_approximate


def test_corners_that_almost_meet_are_closed_within_tolerance() -> None:
    triangles = cube(100)
    triangles[0, 0] += 2e-5

    found = facts_about(triangles)

    assert not found.is_watertight
    assert found.is_closed_within_tolerance
    assert not found.volume_is_approximate


def test_inside_out_body_is_counted_and_its_volume_is_positive() -> None:
    found = facts_about(cube()[:, ::-1])

    assert found.inverted_body_count == 1
    assert found.volume_mm3 == pytest.approx(1000)


def test_inside_out_body_beside_a_sound_one_adds_its_volume() -> None:
    found = facts_about(cube(), cube(5, at=(30, 0, 0))[:, ::-1])

    assert (found.body_count, found.inverted_body_count) == (2, 1)
    assert found.volume_mm3 == pytest.approx(1125)


def test_hollow_is_no_inverted_body_and_takes_volume_away() -> None:
    found = facts_about(cube(10), cube(4, at=(3, 3, 3))[:, ::-1])

    assert (found.body_count, found.inverted_body_count) == (2, 0)
    assert found.volume_mm3 == pytest.approx(1000 - 64)


def test_cubes_that_share_an_edge_are_not_manifold_but_have_a_volume() -> None:
    found = facts_about(cube(), cube(at=(10, 10, 0)))

    assert found.nonmanifold_edge_count == 1
    assert not found.is_watertight
    assert not found.volume_is_approximate
    assert found.volume_mm3 == pytest.approx(2000)


def test_faces_that_are_there_twice_count_once() -> None:
    found = facts_about(cube(), cube())

    assert (found.triangle_count, found.duplicate_triangle_count) == (24, 12)
    assert found.volume_mm3 == pytest.approx(1000)
    assert found.area_mm2 == pytest.approx(600)


def test_one_face_turned_over_is_bad_winding() -> None:
    triangles = cube()
    triangles[0] = triangles[0, ::-1]

    found = facts_about(triangles)

    assert not found.is_winding_consistent
    assert not found.is_watertight
    assert found.boundary_edge_count == 0


def test_collapsed_triangles_are_counted() -> None:
    found = facts_about(cube(), np.zeros((3, 3, 3)))

    assert found.degenerate_count == 3
    assert found.is_watertight


def test_all_collapsed_is_told_in_a_warning() -> None:
    found = facts_about(np.ones((4, 3, 3)))

    assert (found.body_count, found.area_mm2, found.volume_mm3) == (0, 0, 0)
    assert found.warnings == ["All triangles have collapsed to lines or points."]


def test_nothing_but_nan_is_no_geometry() -> None:
    with pytest.raises(NoGeometry, match="not numbers"):
        facts_about(np.full((4, 3, 3), np.nan))


@pytest.mark.parametrize("side", [1e-30, 1e-9, 1e9, 3e37])
def test_absurd_sizes_give_finite_facts(side: float) -> None:
    found = facts_about(cube(side))

    json.dumps(found.as_json(), allow_nan=False)
    assert found.size_x_mm == pytest.approx(side)
    assert found.is_watertight
