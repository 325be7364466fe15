"""File names are sorted into kinds."""

import pytest

from models3d.kinds import KINDS, extension_of, is_model_file, kind_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dragon.stl", "mesh"),
        ("DRAGON.STL", "mesh"),
        ("plate.3mf", "mesh"),
        ("plate.gcode.3mf", "sliced"),
        ("plate.GCODE.3MF", "sliced"),
        ("head.lys", "sliced"),
        ("bracket.STEP", "cad"),
        ("bracket.FCStd", "cad"),
        ("cover.jpeg", "image"),
        ("turn.webm", "video"),
        ("manual.pdf", "document"),
        ("drop.tar.gz", "archive"),
        ("readme", "document"),
        ("gcode.stl", "mesh"),
        ("strange.qqq", "other"),
        ("no extension", "other"),
        ("folder.stl/no extension", "other"),
        (".stl", "other"),
    ],
)
def test_kind_is_told_by_extension_whatever_its_case(name: str, expected: str) -> None:
    assert kind_of(name).name == expected


def test_every_kind_has_an_icon_of_its_own() -> None:
    assert len({kind.icon for kind in KINDS}) == len(KINDS)


def test_compound_extension_is_kept_whole_only_where_it_means_something() -> None:
    assert extension_of("a.gcode.3mf") == "gcode.3mf"
    assert extension_of("a.v2.3mf") == "3mf"


def test_pictures_and_papers_do_not_make_a_model() -> None:
    assert is_model_file("a.step")
    assert not is_model_file("a.png")
    assert not is_model_file("a.zip")
