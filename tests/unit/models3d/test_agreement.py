"""Facts agree with trimesh: counts exactly, areas and the volumes of closed meshes to 1e-5."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
import trimesh

from models3d.meshes.arrays import Float64
from tests.unit.models3d.solids import binary_stl, cube, facts, obj, off, ply, sphere, text_stl

TURN = np.array([[2, -1, 2], [2, 2, -1], [-1, 2, 2]]) / 3  # about (1, 1, 1) by 60°
SHAPES = {
    "cube": cube(10.0),
    "cube far away": cube(10.0, at=(5000, -7000, 300)),
    "turned cube": cube(10.0) @ TURN.T,
    "open cube": cube(10.0)[2:],
    "sphere": sphere(10.0, rings=24),
    "two bodies": np.concatenate([cube(10.0), sphere(4.0, rings=12) + 30.0]),
    "stretched sphere": sphere(10.0, rings=16) * (1.0, 2.5, 0.2),
    "three faces at an edge": np.concatenate([cube(10.0), cube(10.0, at=(10, 10, 0))]),
}
WRITERS = {
    "stl": lambda triangles: binary_stl(triangles),
    "obj": lambda triangles: obj(triangles).encode(),
    "off": lambda triangles: off(triangles).encode(),
    "ply": lambda triangles: ply(triangles, form="binary_little_endian"),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("extension", WRITERS)
def test_facts_agree_with_trimesh(shape: Float64, extension: str) -> None:
    content = WRITERS[extension](shape)

    ours = facts(content, extension)
    theirs: Any = trimesh.load(BytesIO(content), file_type=extension, force="mesh")
    theirs.merge_vertices(merge_tex=True, merge_norm=True)

    assert (ours.triangle_count, ours.vertex_count) == (len(theirs.faces), len(theirs.vertices))
    assert ours.area_mm2 == pytest.approx(theirs.area, rel=1e-5)
    assert (ours.size_x_mm, ours.size_y_mm, ours.size_z_mm) == pytest.approx(tuple(theirs.extents), rel=1e-5)
    assert ours.is_watertight == bool(theirs.is_watertight)
    if ours.is_watertight:
        assert ours.volume_mm3 == pytest.approx(theirs.volume, rel=1e-5)


def test_text_and_binary_stl_are_one_mesh() -> None:
    rounded = np.round(SHAPES["sphere"], 3)

    assert facts(text_stl(rounded), "stl").area_mm2 == pytest.approx(
        facts(binary_stl(rounded), "stl").area_mm2, rel=1e-5
    )
