"""Which model a file belongs to, told from paths alone."""

from collections.abc import Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scanning.absorbing import ABSORBED
from scanning.folder_rules import FolderRule, How, Rulebook
from scanning.grouping import Holds, OwnModels, holds, model_folders


def grouped(
    *paths: str,
    own_names: tuple[str, ...] = (),
    how: How = How.FOLDERS,
    rules: Mapping[str, FolderRule] | None = None,
) -> dict[str, str | None]:
    """The model of each path, as a scan would choose it."""
    rulebook = Rulebook(how, absorbed=own_names, folders=rules)
    folders: dict[str, int] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        folders[folder] = folders.get(folder, 0) | holds(name)
    homes = model_folders(folders, rules=rulebook)
    own = OwnModels(rulebook)
    return {path: homes[path.rpartition("/")[0]] or own.of(path) for path in paths}


def test_a_folder_with_a_mesh_is_a_model_with_all_its_files() -> None:
    models = grouped("Dragon/dragon.STL", "Dragon/dragon.png", "Dragon/LICENSE", "Dragon/all.zip")

    assert set(models.values()) == {"Dragon"}


def test_files_in_the_root_are_one_model_each_and_papers_none() -> None:
    models = grouped("benchy.gcode", "cube.stl", "March.zip", "LICENSE", "cover.jpg")

    assert models == {
        "benchy.gcode": "benchy.gcode",
        "cube.stl": "cube.stl",
        "March.zip": "March.zip",
        "LICENSE": None,
        "cover.jpg": None,
    }


def test_a_folder_whose_files_are_all_in_absorbed_folders_is_the_model() -> None:
    models = grouped("Voron/Tap/STLs/a.stl", "Voron/Tap/images/a.png", "Voron/Tap/CAD/Source/a.step")

    assert set(models.values()) == {"Voron/Tap"}


def test_every_absorbed_word_works_in_any_case_and_as_plural() -> None:
    for word in ABSORBED:
        for name in (word, word.upper(), word.title(), f"{word}s"):
            assert grouped("Kit/a.stl", f"Kit/{name}/b.stl") == {
                "Kit/a.stl": "Kit",
                f"Kit/{name}/b.stl": "Kit",
            }


def test_absorbed_folders_nest() -> None:
    models = grouped("Orc/32mm/STL/Supported/Lychee/orc.lys", "Orc/32mm/STL/Unsupported/orc.stl")

    assert set(models.values()) == {"Orc/32mm"}


def test_an_absorbed_name_in_the_root_is_an_ordinary_folder() -> None:
    models = grouped("STL/a.stl", "Prints/dragon/b.stl")

    assert models == {"STL/a.stl": "STL", "Prints/dragon/b.stl": "Prints/dragon"}


def test_nested_models_are_separate() -> None:
    models = grouped("Tap/tap.stl", "Tap/OptoTap/STLs/opto.stl", "Tap/OptoTap/images/opto.png")

    assert models == {
        "Tap/tap.stl": "Tap",
        "Tap/OptoTap/STLs/opto.stl": "Tap/OptoTap",
        "Tap/OptoTap/images/opto.png": "Tap/OptoTap",
    }


def test_sections_inside_an_absorbed_folder_belong_to_the_kit() -> None:
    models = grouped("Turtle/README.md", "Turtle/STLs/Base/Corners/foot.stl", "Turtle/STLs/Trays/lid.stl")

    assert set(models.values()) == {"Turtle"}


def test_a_shelf_of_models_with_a_telling_name_is_no_kit() -> None:
    models = grouped("Printing/models/dragon/dragon.stl", "Printing/models/orc/STL/orc.stl")

    assert set(models.values()) == {"Printing/models/dragon", "Printing/models/orc"}


def test_pictures_and_papers_go_to_the_nearest_model_above() -> None:
    models = grouped("Tap/tap.stl", "Tap/Wiring/plan.png", "Tap/Manual/en/manual.pdf", "Other/only.png")

    assert models["Tap/Wiring/plan.png"] == "Tap"
    assert models["Tap/Manual/en/manual.pdf"] == "Tap"
    assert models["Other/only.png"] is None


def test_archives_alone_in_a_folder_are_models_of_their_own() -> None:
    models = grouped(
        "Drops/March.zip", "Drops/April.7z", "Orc/orc.stl", "Orc/Base/base.zip", "Orc/files/all.zip"
    )

    assert models["Drops/March.zip"] == "Drops/March.zip"
    assert models["Drops/April.7z"] == "Drops/April.7z"
    assert models["Orc/Base/base.zip"] == "Orc/Base/base.zip"
    assert models["Orc/files/all.zip"] == "Orc"


def test_the_owner_can_add_names() -> None:
    assert grouped("Orc/orc.stl", "Orc/LOD/low.stl", own_names=("lod",))["Orc/LOD/low.stl"] == "Orc"
    assert grouped("Orc/orc.stl", "Orc/LOD/low.stl")["Orc/LOD/low.stl"] == "Orc/LOD"


def test_a_flat_dump_is_grouped_by_stem() -> None:
    own = OwnModels(Rulebook(How.STEMS))

    names = [
        "dragon.stl",
        "dragon_supported.stl",
        "dragon.png",
        "dragon-presup.3mf",
        "dragon (supported).stl",
    ]
    assert {own.of(f"in/{name}") for name in names} == {"in/dragon"}
    assert own.of("in/images/dragon.png") == "in/dragon"
    assert own.of("in/dragon_v2.stl") == "in/dragon_v2"
    assert own.of("supported.stl") == "supported"


_NAMES = st.sampled_from(["Kit", "Base", "STLs", "images", "supported", "x", "Größe"])
_FILES = st.sampled_from(["a.stl", "b.png", "c.zip", "d.step", "README", "e.gcode"])
_PATHS = st.lists(
    st.builds(lambda folders, name: "/".join([*folders, name]), st.lists(_NAMES, max_size=5), _FILES),
    min_size=1,
    max_size=25,
    unique=True,
)


@given(_PATHS)
def test_a_model_is_the_file_itself_or_a_folder_above_it(paths: list[str]) -> None:
    for path, model in grouped(*paths).items():
        assert model is None or model == path or path.startswith(f"{model}/")


@given(_PATHS)
def test_every_part_and_archive_has_a_model(paths: list[str]) -> None:
    models = grouped(*paths)

    assert all(models[path] for path in paths if holds(path) is not Holds.COMPANIONS)


@given(_PATHS)
def test_every_folder_model_has_a_part(paths: list[str]) -> None:
    models = grouped(*paths)

    with_parts = {models[path] for path in paths if holds(path) is Holds.PARTS}
    assert {model for path, model in models.items() if model and model != path} <= with_parts


@given(_PATHS, st.integers())
def test_the_order_of_the_walk_does_not_matter(paths: list[str], seed: int) -> None:
    shuffled = Random(seed).sample(paths, len(paths))

    assert grouped(*paths) == grouped(*shuffled)


@given(_PATHS, _PATHS)
def test_what_happens_in_one_top_folder_does_not_touch_another(here: list[str], there: list[str]) -> None:
    alone = grouped(*(f"here/{path}" for path in here))

    both = grouped(*(f"here/{path}" for path in here), *(f"there/{path}" for path in there))

    assert {path: model for path, model in both.items() if path.startswith("here/")} == alone


def test_a_path_of_two_thousand_folders_is_no_trouble() -> None:
    path = "/".join(["d"] * 2000)

    assert grouped(f"{path}/a.stl") == {f"{path}/a.stl": path}


def test_a_pinned_folder_is_one_model_with_all_below() -> None:
    rules = {"Kit": FolderRule(How.ONE_MODEL)}

    models = grouped("Kit/a.stl", "Kit/Left/b.stl", "Kit/packs/c.zip", "Kit2/d/e.stl", rules=rules)

    assert set(models.values()) == {"Kit", "Kit2/d"}


def test_a_container_holds_a_model_per_folder_and_per_file_name() -> None:
    rules = {"Kit": FolderRule(How.CONTAINER)}
    paths = ("Kit/orc.stl", "Kit/orc.png", "Kit/elf_supported.stl", "Kit/STL/b.stl", "Kit/Left/files/c.stl")

    models = grouped(*paths, rules=rules)

    assert models == {
        "Kit/orc.stl": "Kit/orc",
        "Kit/orc.png": "Kit/orc",
        "Kit/elf_supported.stl": "Kit/elf",
        "Kit/STL/b.stl": "Kit/STL",
        "Kit/Left/files/c.stl": "Kit/Left",
    }


def test_one_folder_may_be_a_flat_dump_and_another_not() -> None:
    dump, kits = {"in": FolderRule(How.STEMS)}, {"in": FolderRule(How.FOLDERS)}
    paths = ("in/x/images/orc.png", "in/x/orc.stl", "in/x/elf.stl", "out/a.stl", "out/b.stl")

    assert list(grouped(*paths, rules=dump).values()) == ["in/x/orc", "in/x/orc", "in/x/elf", "out", "out"]
    assert list(grouped(*paths, how=How.STEMS, rules=kits).values()) == ["in/x"] * 3 + ["out/a", "out/b"]


def test_a_folder_may_absorb_a_name_or_let_it_stand_alone() -> None:
    rules = {"Kit": FolderRule(absorbed=("LOD",), separate=("prints",))}
    paths = (
        "Kit/a.stl",
        "Kit/LOD/b.stl",
        "Kit/Print/c.stl",
        "Kit/STL/d.stl",
        "Other/e.stl",
        "Other/LOD/f.stl",
    )

    models = list(grouped(*paths, rules=rules).values())

    assert models == ["Kit", "Kit", "Kit/Print", "Kit", "Other", "Other/LOD"]


def test_the_nearest_rule_counts() -> None:
    rules = {
        "Kit": FolderRule(How.ONE_MODEL),
        "Kit/Extras": FolderRule(How.CONTAINER),
        "Kit/Extras/Big": FolderRule(How.ONE_MODEL),
    }
    paths = ("Kit/a.stl", "Kit/Extras/b.stl", "Kit/Extras/Big/x/c.stl", "Kit/Extras/Small/x/d.stl")

    models = list(grouped(*paths, rules=rules).values())

    assert models == ["Kit", "Kit/Extras/b", "Kit/Extras/Big", "Kit/Extras/Small/x"]


_RULES = st.dictionaries(
    st.lists(_NAMES, min_size=1, max_size=3).map("/".join),
    st.builds(
        FolderRule, st.sampled_from(How), st.sampled_from([(), ("x",)]), st.sampled_from([(), ("stls",)])
    ),
    max_size=4,
)


@given(_PATHS, _RULES, st.sampled_from([How.FOLDERS, How.STEMS]), st.integers())
def test_rules_of_folders_leave_no_part_without_a_model_in_any_order(
    paths: list[str], rules: dict[str, FolderRule], how: How, seed: int
) -> None:
    shuffled = Random(seed).sample(paths, len(paths))
    turned = dict(reversed(rules.items()))

    models = grouped(*paths, how=how, rules=rules)

    assert models == grouped(*shuffled, how=how, rules=turned)
    assert all(models[path] for path in paths if holds(path) is not Holds.COMPANIONS)


@given(_PATHS, _RULES, st.sampled_from([How.FOLDERS, How.STEMS]), st.data())
def test_a_rule_changes_only_what_lies_below_its_folder(
    paths: list[str], rules: dict[str, FolderRule], how: How, data: st.DataObject
) -> None:
    folder = data.draw(st.lists(_NAMES, min_size=1, max_size=3).map("/".join))
    before = grouped(*paths, how=how, rules={key: rule for key, rule in rules.items() if key != folder})

    after = grouped(
        *paths, how=how, rules=rules | {folder: data.draw(st.builds(FolderRule, st.sampled_from(How)))}
    )

    outside = [path for path in paths if not path.startswith(f"{folder}/")]
    assert all(before[path] == after[path] for path in outside if holds(path) is not Holds.COMPANIONS)


@given(_PATHS, st.sampled_from([How.ONE_MODEL, How.STEMS, How.CONTAINER, How.FOLDERS]), st.data())
def test_what_a_rule_covers_stays_within_its_folder(paths: list[str], how: How, data: st.DataObject) -> None:
    folder = data.draw(st.lists(_NAMES, min_size=1, max_size=3).map("/".join))

    models = grouped(*paths, rules={folder: FolderRule(how)})

    inside = [path for path in paths if path.startswith(f"{folder}/") and holds(path) is not Holds.COMPANIONS]
    assert all(f"{models[path]}/".startswith(f"{folder}/") for path in inside)
