"""STL files of every dialect are read, and broken ones refused with the right reason."""

from io import BytesIO

import numpy as np
import pytest

from models3d.meshes.errors import (
    Damaged,
    EmptyFile,
    NoGeometry,
    NotThisFormat,
    TooComplex,
    Truncated,
    UnreadableFile,
)
from models3d.meshes.limits import ReadLimits
from models3d.meshes.load import load
from tests.unit.models3d.solids import binary_stl, cube, facts, text_stl


def test_binary_stl_is_read() -> None:
    found = facts(binary_stl(cube()), "stl")

    assert (found.triangle_count, found.vertex_count) == (12, 8)
    assert found.volume_mm3 == pytest.approx(1000)
    assert not found.warnings


def test_binary_file_that_begins_with_solid_is_read_as_binary() -> None:
    found = facts(binary_stl(cube(), header=b"solid cube facet normal"), "stl")

    assert found.triangle_count == 12


@pytest.mark.parametrize(
    "content",
    [
        text_stl(cube()),
        text_stl(cube(), line_end="\r\n"),
        text_stl(cube(), line_end="\r"),
        text_stl(cube()).upper(),
        "\ufeff" + text_stl(cube()),
        "\n\n  \n" + text_stl(cube()),
        "# a comment\n" + text_stl(cube()),
        text_stl(cube(), name="facet normal 1 2 3 outer loop vertex 9 9 9"),
        text_stl(cube(), name="<script>alert(1)</script>"),
        text_stl(cube(), name="x" * 1_000_000),
        text_stl(cube()).split("endsolid")[0],
        text_stl(cube()).replace("10", "1.000000e+01"),
        text_stl(cube()).replace("\n", " ").replace("solid solid", "solid\n", 1),
    ],
    ids=lambda content: repr(content[:24]),
)
def test_dialect_of_text_stl_is_read(content: str) -> None:
    found = facts(content, "stl")

    assert found.triangle_count == 12
    assert found.is_watertight
    assert found.volume_mm3 == pytest.approx(1000)


def test_two_solids_in_one_text_file_are_both_read() -> None:
    found = facts(text_stl(cube()) + text_stl(cube(5, at=(30, 0, 0))), "stl")

    assert (found.triangle_count, found.body_count) == (24, 2)
    assert found.volume_mm3 == pytest.approx(1125)


def test_text_longer_than_a_block_is_read_whole() -> None:
    triangles = np.concatenate([cube(1, at=(2.0 * number, 0, 0)) for number in range(2500)])

    found = facts(text_stl(triangles), "stl")

    assert (found.triangle_count, found.body_count) == (30_000, 2500)


def test_triangles_that_are_not_numbers_are_dropped_and_counted() -> None:
    triangles = cube()
    triangles[3, 1, 0] = np.nan
    triangles[5, 0, 2] = np.inf

    found = facts(binary_stl(triangles), "stl")

    assert (found.triangle_count, found.dropped_triangle_count) == (10, 2)
    assert found.size_x_mm == 10
    assert "2 triangles were left out" in found.warnings[0]


def test_bytes_after_the_last_triangle_are_mentioned() -> None:
    found = facts(binary_stl(cube()) + b"x" * 63, "stl")

    assert found.triangle_count == 12
    assert found.warnings == ["63 bytes after the last of the 12 triangles announced were not read."]


def test_count_of_zero_before_triangles_is_not_believed() -> None:
    found = facts(binary_stl(cube(), count=0), "stl")

    assert found.triangle_count == 12
    assert "announces no triangles" in found.warnings[0]


@pytest.mark.parametrize(
    ("content", "reason", "phrase"),
    [
        (b"", EmptyFile, "empty"),
        (b"solid", Truncated, "ends early"),
        (bytes(80), NotThisFormat, "zero bytes"),
        (b"\x01" * 80, Truncated, "80 bytes"),
        (binary_stl(cube(), count=1000), Truncated, "announces 1,000 triangles, but holds 12"),
        (binary_stl(cube(), count=0xFFFFFFFF), Truncated, "4,294,967,295"),
        (binary_stl(cube())[:-20], Truncated, "holds 11"),
        (binary_stl(cube()[:0]), NoGeometry, "no triangle"),
        (text_stl(cube())[:690].encode(), Truncated, "after"),
        (text_stl(cube()).replace("10", "1,5").encode(), Damaged, "decimal comma"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", NotThisFormat, "Git LFS"),
        (b"<!DOCTYPE html><html>404</html>" * 4, NotThisFormat, "web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), NotThisFormat, "PNG"),
        (bytes(4096), NotThisFormat, "zero bytes"),
        (np.random.default_rng(1).bytes(5000), NotThisFormat, "neither text nor"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else repr(value)[:20],
)
def test_broken_stl_is_refused_with_a_reason(
    content: bytes, reason: type[UnreadableFile], phrase: str
) -> None:
    with pytest.raises(reason) as caught:
        facts(content, "stl")

    assert phrase in caught.value.sentence


def test_mesh_over_the_limit_is_refused_with_the_figure() -> None:
    with pytest.raises(TooComplex, match="12 triangles, the limit is 10"):
        load(BytesIO(binary_stl(cube())), "stl", limits=ReadLimits(max_triangles=10))
