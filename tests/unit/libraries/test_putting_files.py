"""Bringing files into a folder: whole, never over another, and with the hand off whatever is hidden in the way."""

import errno
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from libraries.paths import row_path
from libraries.storage import LibraryFull, LocalStorage, NotWritable, PathTaken, RootMissing, UnsafePath

CONTENT = b"solid new\nendsolid new\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    file = tmp_path / "staged"
    file.write_bytes(CONTENT)
    return file


def _failing(number: int) -> Callable[..., None]:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def _tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(params=["same disk", "another disk", "no hard links", "another disk without hard links"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each kind of disk that a library may be on, as the system calls tell of it."""
    link = os.link

    def link_within_folder(source: Any, name: str, **kwargs: Any) -> None:
        if kwargs["src_dir_fd"] is None:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        if request.param == "another disk":
            link(source, name, **kwargs)
        else:
            raise OSError(errno.EPERM, "Operation not permitted")

    if request.param == "no hard links":
        monkeypatch.setattr(os, "link", _failing(errno.EPERM))
    elif request.param != "same disk":
        monkeypatch.setattr(os, "link", link_within_folder)
    return str(request.param)


@pytest.mark.usefixtures("disk")
def test_a_file_comes_in_with_the_folders_it_needs(root: Path, staged: Path) -> None:
    LocalStorage(str(root)).put("Dragon/Größe/head.stl", staged)

    assert _tree(root) == {"Dragon/Größe/head.stl": CONTENT}
    assert not staged.exists()


@pytest.mark.usefixtures("disk")
def test_what_is_there_is_never_overwritten(root: Path, staged: Path) -> None:
    (root / "head.stl").write_bytes(b"mine")

    with pytest.raises(PathTaken, match=r"There is a file “head\.stl” already\."):
        LocalStorage(str(root)).put("head.stl", staged)

    assert _tree(root) == {"head.stl": b"mine"}
    assert staged.read_bytes() == CONTENT


@pytest.mark.usefixtures("disk")
def test_of_two_at_once_one_gets_the_name(root: Path, tmp_path: Path) -> None:
    sources = [tmp_path / str(number) for number in range(8)]
    for source in sources:
        source.write_bytes(source.name.encode())

    def put(source: Path) -> bool:
        try:
            LocalStorage(str(root)).put("a/head.stl", source)
        except PathTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        won = [source.name for source, is_in in zip(sources, threads.map(put, sources), strict=True) if is_in]

    assert _tree(root) == {"a/head.stl": won[0].encode()}
    assert len(won) == 1
    assert sorted(source.name for source in sources if source.exists()) == sorted(
        {source.name for source in sources} - set(won)
    )


@pytest.mark.parametrize(
    "path", ["../x.stl", "/x.stl", "a/../../x.stl", "a//x.stl", "", "a/", ".", "nul\0.stl"]
)
def test_paths_that_lead_elsewhere_are_refused(root: Path, staged: Path, path: str) -> None:
    with pytest.raises(UnsafePath):
        LocalStorage(str(root)).put(path, staged)

    assert staged.exists()


def test_links_on_the_way_are_not_followed(root: Path, staged: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / "file").write_bytes(b"mine")

    for path in ("link/head.stl", "file/head.stl"):
        with pytest.raises(PathTaken, match="is a file or a link"):
            LocalStorage(str(root)).put(path, staged)

    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert staged.exists()


def test_a_name_the_disk_refuses_is_told(root: Path, staged: Path) -> None:
    with pytest.raises(NotWritable, match="file name too long"):
        LocalStorage(str(root)).put("x" * 300 + ".stl", staged)


def test_names_that_are_no_text_come_in_as_they_are(root: Path, staged: Path) -> None:
    LocalStorage(str(root)).put(row_path("caf\udce9.stl"), staged)

    assert [os.fsencode(path.name) for path in root.iterdir()] == [b"caf\xe9.stl"]


def test_a_full_disk_leaves_nothing_behind(root: Path, staged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _failing(errno.EXDEV))
    monkeypatch.setattr("shutil.copyfileobj", _failing(errno.ENOSPC))

    with pytest.raises(LibraryFull, match=r"has no room for “head\.stl”"):
        LocalStorage(str(root)).put("head.stl", staged)

    assert _tree(root) == {}
    assert staged.exists()


def test_leftovers_of_a_crash_go_with_the_next_file_but_never_other_hidden_ones(
    root: Path, staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _failing(errno.EXDEV))
    old, young, hidden = (
        root / name for name in (".layershelf-1.part", ".layershelf-2.part", ".hidden.part")
    )
    for path in (old, young, hidden):
        path.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(old, (two_days_ago, two_days_ago))
    os.utime(hidden, (two_days_ago, two_days_ago))

    with pytest.raises(NotWritable):
        LocalStorage(str(root)).put("head.stl", staged)

    assert set(_tree(root)) == {".layershelf-2.part", ".hidden.part"}


def test_a_library_that_is_not_there_is_not_made_anew(root: Path, staged: Path) -> None:
    root.rmdir()

    with pytest.raises(RootMissing):
        LocalStorage(str(root)).put("head.stl", staged)
    with pytest.raises(RootMissing):
        LocalStorage(str(root)).free_bytes()

    assert not root.exists()
