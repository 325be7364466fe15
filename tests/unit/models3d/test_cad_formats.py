"""STEP and IGES become meshes in millimeters with z up; what cannot be read is told in a sentence."""

from io import BytesIO

import pytest

from models3d.meshes.errors import (
    Damaged,
    NoGeometry,
    NotThisFormat,
    TooComplex,
    Truncated,
    UnreadableFile,
)
from models3d.meshes.facts import MeshFacts, facts_of
from models3d.meshes.limits import ReadLimits
from models3d.meshes.load import load
from tests.unit.models3d.cad_files import METER, iges_rectangle, step_box, step_file


def facts(content: bytes, extension: str = "step") -> MeshFacts:
    return facts_of(load(BytesIO(content), extension))


def size(of: MeshFacts) -> tuple[float, float, float]:
    return of.size_x_mm, of.size_y_mm, of.size_z_mm


@pytest.mark.parametrize("extension", ["step", "stp"])
def test_step_box_is_measured(extension: str) -> None:
    box = facts(step_box(10, 20, 30), extension)

    assert size(box) == pytest.approx((10, 20, 30))
    assert box.volume_mm3 == pytest.approx(6000)
    assert (box.triangle_count, box.body_count, box.is_watertight) == (12, 1, True)


def test_units_of_a_step_file_are_heeded() -> None:
    assert size(facts(step_box(0.01, 0.02, 0.03, unit=METER))) == pytest.approx((10, 20, 30))


@pytest.mark.parametrize(("unit", "scale"), [("2,2HMM", 1.0), ("1,2HIN", 25.4)])
def test_units_of_an_iges_file_are_heeded(unit: str, scale: float) -> None:
    face = facts(iges_rectangle(10, 20, unit=unit), "igs")

    assert size(face) == pytest.approx((10 * scale, 20 * scale, 0))
    assert face.area_mm2 == pytest.approx(200 * scale**2)


def test_other_files_of_an_assembly_are_not_asked_for() -> None:
    content = step_box(
        1, 1, 1, more=["DOCUMENT_TYPE('geometry')", "DOCUMENT_FILE('/etc/passwd','','',#1,'','')"]
    )

    (warning,) = load(BytesIO(content), "step").warnings

    assert "other files" in warning


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"hello!", NotThisFormat),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), NotThisFormat),
        (step_box(1, 1, 1)[:-900], Truncated),
        (step_file(""), NoGeometry),
        (step_file("#1=PRODUCT('a','a','',(#2));\n#2=PRODUCT_CONTEXT('',#1,'');"), NoGeometry),
        (step_file("#1=CLOSED_SHELL('',(#1));"), UnreadableFile),
        (step_file("#1=FACETED_BREP('',#2);\n#2=FACETED_BREP('',#1);"), UnreadableFile),
    ],
    ids=["text", "png", "truncated", "empty", "circle of products", "shell of itself", "circle of solids"],
)
def test_what_cannot_be_read_is_told(content: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error) as told:
        facts(content)
    assert told.value.sentence.endswith(".")


def test_faces_without_surface_are_not_called_sound() -> None:
    content = step_box(1, 1, 1).replace(b"FACE_SURFACE(", b"FACE_SURFACES(")

    with pytest.raises(UnreadableFile) as told:
        facts(content)
    assert "sound" not in told.value.sentence


def test_cut_off_iges_is_truncated() -> None:
    with pytest.raises((Truncated, Damaged)):
        facts(iges_rectangle(1, 1)[:300], "iges")


def test_too_many_triangles_are_too_many() -> None:
    with pytest.raises(TooComplex, match="limit is 3"):
        load(BytesIO(step_box(1, 1, 1)), "step", limits=ReadLimits(max_triangles=3))
