"""Which folders can become libraries, and what is said of those that cannot."""

from pathlib import Path

import pytest
from django.utils import timezone

from libraries.models import Library
from libraries.paths import row_path
from libraries.services import LibraryPathProblem, add_library, checked_path, remove_libraries
from libraries.storage import storage_for
from tests.factories import ModelFileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def minis(tmp_path: Path, data_dir: Path) -> Library:
    (tmp_path / "shelf/minis/orcs").mkdir(parents=True)
    return add_library(path=str(tmp_path / "shelf/minis"), data_dir=data_dir)


def _said(path: object, data_dir: Path) -> str:
    with pytest.raises(LibraryPathProblem) as raised:
        add_library(path=str(path), data_dir=data_dir)
    return str(raised.value)


def test_a_folder_becomes_a_read_only_library_named_after_it(minis: Library, tmp_path: Path) -> None:
    assert (minis.name, minis.path, minis.is_read_only) == ("minis", str(tmp_path / "shelf/minis"), True)


def test_links_are_resolved(tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert add_library(path=f"{tmp_path}/link", data_dir=data_dir).path == f"{tmp_path}/real"


def test_a_folder_whose_name_is_no_text_can_be_added_and_read(tmp_path: Path, data_dir: Path) -> None:
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    (folder / "a.stl").write_bytes(b"x")

    library = add_library(path=str(folder), data_dir=data_dir)

    assert (library.name, library.path) == ("caf\\xe9", row_path(str(folder)))
    assert [entry.row_path for entry in storage_for(library).iter_files()] == ["a.stl"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("", "Say which folder holds the files."),
        ("  ", "Say which folder holds the files."),
        ("models", "“models” is not a full path. Write it from the top, such as /srv/models."),
        ("/no/such\0folder", "That is no path of a folder."),
        ("/no/such/folder", "The folder “/no/such/folder” is not there. Is its disk mounted?"),
        ("~nobody-of-this-name/x", "“~nobody-of-this-name/x” cannot be looked at"),
    ],
)
def test_paths_that_lead_nowhere(path: str, sentence: str, data_dir: Path) -> None:
    assert _said(path, data_dir).startswith(sentence)


def test_a_file_is_no_folder(tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "file.stl").write_bytes(b"")

    assert _said(tmp_path / "file.stl", data_dir) == f"“{tmp_path}/file.stl” is not a folder."


@pytest.mark.parametrize(
    "path", ["/", "/etc", "/usr/share", "/proc", "/dev", "/sys", "/bin", "/var", "/tmp", "/usr/../etc"]
)
def test_system_folders_are_refused(path: str, data_dir: Path) -> None:
    assert "belongs to the system" in _said(path, data_dir)


def test_overlap_with_another_library_is_refused(minis: Library, tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "shelf/minis")
    (tmp_path / "shelf/minis2").mkdir()

    assert "is the library “minis” already" in _said(minis.path, data_dir)
    assert "is the library “minis” already" in _said(tmp_path / "link", data_dir)
    assert "lies inside the library “minis”" in _said(tmp_path / "shelf/minis/orcs", data_dir)
    assert "contains the library “minis”" in _said(tmp_path / "shelf", data_dir)
    assert add_library(path=f"{tmp_path}/shelf/minis2", data_dir=data_dir).name == "minis2"


def test_overlap_with_the_data_folder_is_refused(tmp_path: Path, data_dir: Path) -> None:
    (data_dir / "previews").mkdir()

    for path in (data_dir, data_dir / "previews", tmp_path):
        assert "the folder that keeps Layershelf's own data" in _said(path, data_dir)


def test_a_library_may_stay_where_it_is(minis: Library, data_dir: Path) -> None:
    assert checked_path(minis.path, data_dir=data_dir, but=minis) == minis.path


def test_removing_a_library_touches_no_file(minis: Library) -> None:
    file = Path(minis.path) / "orcs/orc.stl"
    file.write_bytes(b"x")
    ModelFileFactory(model__library=minis)

    remove_libraries([minis.pk], now=timezone.now())

    assert not Library.objects.kept().exists()
    assert file.read_bytes() == b"x"
