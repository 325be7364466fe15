"""Readable names, and roles told by names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libraries.paths import row_path
from scanning.naming import readable_name, told_by_path


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Voron_Tap-R8", "Voron Tap R8"),
        ("a/b/ANVIL+ASH", "ANVIL ASH"),
        ("2024-05 drop", "2024-05 drop"),
        ("  odd__name  ", "odd name"),
        ("new\nline", "new line"),
        ("___", "___"),
        ("e\u0301tui", "étui"),
        (row_path("caf\udce9"), "caf\\xe9"),
        ("v1.2", "v1.2"),
        ("工房/ドラゴン", "ドラゴン"),
    ],
)
def test_folder_names_are_made_readable(path: str, name: str) -> None:
    assert readable_name(path, is_file=False) == name


def test_only_known_extensions_are_taken_off_files() -> None:
    assert readable_name("plate_1.gcode.3mf", is_file=True) == "plate 1"
    assert readable_name("in/dragon_v1.2", is_file=True) == "dragon v1.2"


@given(st.text(min_size=1))
def test_a_name_is_never_empty_nor_too_long_for_its_column(path: str) -> None:
    assert 0 < len(readable_name(path.replace("\0", ""), is_file=True)) <= 500


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("Orc/Supported/orc.stl", "supported"),
        ("Orc/Pre-Supported STL/orc.stl", "supported"),
        ("Orc/presupported/x/orc.stl", "supported"),
        ("Orc/Unsupported/orc.stl", "unsupported"),
        ("Orc/supported/orc_nosup.stl", "unsupported"),
        ("Orc/OrcUnsupported.stl", "unsupported"),
        ("Orc/orc_sup.zip", "supported"),
        ("Orc/no supports/orc.stl", "unsupported"),
        ("Support arm/superman.stl", ""),
        ("Supper/soup.stl", ""),
        ("Orc/orc.ctb", "sliced"),
        ("Orc/supported/orc.png", "render"),
        ("Orc/README", "document"),
        ("Orc/orc.step", "source"),
        ("Orc/orc.bin", ""),
    ],
)
def test_roles_are_told_by_names(path: str, role: str) -> None:
    assert told_by_path(path)[2] == role
