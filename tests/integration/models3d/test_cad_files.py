"""CAD files are measured and pictured like meshes, and stay CAD files."""

from pathlib import Path

import pytest
from pytest_django import Settings

from models3d import working_off
from models3d.models import Model3D, Preview
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.unit.models3d.cad_files import step_box

pytestmark = pytest.mark.django_db(transaction=True)


def test_step_file_gets_facts_picture_and_light_mesh(tmp_path: Path, settings: Settings) -> None:
    settings.PREVIEWS_DIR = tmp_path / "previews"
    (tmp_path / "box.step").write_bytes(step_box(10, 20, 30))
    model = Model3DFactory(library=LibraryFactory(path=str(tmp_path)))
    file = ModelFileFactory(
        model=model, relative_path="box.step", extension="step", kind="cad", size_bytes=9, sha256=""
    )

    working_off.work_off(library_ids=[file.library_id], threads=1)

    file.refresh_from_db()
    assert (file.analysis_state, file.kind, file.triangle_count) == ("done", "cad", 12)
    assert (file.size_x_mm, file.size_y_mm, file.size_z_mm) == pytest.approx((10, 20, 30))
    assert set(Preview.objects.values_list("form", flat=True)) == {"picture", "light_mesh"}
    assert Model3D.objects.get().cover_sha256 == file.sha256
