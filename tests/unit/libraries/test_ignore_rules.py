"""Names that are left out of a library."""

import pytest

from libraries.listing import ignore_rules


@pytest.mark.parametrize(
    "name",
    [".git", "._dragon.stl", ".DS_Store", "@eaDir", "#recycle", "__MACOSX", "Thumbs.db", "half.stl.part"],
)
def test_hidden_and_system_names_are_left_out(name: str) -> None:
    assert ignore_rules()(name, f"Models/{name}", False)


@pytest.mark.parametrize(
    "name", ["dragon.stl", "PART.STL", "Part 1", "party", "a.parts", "desktop.stl", "@home"]
)
def test_ordinary_names_stay(name: str) -> None:
    assert not ignore_rules()(name, name, False)


def test_own_patterns_add_to_the_defaults() -> None:
    ignores = ignore_rules("# old exports\n*.bak\n/attic/\nWork/**/tmp\n")

    assert ignores("a.bak", "x/y/a.bak", False)
    assert ignores("attic", "attic", True)
    assert ignores("tmp", "Work/a/b/tmp", True)
    assert ignores(".git", ".git", True)
    assert not ignores("attic", "x/attic", True)
    assert not ignores("attic", "attic", False)


def test_an_exclamation_mark_brings_a_default_back() -> None:
    ignores = ignore_rules("!.parts\n!*.part")

    assert not ignores("a.part", "a.part", False)
    assert not ignores(".parts", "x/.parts", True)
    assert ignores(".git", ".git", True)
    assert ignores("#recycle", "#recycle", True)


def test_a_broken_pattern_ignores_nothing_else() -> None:
    ignores = ignore_rules("[\n*.bak")

    assert ignores("a.bak", "a.bak", False)
    assert not ignores("a.stl", "a.stl", False)
