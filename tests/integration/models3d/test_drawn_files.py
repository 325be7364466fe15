"""Drawings and documents get a picture when waiting files are worked off; bad ones a sentence."""

from pathlib import Path

import pytest
from pytest_django import Settings

from models3d import working_off
from models3d.models import ModelFile, Preview
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.unit.models3d.test_drawn_pages import pdf, svg

pytestmark = pytest.mark.django_db(transaction=True)


def worked_off(folder: Path, name: str, kind: str, content: bytes) -> ModelFile:
    (folder / name).write_bytes(content)
    model = Model3DFactory(library=LibraryFactory(path=str(folder)))
    file: ModelFile = ModelFileFactory(
        model=model, relative_path=name, extension=name[-3:], kind=kind, size_bytes=9, sha256=""
    )
    working_off.work_off(library_ids=[file.library_id], threads=1)
    file.refresh_from_db()
    return file


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [("a.svg", "image", svg('<rect width="9" height="9"/>')), ("a.pdf", "document", pdf())],
    ids=["svg", "pdf"],
)
def test_page_gets_a_picture(
    tmp_path: Path, settings: Settings, name: str, kind: str, content: bytes
) -> None:
    settings.PREVIEWS_DIR = tmp_path / "previews"

    file = worked_off(tmp_path, name, kind, content)

    assert file.analysis_state == "done"
    assert Preview.objects.get().sha256 == file.sha256


def test_cut_off_document_is_damaged(tmp_path: Path, settings: Settings) -> None:
    settings.PREVIEWS_DIR = tmp_path / "previews"

    file = worked_off(tmp_path, "a.pdf", "document", pdf()[:60])

    assert (file.analysis_state, file.analysis_error_code) == ("failed", "damaged")
    assert not Preview.objects.exists()
