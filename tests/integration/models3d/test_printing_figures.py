"""Meshes get figures of how they would print, copies share them, the model page shows them, and odd ones become problems."""

from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from pytest_django import Settings

from libraries.models import Library
from models3d import showing, working_off
from models3d.models import Model3D, ModelFile
from scanning import problems
from scanning.models import Problem
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.unit.models3d.solids import binary_stl, cube, mesh_xml, threemf

pytestmark = pytest.mark.django_db(transaction=True)

LEG, TOP = cube(1.0) * (10, 10, 20) + np.array([10, 10, 0]), cube(1.0) * (30, 30, 5) + np.array([0, 0, 20])
TABLE = binary_stl(np.concatenate([LEG, TOP]))


@pytest.fixture
def library(tmp_path: Path, settings: Settings) -> Library:
    settings.PREVIEWS_DIR = tmp_path / "previews"
    root = tmp_path / "library"
    root.mkdir()
    library: Library = LibraryFactory(path=str(root))
    return library


def worked_off(library: Library, name: str, content: bytes) -> ModelFile:
    """A file on disk and its row, after waiting files were worked off."""
    (Path(library.path) / name).write_bytes(content)
    file: ModelFile = ModelFileFactory(
        model=Model3DFactory(library=library, name=name),
        relative_path=name,
        extension=name.rpartition(".")[2],
        kind="mesh",
        size_bytes=len(content),
    )
    working_off.work_off(library_ids=[library.pk], threads=1)
    file.refresh_from_db()
    return file


def test_mesh_and_its_copy_get_the_figures(library: Library) -> None:
    first, copy = (worked_off(library, name, TABLE) for name in ("a.stl", "b.stl"))

    for file in (first, copy):
        assert file.overhang_45_mm2 == pytest.approx(800, rel=0.01)
        assert file.support_volume_mm3 == pytest.approx(16_000, rel=0.01)
        assert file.bed_contact_mm2 == pytest.approx(100)
        assert file.thinnest_wall_mm == pytest.approx(5, rel=1e-5)
        assert (file.island_count, file.island_at_mm, file.suspected_unit) == (0, None, "")
        assert (file.best_up, file.estimated_layer_count) == ("-z", 125)
        assert file.estimated_resin_ml == pytest.approx(6.5)
        assert file.center_of_mass_mm == pytest.approx([15, 15, (2 * 10 + 4.5 * 22.5) / 6.5])
        assert 0 < (file.estimated_filament_grams or 0) < 6.5 * 1.24


def test_model_page_shows_the_figures(library: Library, as_alice: Client) -> None:
    file = worked_off(library, "table.stl", TABLE)

    page = as_alice.get(Model3D.objects.get(files=file).get_absolute_url()).content.decode()

    for shown in (
        "Overhang beyond 45°",
        "Rests on",
        "1 cm²",
        "Thinnest wall",
        "5 mm",
        " g PLA",
        "16 cm³ to fill",
    ):
        assert shown in page
    assert "Islands" not in page


def test_things_in_one_file_are_measured_for_themselves(library: Library) -> None:
    content = threemf(
        mesh_xml(cube(10)) + mesh_xml(cube(5, at=(20, 0, 0)), number=2),
        '<item objectid="1"/><item objectid="2"/>',
    )

    file = worked_off(library, "two.3mf", content)

    assert [(part["size_x_mm"], part["volume_mm3"]) for part in file.parts or []] == [
        (10, pytest.approx(1000)),
        (5, pytest.approx(125)),
    ]


def test_robot_in_meters_becomes_a_problem_and_a_cube_on_its_corner_a_note(library: Library) -> None:
    x, y, z = (np.array(axis) / np.linalg.norm(axis) for axis in ((1, -1, 0), (1, 1, -2), (1, 1, 1)))
    worked_off(library, "robot.stl", binary_stl(cube(1.0) * (0.035, 0.013, 0.191)))
    corner = worked_off(library, "corner.stl", binary_stl(cube(20) @ np.stack([x, y, z]).T))

    problems.settle_all()

    found = set(Problem.objects.values_list("file__relative_path", "kind", "severity"))
    assert found == {
        ("robot.stl", "wrong_units", "warning"),
        ("corner.stl", "nothing_to_rest_on", "info"),
    }
    shown = showing.problems(Model3D.objects.get(files=corner))
    assert [problem.sentence.split(" with")[0] for problem in shown] == ["As it lies it touches the bed"]


def test_nothing_is_found_out_when_it_is_switched_off(library: Library, settings: Settings) -> None:
    settings.PRINTABILITY = False

    file = worked_off(library, "table.stl", TABLE)

    assert (file.analysis_state, file.triangle_count) == ("done", 24)
    assert (file.overhang_45_mm2, file.best_up, file.warnings) == (None, "", [])


def test_meshes_over_the_limit_say_so(library: Library, settings: Settings) -> None:
    settings.PRINTABILITY_MAX_TRIANGLES = 20

    file = worked_off(library, "table.stl", TABLE)

    assert file.overhang_45_mm2 is None
    assert file.warnings == ["How it prints was not looked into: 24 triangles, the limit for this is 20."]
