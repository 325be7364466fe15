"""Files inside archives are hashed, measured and pictured like loose ones, and nothing is left unpacked."""

import zlib
from pathlib import Path

import pytest
from pytest_django import Settings

from libraries.models import Library
from models3d import working_off
from models3d.models import Model3D, ModelFile, Preview
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.unit.libraries.archive_files import deflated, local_record, raw_zip, zip_bytes, zip_record
from tests.unit.models3d.solids import binary_stl, cube

pytestmark = pytest.mark.django_db(transaction=True)

BOX = binary_stl(cube(1.0) * (10, 20, 30))


@pytest.fixture
def library(tmp_path: Path, settings: Settings) -> Library:
    settings.PREVIEWS_DIR = tmp_path / "previews"
    settings.UNPACKING_DIR = tmp_path / "unpacking"
    (tmp_path / "library").mkdir()
    library: Library = LibraryFactory(path=str(tmp_path / "library"))
    return library


def put_archive(
    library: Library, content: bytes, *members: str, size_bytes: int = len(BOX)
) -> dict[str, ModelFile]:
    """An archive on disk, with the rows of it and its members as a scan leaves them."""
    Path(library.path, "pack.zip").write_bytes(content)
    model: Model3D = Model3DFactory(library=library)
    archive: ModelFile = ModelFileFactory(
        model=model, relative_path="pack.zip", extension="zip", kind="archive"
    )
    rows = {"": archive}
    for name in members:
        rows[name] = ModelFileFactory(
            model=model,
            archive=archive,
            relative_path=f"pack.zip//{name}",
            extension=name.rpartition(".")[2],
            kind="mesh",
            size_bytes=size_bytes,
        )
    return rows


def work_off(library: Library, rows: dict[str, ModelFile]) -> None:
    working_off.work_off(library_ids=[library.pk], threads=1)
    for row in rows.values():
        row.refresh_from_db()


def test_a_member_gets_hash_facts_and_picture(library: Library, settings: Settings) -> None:
    rows = put_archive(library, zip_bytes({"parts/box.stl": BOX}), "parts/box.stl")

    work_off(library, rows)

    box = rows["parts/box.stl"]
    assert (box.analysis_state, box.size_x_mm, box.size_y_mm, box.size_z_mm) == ("done", 10, 20, 30)
    assert Preview.objects.filter(sha256=box.sha256, form="picture").exists()
    assert rows[""].analysis_state == "done"
    assert list(Path(settings.UNPACKING_DIR).iterdir()) == []
    assert [path.name for path in Path(library.path).iterdir()] == ["pack.zip"]


def test_a_loose_copy_and_a_member_share_what_is_known(library: Library, settings: Settings) -> None:
    Path(library.path, "loose.stl").write_bytes(BOX)
    loose: ModelFile = ModelFileFactory(
        model=Model3DFactory(library=library), relative_path="loose.stl", size_bytes=len(BOX)
    )
    rows = put_archive(library, zip_bytes({"box.stl": BOX}), "box.stl")
    settings.MAX_UNPACKED_BYTES = 0  # what is known need not be unpacked

    work_off(library, rows)

    loose.refresh_from_db()
    box = rows["box.stl"]
    assert box.sha256 == loose.sha256
    assert (box.analysis_state, box.triangle_count) == ("done", 12)


def test_a_damaged_member_fails_with_a_sentence_and_the_others_go_on(library: Library) -> None:
    packed = deflated(BOX)
    bad = zip_record(b"bad.stl", size=len(BOX), packed=len(packed), method=8, checksum=1)
    first = local_record(b"bad.stl", packed)
    good = zip_record(
        b"good.stl",
        size=len(BOX),
        packed=len(packed),
        method=8,
        place=len(first),
        checksum=zlib.crc32(BOX),
    )
    content = raw_zip(bad, good, contents=first + local_record(b"good.stl", packed))
    rows = put_archive(library, content, "bad.stl", "good.stl")

    work_off(library, rows)

    assert (rows["bad.stl"].analysis_state, rows["bad.stl"].analysis_error_code) == ("failed", "in_archive")
    assert "checksum" in rows["bad.stl"].analysis_error
    assert rows["bad.stl"].analysis_attempts == 1
    assert (rows["good.stl"].analysis_state, rows["good.stl"].triangle_count) == ("done", 12)


def test_a_member_too_large_to_unpack_is_hashed_all_the_same(library: Library, settings: Settings) -> None:
    settings.MAX_UNPACKED_BYTES = 100
    rows = put_archive(library, zip_bytes({"box.stl": BOX}), "box.stl")

    work_off(library, rows)

    box = rows["box.stl"]
    assert (box.analysis_state, box.analysis_error_code) == ("failed", "too_large_to_unpack")
    assert len(box.sha256) == 64
