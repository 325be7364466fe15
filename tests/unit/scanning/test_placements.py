"""Merges and splits by paths, and paths of decisions that follow files."""

from hypothesis import given
from hypothesis import strategies as st

from scanning.path_moves import where_paths_went
from scanning.placements import Placements, renamed_paths

_PATHS = st.sampled_from(["a", "b", "c", "a/x", "b/y.stl"])
_PLACED = st.dictionaries(_PATHS, _PATHS, max_size=5)


def test_a_split_file_goes_along_when_its_new_model_is_merged() -> None:
    placements = Placements(merged={"Orc": "Army"}, split={"Kit/orc.stl": "Orc"})

    assert placements.model_of("Kit/orc.stl", "Kit") == "Army"
    assert placements.model_of("Kit/elf.stl", "Kit") == "Kit"
    assert placements.model_of("LICENSE", None) is None


@given(_PLACED, _PLACED, _PATHS, st.none() | _PATHS)
def test_every_file_with_a_model_keeps_one_whatever_circles_there_are(
    merged: dict[str, str], split: dict[str, str], path: str, by_rules: str | None
) -> None:
    model = Placements(merged, split).model_of(path, by_rules)

    assert (model is None) == (path not in split and by_rules is None)
    assert model is None or model not in merged or merged[model] in merged


@given(st.lists(_PATHS, unique=True), _PLACED)
def test_no_two_decisions_end_at_one_path(paths: list[str], new_paths: dict[str, str]) -> None:
    renamed = renamed_paths(paths, new_paths=new_paths)

    assert len(set(renamed.values())) == len(renamed)
    assert all(renamed[path] == path for path in paths if path not in new_paths)


def test_a_renamed_folder_takes_its_own_path_and_those_in_it_along() -> None:
    moves = [("Minis/Orc/STL/a.stl", "Minis/Ork/STL/a.stl"), ("Minis/Orc/b.stl", "Minis/Ork/b.stl")]

    went = where_paths_went({"Minis", "Minis/Orc", "Minis/Orc/STL", "Minis/Orc/b.stl"}, moves)

    assert went == {
        "Minis/Orc": "Minis/Ork",
        "Minis/Orc/STL": "Minis/Ork/STL",
        "Minis/Orc/b.stl": "Minis/Ork/b.stl",
    }


def test_most_files_decide_where_a_folder_went() -> None:
    moves = [("a/1.stl", "b/1.stl"), ("a/2.stl", "c/2.stl"), ("a/3.stl", "c/3.stl")]

    assert where_paths_went({"a"}, moves) == {"a": "c"}


def test_a_stem_goes_with_its_files() -> None:
    assert where_paths_went({"in/orc"}, [("in/orc_supported.stl", "out/orc_supported.stl")]) == {
        "in/orc": "out/orc"
    }


def test_a_folder_whose_files_went_one_deeper_stays_where_it_is() -> None:
    assert where_paths_went({"a"}, [("a/1.stl", "a/b/1.stl")]) == {}
