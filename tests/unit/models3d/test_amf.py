"""AMF files, plain and zipped: units, constellations, and everything that is wrong with them."""

from io import BytesIO

import pytest

from models3d.meshes.errors import Damaged, NotThisFormat, TooComplex, Truncated, UnreadableFile
from models3d.meshes.facts import MeshFacts, facts_of
from models3d.meshes.limits import ReadLimits
from models3d.meshes.load import load
from tests.unit.models3d.sliced_files import zipped
from tests.unit.models3d.solids import CUBE_FACES


def cube_object(object_id: str = "0", side: float = 10) -> str:
    corners = [(x, y, z) for x in (0, side) for y in (0, side) for z in (0, side)]
    vertices = "".join(
        f"<vertex><coordinates><x>{x}</x><y>{y}</y><z>{z}</z></coordinates></vertex>" for x, y, z in corners
    )
    faces = "".join(f"<triangle><v1>{a}</v1><v2>{b}</v2><v3>{c}</v3></triangle>" for a, b, c in CUBE_FACES)
    return f'<object id="{object_id}"><mesh><vertices>{vertices}</vertices><volume>{faces}</volume></mesh></object>'


def amf(inside: str, *, unit: str = "millimeter", before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<amf unit="{unit}">{inside}</amf>'.encode()


def instance(of: str, **placing: float) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in placing.items())
    return f'<instance objectid="{of}">{inside}</instance>'


def constellation(constellation_id: str, *instances: str) -> str:
    return f'<constellation id="{constellation_id}">{"".join(instances)}</constellation>'


def facts(content: bytes, limits: ReadLimits | None = None) -> MeshFacts:
    return facts_of(load(BytesIO(content), "amf", limits=limits))


@pytest.mark.parametrize("content", [amf(cube_object()), zipped({"cube.amf": amf(cube_object())})])
def test_cube_is_measured(content: bytes) -> None:
    cube = facts(content)

    assert (cube.triangle_count, cube.is_watertight) == (12, True)
    assert cube.volume_mm3 == pytest.approx(1000)


@pytest.mark.parametrize(("unit", "side"), [("inch", 254.0), ("meter", 10_000.0), ("micron", 0.01)])
def test_units_are_heeded(unit: str, side: float) -> None:
    assert facts(amf(cube_object(), unit=unit)).size_x_mm == pytest.approx(side)


def test_constellation_puts_copies_in_their_places() -> None:
    two = constellation("1", instance("0"), instance("0", deltax=25, rz=90))

    both = facts(amf(cube_object() + two))

    assert (both.triangle_count, both.body_count) == (24, 2)
    assert (both.min_x_mm, both.size_x_mm, both.size_y_mm) == pytest.approx((0, 25, 10))


def test_constellation_of_constellations() -> None:
    inner = constellation("1", instance("0"), instance("0", deltaz=20))
    outer = constellation("2", instance("1"), instance("1", deltax=50))

    assert facts(amf(cube_object() + outer + inner)).body_count == 4


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"hello", NotThisFormat),
        (b"<svg/>", NotThisFormat),
        (zipped({"a.txt": b""}), NotThisFormat),
        (amf(cube_object())[:700], Truncated),
        (amf("<object>"), Damaged),
        (amf(cube_object().replace("<v1>0<", "<v1>99<")), Damaged),
        (amf(cube_object().replace("<x>0<", "<x>1,5<")), Damaged),
        (amf(cube_object().replace("<z>0</z>", "")), Damaged),
        (amf(cube_object(), before='<!DOCTYPE amf [<!ENTITY a "10">]>'), Damaged),
        (amf(cube_object() + constellation("1", instance("7"))), Damaged),
        (amf(constellation("1", instance("2")) + constellation("2", instance("1"))), Damaged),
        (
            amf(
                cube_object()
                + constellation("3", instance("1"))
                + constellation("1", instance("2"))
                + constellation("2", instance("1"))
            ),
            Damaged,
        ),
        (amf(cube_object() + "".join(constellation(f"{n + 1}", *[instance(f"{n}")] * 100) for n in range(9))), TooComplex),
    ],
    ids=[
        *("text", "svg", "zip", "cut", "unclosed", "index", "comma", "no z", "entity", "no object", "circle"),
        *("deep circle", "copies of copies"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(content: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error) as told:
        facts(content)
    assert told.value.sentence.endswith(".")


def test_bomb_in_a_zip_is_not_unpacked() -> None:
    bomb = zipped({"a.amf": amf(" " * (80 << 20) + cube_object())})

    with pytest.raises(TooComplex, match="MB"):
        facts(bomb)


def test_triangles_are_limited_while_reading() -> None:
    with pytest.raises(TooComplex):
        facts(amf(cube_object()), ReadLimits(max_triangles=5))
