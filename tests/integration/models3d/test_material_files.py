"""An OBJ is shown in the colors of the material file beside it, which is read through the library's storage alone."""

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image
from pytest_django import Settings

from models3d import previews, working_off
from models3d.models import ModelFile
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.unit.models3d.solids import cube, obj

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = "mtllib ../elsewhere.mtl\nusemtl skin\n" + obj(cube())
RED = "newmtl skin\nKd 1 0 0\n"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.PREVIEWS_DIR = tmp_path / "previews"
    folder = tmp_path / "library"
    folder.mkdir()
    (tmp_path / "elsewhere.mtl").write_text(RED)
    return folder


def redness(folder: Path, path: str) -> float:
    """How much more red than blue the picture of a file is."""
    file: ModelFile = ModelFileFactory(
        model=Model3DFactory(library=LibraryFactory(path=str(folder))),
        relative_path=path,
        extension="obj",
        size_bytes=9,
        sha256="",
    )
    working_off.work_off(library_ids=[file.library_id], threads=1)
    file.refresh_from_db()
    assert file.analysis_state == "done"
    with Image.open(previews.preview_path(file.sha256, previews.PICTURE)) as picture:
        pixels = np.asarray(picture.convert("RGBA")).astype(int)
    seen = pixels[pixels[..., 3] == 255]
    return float((seen[:, 0] - seen[:, 2]).mean())


def test_materials_beside_an_obj_color_it(folder: Path) -> None:
    (folder / "part.obj").write_text(CONTENT)
    (folder / "part.mtl").write_text(RED)

    assert redness(folder, "part.obj") > 50


def test_materials_in_an_archive_color_the_obj_beside_them(folder: Path) -> None:
    with ZipFile(folder / "kit.zip", "w") as archive:
        archive.writestr("part.obj", CONTENT)
        archive.writestr("part.mtl", RED)

    assert redness(folder, "kit.zip//part.obj") > 50


def test_materials_outside_the_library_are_not_read(folder: Path) -> None:
    (folder / "part.obj").write_text(CONTENT)
    (folder / "part.mtl").symlink_to("../elsewhere.mtl")

    assert redness(folder, "part.obj") < 0
