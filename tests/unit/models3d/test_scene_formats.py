"""COLLADA and 3DS files are read where their scenes put things, and broken ones refused with the right reason."""

from io import BytesIO

import pytest

from models3d.meshes.errors import Damaged, NoGeometry, NotThisFormat, TooComplex, Truncated, UnreadableFile
from models3d.meshes.facts import facts_of
from models3d.meshes.limits import ReadLimits
from models3d.meshes.load import load
from tests.unit.models3d.scene_files import collada, studio, studio_chunk
from tests.unit.models3d.solids import CUBE_FACES, facts

INPUT = '<input semantic="VERTEX" source="#v" offset="0"/>'
QUADS = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
NUMBERS = " ".join(str(corner) for quad in QUADS for corner in quad)
POLYLIST = f'<polylist count="6">{INPUT}<vcount>4 4 4 4 4 4</vcount><p>{NUMBERS}</p></polylist>'
POLYGONS = (
    f"<polygons>{INPUT}" + "".join(f"<p>{' '.join(map(str, quad))}</p>" for quad in QUADS) + "</polygons>"
)


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (collada(), "dae"),
        (collada(faces=POLYLIST), "dae"),
        (collada(faces=POLYGONS), "dae"),
        (collada(up="Y_UP"), "dae"),
        (collada(scene="").replace(b'<instance_visual_scene url="#w"/>', b""), "dae"),
        (collada(node="<scale>-1 1 1</scale>"), "dae"),
        (studio(), "3ds"),
    ],
)
def test_cube_is_read(content: bytes, extension: str) -> None:
    found = facts(content, extension)

    assert (found.triangle_count, found.vertex_count, found.is_watertight) == (12, 8, True)
    assert found.inverted_body_count == 0
    assert found.volume_mm3 == pytest.approx(1000, rel=1e-5)
    assert len(found.parts) == 1


def test_collada_says_its_unit_and_which_way_is_up() -> None:
    inches = collada(unit='<unit meter="0.0254" name="inch"/>', node="<scale>1 1 2</scale>")

    found = facts(inches, "dae")
    lying = facts(inches.replace(b"Z_UP", b"Y_UP"), "dae")

    assert (found.size_x_mm, found.size_z_mm) == pytest.approx((254, 508))
    assert (lying.size_y_mm, lying.size_z_mm) == pytest.approx((508, 254))
    assert (found.up_axis, lying.up_axis) == ("z", "y")
    assert facts(collada(unit=""), "dae").size_x_mm == pytest.approx(10_000)


def test_nodes_act_from_the_last_transform_to_the_first() -> None:
    node = "<translate>5 0 0</translate><rotate>0 0 1 90</rotate><matrix>1 0 0 1 0 1 0 2 0 0 1 3 0 0 0 1</matrix>"

    found = facts(collada(node=node), "dae")

    assert (found.min_x_mm, found.min_y_mm, found.min_z_mm) == pytest.approx((-7, 1, 3), abs=1e-4)
    assert found.parts[0].name == "Lid"


def test_nodes_are_used_again() -> None:
    scene = (
        '<node><node id="n"><instance_geometry url="#g"/></node></node>'
        '<node><translate>20 0 0</translate><instance_node url="#n"/></node>'
    )

    found = facts(collada(scene=scene), "dae")

    assert (found.body_count, found.size_x_mm) == (2, 30)


@pytest.mark.parametrize(
    ("content", "extension", "reason"),
    [
        (collada().replace(b"<p>", b"<p>x "), "dae", Damaged),
        (collada().replace(b"<p>", b"<p>99 0 "), "dae", Damaged),
        (collada().replace(b'count="24">0', b'count="24">0 0'), "dae", Damaged),
        (collada(node="<matrix>1 2 3</matrix>"), "dae", Damaged),
        (collada(node="<translate>nan 0 0</translate>"), "dae", Damaged),
        (collada(unit='<unit meter="0"/>'), "dae", Damaged),
        (collada(unit='<unit meter="x"/>'), "dae", Damaged),
        (collada().replace(b'semantic="POSITION"', b'semantic="NORMAL"'), "dae", Damaged),
        (collada(scene='<node id="n"><instance_node url="#n"/></node>'), "dae", Damaged),
        (collada(faces=POLYLIST.replace("<vcount>4", "<vcount>9")), "dae", Damaged),
        (collada(scene='<node><instance_geometry url="other.dae#x"/></node>'), "dae", NoGeometry),
        (collada()[:900], "dae", Truncated),
        (b"<svg/>", "dae", NotThisFormat),
        (b"\x89PNG\r\n\x1a\n", "dae", NotThisFormat),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><COLLADA/>', "dae", Damaged),
        (studio()[:-20], "3ds", Truncated),
        (studio(last_corner=200), "3ds", Damaged),
        (studio_chunk(0x4D4D, b"\x00" * 12), "3ds", Damaged),
        (studio_chunk(0x4D4D, studio_chunk(0x3D3D, studio_chunk(0x4000, b"name"))), "3ds", Damaged),
        (studio_chunk(0x4D4D, b""), "3ds", NoGeometry),
        (b"MM", "3ds", NotThisFormat),
        (b"solid", "3ds", NotThisFormat),
    ],
)
def test_broken_files_say_why(content: bytes, extension: str, reason: type[UnreadableFile]) -> None:
    with pytest.raises(reason) as caught:
        facts(content, extension)

    assert caught.value.sentence.endswith(".")


def test_doubling_nodes_are_too_complex() -> None:
    levels = "".join(
        f'<node id="n{n}"><instance_node url="#n{n + 1}"/><instance_node url="#n{n + 1}"/></node>'
        for n in range(30)
    )
    content = collada(scene=levels + '<node id="n30"><instance_geometry url="#g"/></node>')

    with pytest.raises(TooComplex):
        facts_of(load(BytesIO(content), "dae", limits=ReadLimits(max_instances=500)))


def test_triangles_are_limited() -> None:
    for content, extension in ((collada(), "dae"), (studio(), "3ds")):
        with pytest.raises(TooComplex):
            load(BytesIO(content), extension, limits=ReadLimits(max_triangles=len(CUBE_FACES) - 1))
