"""The data folder: its paths, its version, its key."""

import os
from pathlib import Path

import pytest

from config.runtime.errors import DiskFull, FolderNotUsable, FolderTooNew, folder_error
from config.runtime.folder import DATA_VERSION, LONGEST_SOCKET_PATH, THROW_AWAY_KEY, DataFolder


def test_sockets_lie_in_the_folder_when_its_path_is_short() -> None:
    folder = DataFolder(Path("/srv/shelf"))

    assert folder.socket_dir == Path("/srv/shelf/run")


@pytest.mark.parametrize("name", ["x" * 120, "with space", "ödd", "a,b", "what?", "50%41"])
def test_sockets_of_a_long_or_odd_path_lie_in_a_short_plain_folder(name: str) -> None:
    folder = DataFolder(Path("/srv") / name)

    assert folder.socket_dir.parent in (Path("/tmp"), Path("/run"))
    assert len(os.fsencode(folder.socket_dir / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH


def test_two_long_folders_have_different_sockets() -> None:
    one = DataFolder(Path("/srv") / ("x" * 120))
    other = DataFolder(Path("/srv") / ("x" * 121))

    assert one.socket_dir != other.socket_dir


def test_preparing_makes_a_private_folder_and_may_be_repeated(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "new" / "data")

    folder.prepare()
    folder.prepare()

    assert folder.root.stat().st_mode & 0o777 == 0o700
    assert (folder.root / "VERSION").read_text() == f"{DATA_VERSION}\n"


def test_a_folder_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "VERSION").write_text(f"{DATA_VERSION + 1}\n")

    with pytest.raises(FolderTooNew, match="newer Layershelf"):
        DataFolder(tmp_path).prepare()


def test_a_version_that_is_no_number_is_refused(tmp_path: Path) -> None:
    (tmp_path / "VERSION").write_text("hello")

    with pytest.raises(FolderNotUsable, match="hello"):
        DataFolder(tmp_path).prepare()


def test_a_folder_below_a_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(FolderNotUsable, match="--data"):
        DataFolder(tmp_path / "file" / "data").prepare()


def test_no_space_left_is_told_as_a_full_disk(tmp_path: Path) -> None:
    problem = folder_error(OSError(28, "No space left on device"), tmp_path)

    assert isinstance(problem, DiskFull)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)

    key = folder.secret_key()

    assert key not in ("", THROW_AWAY_KEY)
    assert folder.secret_key() == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_without_a_folder_there_is_only_the_throw_away_key(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "none")

    assert folder.secret_key() == THROW_AWAY_KEY
    assert not folder.root.exists()
