"""3MF packages are put together as their build says, and traps in them are not sprung."""

import zipfile
from io import BytesIO

import numpy as np
import pytest

from models3d.meshes.errors import (
    Damaged,
    Encrypted,
    NoGeometry,
    NotThisFormat,
    TooComplex,
    Truncated,
    UnreadableFile,
)
from models3d.meshes.limits import ReadLimits
from models3d.meshes.load import load
from tests.unit.models3d.solids import cube, facts, mesh_xml, threemf

CUBE = mesh_xml(cube())
ITEM = '<item objectid="1"/>'


def assembly(number: int, *components: str) -> str:
    return f'<object id="{number}"><components>{"".join(components)}</components></object>'


def test_smallest_file_is_read() -> None:
    found = facts(threemf(CUBE, ITEM), "3mf")

    assert (found.triangle_count, found.vertex_count) == (12, 8)
    assert found.volume_mm3 == pytest.approx(1000)
    assert found.is_watertight
    assert not found.warnings


@pytest.mark.parametrize(
    ("unit", "side"), [("inch", 254), ("micron", 0.01), ("meter", 10_000), ("foot", 3048)]
)
def test_units_become_millimeters(unit: str, side: float) -> None:
    assert facts(threemf(CUBE, ITEM, unit=unit), "3mf").size_x_mm == pytest.approx(side)


def test_unknown_unit_is_taken_for_millimeters_with_a_warning() -> None:
    found = facts(threemf(CUBE, ITEM, unit="parsec"), "3mf")

    assert found.size_x_mm == 10
    assert "parsec" in found.warnings[0]


def test_build_items_are_placed_by_their_transforms() -> None:
    build = ITEM + '<item objectid="1" transform="2 0 0 0 2 0 0 0 2 30 0 0"/>'

    found = facts(threemf(CUBE, build), "3mf")

    assert (found.size_x_mm, found.size_y_mm) == (50, 20)
    assert found.volume_mm3 == pytest.approx(9000)
    assert [(part.name, part.is_watertight) for part in found.parts] == [("Part 1", True), ("Part 2", True)]


def test_mirrored_instance_is_not_inside_out() -> None:
    found = facts(threemf(CUBE, '<item objectid="1" transform="-1 0 0 0 1 0 0 0 1 0 0 0"/>'), "3mf")

    assert found.inverted_body_count == 0


def test_components_move_inside_components() -> None:
    inner = assembly(2, '<component objectid="1" transform="1 0 0 0 1 0 0 0 1 20 0 0"/>')
    outer = assembly(3, '<component objectid="2" transform="0 1 0 -1 0 0 0 0 1 0 0 0"/>')

    found = facts(threemf(CUBE + inner + outer, '<item objectid="3"/>'), "3mf")

    assert (found.min_x_mm, found.min_y_mm, found.min_z_mm) == (-10, 20, 0)


def test_parts_in_other_files_of_the_package_are_followed() -> None:
    reference = assembly(2, '<component objectid="1" p:path="/3D/Objects/more.model"/>')

    found = facts(threemf(reference, '<item objectid="2"/>', more=CUBE), "3mf")

    assert found.triangle_count == 12


def test_empty_build_shows_all_objects_with_a_warning() -> None:
    found = facts(threemf(CUBE, ""), "3mf")

    assert found.triangle_count == 12
    assert "Nothing in the 3MF is marked for printing" in found.warnings[0]


def test_chain_of_thousands_of_components_is_no_problem() -> None:
    chain = "".join(assembly(n, f'<component objectid="{n - 1}"/>') for n in range(2, 3000))

    assert facts(threemf(CUBE + chain, '<item objectid="2999"/>'), "3mf").triangle_count == 12


def test_attributes_among_others_are_found() -> None:
    swapped = CUBE.replace('<vertex x="', '<vertex q="1" x="').replace("<triangle ", '<triangle pid="4" ')

    assert facts(threemf(swapped, ITEM), "3mf") == facts(threemf(CUBE, ITEM), "3mf")


def rezipped(**changes: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(threemf(CUBE, ITEM))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            key = name.rsplit("/", 1)[-1].split(".")[0] or "rels"
            new.writestr(name, changes.get(key, old.read(name)))
    return stream.getvalue()


MODEL = zipfile.ZipFile(BytesIO(threemf(CUBE, ITEM))).read("3D/model.model")


def encrypted() -> bytes:
    content = bytearray(threemf(CUBE, ITEM))
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (threemf(CUBE, '<item objectid="42"/>'), Damaged),
        (threemf(CUBE, '<item objectid="1" transform="1 0 0 0 1 0"/>'), Damaged),
        (threemf(CUBE, '<item objectid="1" transform="nan 0 0 0 1 0 0 0 1 0 0 0"/>'), Damaged),
        (threemf(assembly(1, '<component objectid="1"/>'), ITEM), Damaged),
        (threemf(assembly(1, '<component objectid="9"/>'), ITEM), Damaged),
        (threemf(assembly(1, '<component objectid="1" p:path="/etc/passwd"/>'), ITEM), Damaged),
        (threemf(CUBE.replace('v1="0"', 'v1="-1"'), ITEM), Damaged),
        (threemf(CUBE.replace('v1="0"', 'v1="8"'), ITEM), Damaged),
        (threemf(CUBE.replace('v1="0"', f'v1="{10**30}"'), ITEM), Damaged),
        (threemf(CUBE.replace('x="10"', 'x="1,5"'), ITEM), Damaged),
        (threemf(CUBE.replace('x="10"', 'x="nan"'), ITEM), Damaged),
        (threemf(CUBE.replace('x="10"', ""), ITEM), Damaged),
        (rezipped(model=MODEL[:-200]), Damaged),
        (threemf(CUBE, ITEM, before='<!DOCTYPE m [<!ENTITY a "aaa">]>'), Damaged),
        (threemf(CUBE, ITEM, before='<!DOCTYPE m SYSTEM "http://127.0.0.1:9/x.dtd">'), Damaged),
        (threemf('<object id="1"><mesh/></object>', ITEM), NoGeometry),
        (threemf(CUBE, ITEM)[:-100], Truncated),
        (b"not a zip at all", NotThisFormat),
        (encrypted(), Encrypted),
    ],
)
def test_broken_package_is_refused_with_a_reason(content: bytes, reason: type[UnreadableFile]) -> None:
    with pytest.raises(reason) as caught:
        facts(content, "3mf")

    assert caught.value.sentence.endswith(".")


def test_model_that_unpacks_beyond_measure_is_refused() -> None:
    blanks = b" " * (80 << 20)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("3D/3dmodel.model", MODEL.replace(b"<build>", blanks + b"<build>"))

    with pytest.raises(TooComplex, match="looks like a trap"):
        facts(stream.getvalue(), "3mf")


def test_doubling_components_end_at_the_limit_of_instances() -> None:
    doubling = "".join(assembly(n, *[f'<component objectid="{n - 1}"/>'] * 2) for n in range(2, 32))

    with pytest.raises(TooComplex, match="10,000 copies"):
        facts(threemf(CUBE + doubling, '<item objectid="31"/>'), "3mf")


def test_instances_count_as_triangles() -> None:
    content = threemf(CUBE, ITEM * 20)

    with pytest.raises(TooComplex, match="the limit is 100"):
        load(BytesIO(content), "3mf", limits=ReadLimits(max_triangles=100))


def test_flattening_transform_is_mentioned() -> None:
    found = facts(threemf(CUBE, '<item objectid="1" transform="0 0 0 0 0 0 0 0 0 0 0 0"/>'), "3mf")

    assert found.degenerate_count == 12
    assert np.isfinite(found.volume_mm3)
    assert "flattened" in found.warnings[0]


def test_each_part_is_measured_for_itself() -> None:
    lid, box = mesh_xml(cube(10.0)[2:], number=1), mesh_xml(cube(20.0, at=(0, 0, 10)), number=2)
    build = '<item objectid="1"/><item objectid="2"/>'

    lid_facts, box_facts = facts(threemf(lid + box, build), "3mf").parts

    assert (lid_facts.is_watertight, lid_facts.triangle_count, lid_facts.size_x_mm) == (False, 10, 10.0)
    assert box_facts.is_watertight
    assert box_facts.volume_mm3 == pytest.approx(8000.0)
