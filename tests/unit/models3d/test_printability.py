"""Figures of printability agree with closed formulas."""

import math
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models3d.meshes.arrays import Float64
from models3d.meshes.estimates import PrintSettings
from models3d.meshes.facts import facts_of
from models3d.meshes.load import load
from models3d.meshes.printability import Printability, printability_of
from tests.unit.models3d.solids import binary_stl, cube, sphere

SETTINGS = PrintSettings()
LAYER = SETTINGS.layer_height_mm


def printing(*solids: Float64, settings: PrintSettings = SETTINGS) -> Printability:
    loaded = load(BytesIO(binary_stl(np.concatenate(solids))), "stl")
    return printability_of(loaded.mesh, facts_of(loaded), settings)


def box(x: float, y: float, z: float, *, at: tuple[float, float, float] = (0, 0, 0)) -> Float64:
    return cube(1.0) * (x, y, z) + at


def turned(solid: Float64, axis: tuple[float, float, float], radians: float) -> Float64:
    """Turn about an axis through the origin (Rodrigues)."""
    x, y, z = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix = np.eye(3) + math.sin(radians) * cross + (1 - math.cos(radians)) * (cross @ cross)
    moved: Float64 = solid @ matrix.T
    return moved


def extruded(outline: list[tuple[float, float]], depth: float) -> Float64:
    """A prism along y over a convex outline in x and z, given counterclockwise as seen from −y."""
    front = np.array([(x, 0.0, z) for x, z in outline])
    back = np.array([(x, depth, z) for x, z in outline])
    triangles = []
    for i in range(1, len(outline) - 1):
        triangles += [(front[0], front[i], front[i + 1]), (back[0], back[i + 1], back[i])]
    for i in range(len(outline)):
        j = (i + 1) % len(outline)
        triangles += [(front[i], back[i], back[j]), (front[i], back[j], front[j])]
    return np.array(triangles)


def grid_of_boxes(cells: set[tuple[int, int]], side: float) -> Float64:
    """One closed solid of boxes in x and z that touch face to face; inner faces are left out."""
    triangles = []
    quads = {  # neighbor: corners of the face towards it, outward
        (1, 0): [(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)],
        (-1, 0): [(0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0)],
        (0, 1): [(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)],
        (0, -1): [(0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 0)],
    }
    ends = [[(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)], [(0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 1, 0)]]
    for x, z in cells:
        open_sides = [quad for (dx, dz), quad in quads.items() if (x + dx, z + dz) not in cells]
        for a, b, c, d in np.array(open_sides + ends, float) + np.array([x, 0, z]):
            triangles += [(a, b, c), (a, c, d)]
    return np.array(triangles) * side


def known(value: float | None) -> float:
    assert value is not None
    return value


def test_cube_on_its_base_rests_on_it_and_overhangs_nowhere() -> None:
    found = printing(cube(20, at=(5, -3, 7)))

    assert found.bed_contact_mm2 == pytest.approx(400)
    assert (found.overhang_45_mm2, found.overhang_60_mm2, found.support_volume_mm3) == (0, 0, 0)
    assert (found.island_count, found.overhang_at_mm, found.island_at_mm) == (0, None, None)
    assert found.thinnest_wall_mm == pytest.approx(20, rel=1e-6)
    assert found.best_up == "+z"
    assert found.estimated_layer_count == 100


def test_cube_on_its_corner_rests_on_a_point() -> None:
    diagonal = turned(cube(20), (1, -1, 0), -math.acos(1 / math.sqrt(3)))

    found = printing(diagonal)

    # Its sides lean 35.3° from the vertical. A plane 0.2 mm above the corner cuts it in a triangle with
    # sides of 0.2 · √6.
    assert found.overhang_45_mm2 == 0
    assert found.bed_contact_mm2 == pytest.approx(math.sqrt(3) / 4 * (LAYER * math.sqrt(6)) ** 2, rel=1e-3)
    assert found.island_count == 0


def test_cylinder_lying_down_overhangs_in_its_lower_quarter() -> None:
    radius, length = 10.0, 30.0
    around = np.linspace(0, 2 * math.pi, 720, endpoint=False)
    cylinder = extruded([(radius * math.cos(a), radius * math.sin(a)) for a in around], length)

    found = printing(cylinder)

    on_bed = 2 * radius * math.acos(1 - LAYER / radius)
    assert found.overhang_45_mm2 == pytest.approx((radius * math.pi / 2 - on_bed) * length, rel=0.02)
    assert found.overhang_60_mm2 == pytest.approx((radius * math.pi / 3 - on_bed) * length, rel=0.03)
    half_width = math.sqrt(2 * radius * LAYER - LAYER**2)
    assert found.bed_contact_mm2 == pytest.approx(2 * half_width * length, rel=0.01)
    assert found.best_up in {"+y", "-y"}
    assert found.best_overhang_45_mm2 == pytest.approx(0, abs=1e-6)


def test_sphere_needs_what_lies_below_its_lower_cap() -> None:
    radius = 10.0

    found = printing(sphere(radius, rings=160))

    cap = 2 * math.pi * radius**2 * (1 - math.sin(math.radians(45)))
    on_bed = 2 * math.pi * radius * LAYER
    assert found.overhang_45_mm2 == pytest.approx(cap - on_bed, rel=0.03)
    assert found.bed_contact_mm2 == pytest.approx(math.pi * (2 * radius * LAYER - LAYER**2), rel=0.01)
    assert found.thinnest_wall_mm == pytest.approx(2 * radius, rel=0.01)
    # Below the cap: a cylinder of radius r/√2 up to the middle, without the piece of the ball in it.
    wide = radius / math.sqrt(2)
    below = math.pi * wide**2 * radius - 2 / 3 * math.pi * (radius**3 - (radius**2 - wide**2) ** 1.5)
    assert found.support_volume_mm3 == pytest.approx(below, rel=0.02)


def test_table_overhangs_beside_its_leg_and_is_supported_down_to_the_bed() -> None:
    table = grid_of_boxes({(1, 0), (1, 1), (0, 2), (1, 2), (2, 2)}, 10)

    found = printing(table)

    assert found.overhang_45_mm2 == pytest.approx(200)
    assert found.overhang_60_mm2 == pytest.approx(200)
    assert known(found.support_volume_mm3) == pytest.approx(2 * 10 * 10 * 20, rel=0.01)
    assert found.overhang_at_mm is not None and found.overhang_at_mm[2] == pytest.approx(20)
    assert found.island_count == 0


def test_best_side_up_has_least_overhang_and_then_least_height() -> None:
    table = grid_of_boxes({(1, 0), (1, 1), (0, 2), (1, 2), (2, 2)}, 10)

    flat, deep = printing(table), printing(table * (1, 6, 1))

    assert (flat.best_up in {"+y", "-y"}, flat.best_overhang_45_mm2) == (True, 0)
    assert (deep.best_up, deep.best_overhang_45_mm2) == ("-z", 0)


def test_arch_is_supported_only_below_its_bridge() -> None:
    arch = grid_of_boxes({(0, 0), (0, 1), (1, 1), (2, 1), (2, 0)}, 10)

    found = printing(arch)

    assert found.overhang_45_mm2 == pytest.approx(100)
    assert found.support_volume_mm3 == pytest.approx(1000, rel=0.01)
    assert found.bed_contact_mm2 == pytest.approx(200)
    assert found.island_count == 0


def test_support_ends_on_the_part_itself() -> None:
    hook = grid_of_boxes({(0, 0), (1, 0), (0, 1), (0, 2), (0, 3), (1, 3)}, 10)

    assert printing(hook).support_volume_mm3 == pytest.approx(10 * 10 * 20, rel=0.01)


def test_slope_of_exactly_45_degrees_is_no_overhang() -> None:
    leaning = extruded([(0, 0), (10, 0), (20, 10), (10, 10)], 10)
    leaning_more = extruded([(0, 0), (10, 0), (22, 10), (12, 10)], 10)

    assert printing(leaning).overhang_45_mm2 == 0
    steep = printing(leaning_more)
    assert steep.overhang_45_mm2 == pytest.approx(10 * math.hypot(12, 10))
    assert steep.overhang_60_mm2 == 0


def test_plate_is_as_thick_as_it_is_and_printed_solid_when_thin() -> None:
    found = printing(box(60, 40, 1.6))

    assert found.thin_wall_mm == pytest.approx(1.6, rel=1e-5)
    assert found.estimated_layer_count == 8
    # Half the plate lies within reach of walls of 1.35 mm from either side; the narrow sides see the long way.
    assert found.estimated_filament_mm3 == pytest.approx(60 * 40 * 1.6, rel=0.05)
    upright = printing(box(60, 1.6, 40))
    assert upright.thinnest_wall_at_mm is not None
    assert upright.best_up in {"+y", "-y"}


def test_filament_follows_walls_and_infill() -> None:
    found = printing(cube(40), settings=PrintSettings(walls=2, line_width_mm=0.5, infill=0.25))

    shell = 6 * 40 * 40 * 1.0
    plastic = shell + 0.25 * (40**3 - shell)
    assert found.estimated_filament_mm3 == pytest.approx(plastic, rel=1e-3)
    assert found.estimated_filament_grams == pytest.approx(plastic / 1000 * 1.24, rel=1e-3)
    assert found.estimated_resin_ml == pytest.approx(64)


def test_hollow_has_the_wall_of_its_shell() -> None:
    found = printing(cube(20), cube(16, at=(2, 2, 2))[:, ::-1])

    assert found.thinnest_wall_mm == pytest.approx(2, rel=1e-5)
    assert found.thin_wall_mm == pytest.approx(2, rel=1e-5)
    # Its ceiling hangs over the hollow.
    assert found.overhang_45_mm2 == pytest.approx(256)
    assert found.support_volume_mm3 == pytest.approx(16**3, rel=0.01)


def test_body_that_floats_is_an_island_and_one_that_stands_on_another_is_not() -> None:
    floating = printing(cube(20), cube(5, at=(4, 4, 30)))
    standing = printing(cube(20), cube(5, at=(4, 4, 20)))
    same_size = printing(cube(20), cube(20, at=(0, 0, 20)))
    sunken = printing(cube(20), cube(5, at=(4, 4, 18)))

    assert (floating.island_count, floating.island_at_mm and floating.island_at_mm[2]) == (1, 30)
    assert (standing.island_count, same_size.island_count, sunken.island_count) == (0, 0, 0)


def test_tooth_that_hangs_down_is_an_island_and_a_pit_is_not() -> None:
    tooth = grid_of_boxes({(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1)}, 10)
    pit = grid_of_boxes({(0, 0), (1, 0), (2, 0), (0, 1), (2, 1)}, 10)
    short_tooth = tooth.copy()
    short_tooth[(short_tooth[..., 0] >= 20) & (short_tooth[..., 2] == 10)] += (0, 0, 9.9)

    hanging = printing(tooth)

    assert hanging.island_count == 1
    assert hanging.island_at_mm is not None and hanging.island_at_mm[2] == 10
    assert printing(pit).island_count == 0
    assert printing(short_tooth).island_count == 0


def test_face_that_rests_on_another_body_is_no_overhang() -> None:
    leg, top = box(10, 10, 20, at=(10, 10, 0)), box(30, 30, 5, at=(0, 0, 20))

    found = printing(leg, top)

    assert found.island_count == 0
    assert found.overhang_45_mm2 == pytest.approx(30 * 30 - 10 * 10, rel=0.01)
    assert found.support_volume_mm3 == pytest.approx(20 * (30 * 30 - 10 * 10), rel=0.01)


def test_sharp_edge_is_no_wall() -> None:
    wedge = extruded([(0, 0), (20, 0), (0, 20)], 10)
    fin = extruded([(0, 0), (2, 0), (1, 20)], 10)

    assert known(printing(wedge).thinnest_wall_mm) == pytest.approx(10, rel=1e-5)  # from end to end
    assert 0 < known(printing(fin).thinnest_wall_mm) < 0.2


def test_inside_out_mesh_has_the_figures_of_the_sound_one() -> None:
    table = grid_of_boxes({(1, 0), (0, 1), (1, 1), (2, 1)}, 10)

    assert printing(table[:, ::-1]) == printing(table)


def test_one_inside_out_body_among_others_is_turned() -> None:
    beside = box(10, 10, 10, at=(40, 0, 0))

    assert printing(cube(20), beside[:, ::-1]).overhang_45_mm2 == 0


def test_figures_do_not_depend_on_where_the_part_lies() -> None:
    table = grid_of_boxes({(1, 0), (0, 1), (1, 1), (2, 1)}, 8)
    near, far = printing(table), printing(np.add(table, (4096, -2048, 512)))

    assert far.overhang_45_mm2 == near.overhang_45_mm2
    assert far.support_volume_mm3 == pytest.approx(near.support_volume_mm3, rel=1e-6)
    assert far.thin_wall_mm == pytest.approx(near.thin_wall_mm, rel=1e-4)


def test_open_mesh_has_no_count_of_islands() -> None:
    assert printing(cube()[2:]).island_count is None


def test_meshes_beyond_the_limits_say_so() -> None:
    many = printing(cube(), settings=PrintSettings(max_triangles=11))
    slow = printing(cube(), settings=PrintSettings(max_seconds=0))

    assert many.bed_contact_mm2 is None
    assert many.warnings == ["How it prints was not looked into: 12 triangles, the limit for this is 11."]
    assert slow.bed_contact_mm2 is not None and slow.thinnest_wall_mm is None
    assert slow.warnings == ["How it prints was looked into only in part: it took longer than 0 seconds."]


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(np.float32, st.tuples(st.integers(1, 40), st.just(3), st.just(3)), elements=st.sampled_from(
        [0.0, 1.0, -1.0, 0.5, 7.25, 1e-3, -1e-20, 1e-38, 3e5, 1e20, -3e38, 2.0]
    ) | st.floats(-100, 100, width=32))
)  # fmt: skip
def test_nothing_raises_and_all_is_finite_for_any_triangles(triangles: Float64) -> None:
    found = printing(triangles)

    for name, value in found.as_json().items():
        numbers = value if isinstance(value, list) else [value]
        assert all(math.isfinite(number) for number in numbers if isinstance(number, float)), name
        if isinstance(value, float):
            assert value >= 0, name
