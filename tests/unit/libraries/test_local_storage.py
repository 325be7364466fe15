"""Walking and opening files of a folder, whatever lies in it."""

import json
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from libraries.listing import FileSeen, Skipped
from libraries.paths import row_path
from libraries.storage.errors import (
    FileGone,
    NotARegularFile,
    RootMissing,
    RootNotAFolder,
    UnsafePath,
)
from libraries.storage.local import LocalStorage


def _write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(path.encode("utf-8", "surrogateescape"))


def _walk(root: Path, scope: str = "") -> tuple[set[str], dict[str, str]]:
    entries = list(LocalStorage(str(root)).iter_files(scope))
    seen = [entry.row_path for entry in entries if isinstance(entry, FileSeen)]
    assert len(seen) == len(set(seen))
    return set(seen), {entry.row_path: entry.reason for entry in entries if isinstance(entry, Skipped)}


def test_files_are_listed_with_size_and_time(tmp_path: Path) -> None:
    _write(tmp_path, "Dragon/dragon.stl")
    os.utime(tmp_path / "Dragon/dragon.stl", ns=(0, 1_234_567_890_123_456_789))

    assert list(LocalStorage(str(tmp_path)).iter_files()) == [
        FileSeen("Dragon/dragon.stl", 17, 1_234_567_890_123_456_789)
    ]


def test_a_scope_limits_the_walk(tmp_path: Path) -> None:
    _write(tmp_path, "a/1.stl", "a/b/2.stl", "c/3.stl")

    assert _walk(tmp_path, "a")[0] == {"a/1.stl", "a/b/2.stl"}


@pytest.mark.parametrize(
    "name",
    [
        "with space.stl",
        "new\nline.stl",
        "tab\tand\\backslash.stl",
        "Größe.stl",
        "e\u0301.stl",
        "\u00e9.stl",
        "ورشة.stl",
        "🐉.stl",
        "caf\udce9.stl",
        "a#b%c&d?.stl",
        "-rf.stl",
        "x" * 251 + ".stl",
    ],
)
def test_odd_names_are_listed_and_open(tmp_path: Path, name: str) -> None:
    _write(tmp_path, f"Folder/{name}")
    storage = LocalStorage(str(tmp_path))

    seen, skipped = _walk(tmp_path)

    assert seen == {row_path(f"Folder/{name}")}
    assert not skipped
    with storage.open(seen.pop()) as file:
        assert file.read() == f"Folder/{name}".encode("utf-8", "surrogateescape")


def test_links_are_skipped_with_the_reason(tmp_path: Path) -> None:
    root = tmp_path / "library"
    _write(root, "Dragon/dragon.stl")
    _write(tmp_path, "outside/secret.stl")
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "out.stl").symlink_to("/etc/passwd")
    (root / "same.stl").symlink_to("Dragon/dragon.stl")
    (root / "broken.stl").symlink_to("nowhere")
    (root / "self.stl").symlink_to("self.stl")

    seen, skipped = _walk(root)

    assert seen == {"Dragon/dragon.stl"}
    assert set(skipped) == {"loop", "out", "out.stl", "same.stl", "broken.stl", "self.stl"}
    assert "in this library" in skipped["loop"]
    assert "in this library" in skipped["same.stl"]
    assert "out of the library" in skipped["out"]
    assert "nowhere" in skipped["broken.stl"]
    assert "nowhere" in skipped["self.stl"]


def test_pipes_and_sockets_are_skipped_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.stl")
    with socket.socket(socket.AF_UNIX) as plug:
        here = Path.cwd()
        os.chdir(tmp_path)  # socket paths may have 107 bytes only
        try:
            plug.bind("socket.stl")
        finally:
            os.chdir(here)

    seen, skipped = _walk(tmp_path)

    assert not seen
    assert set(skipped) == {"pipe.stl", "socket.stl"}
    with pytest.raises(NotARegularFile):
        LocalStorage(str(tmp_path)).open("pipe.stl")


def test_two_hundred_folders_deep(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 200)
    _write(tmp_path, f"{deep}/end.stl")

    seen, _ = _walk(tmp_path)

    assert seen == {f"{deep}/end.stl"}
    assert LocalStorage(str(tmp_path)).stat(f"{deep}/end.stl").size_bytes == len(f"{deep}/end.stl")


def test_paths_beyond_what_the_system_opens_are_told_and_the_rest_is_listed(tmp_path: Path) -> None:
    _write(tmp_path, "near.stl")
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=here)
        below = os.open("x" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)

    seen, skipped = _walk(tmp_path)

    assert seen == {"near.stl"}
    (reason,) = skipped.values()
    assert "too long" in reason


def test_ten_thousand_files_in_one_folder(tmp_path: Path) -> None:
    for number in range(10_000):
        os.close(os.open(tmp_path / f"{number}.stl", os.O_CREAT | os.O_WRONLY))

    assert len(_walk(tmp_path)[0]) == 10_000


def test_a_folder_without_permission_is_told_and_the_rest_is_listed(open_folder: Path) -> None:
    _write(open_folder, "open/a.stl", "closed/b.stl")
    (open_folder / "open").chmod(0o755)
    (open_folder / "closed").chmod(0)

    entries = _walk_as_nobody(open_folder)

    assert sorted(entries) == [
        ["closed", "The folder cannot be listed: permission denied.", True, False],
        ["open/a.stl", 10, (open_folder / "open/a.stl").stat().st_mtime_ns, ""],
    ]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter: pytest's own are for their owner only."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _walk_as_nobody(root: Path) -> list[list[object]]:
    """Walk in a child process without the superuser's right to read everything."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.seteuid(65534)
        os.write(writer, json.dumps(list(LocalStorage(str(root)).iter_files())).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        entries: list[list[object]] = json.load(answer)
    os.waitpid(child, 0)
    return entries


def test_a_folder_that_vanishes_during_the_walk_is_passed_over(tmp_path: Path) -> None:
    _write(tmp_path, "a.stl", "b/b.stl", "c/c.stl")
    walk = LocalStorage(str(tmp_path)).iter_files()

    first = next(walk)
    for folder in ("b", "c"):
        (tmp_path / folder / f"{folder}.stl").unlink()
        (tmp_path / folder).rmdir()

    assert [first, *walk] == [first]


def test_a_root_that_is_gone_or_no_folder_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "file")

    with pytest.raises(RootMissing, match="Is its disk mounted"):
        LocalStorage(f"{tmp_path}/none").check_root()
    with pytest.raises(RootNotAFolder, match="is not a folder"):
        LocalStorage(f"{tmp_path}/file").check_root()


@pytest.mark.parametrize(
    "path", ["../secret.stl", "a/../../secret.stl", "/etc/passwd", "", "a//b", ".", "a\0b"]
)
def test_paths_that_could_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "library"
    _write(tmp_path, "secret.stl", "library/a/b")

    with pytest.raises(UnsafePath):
        LocalStorage(str(root)).open(path)


def test_a_link_put_in_place_of_a_folder_or_file_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "library"
    _write(tmp_path, "outside/secret.stl", "library/a.stl")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "file.stl").symlink_to(tmp_path / "outside/secret.stl")
    storage = LocalStorage(str(root))

    with pytest.raises((NotARegularFile, FileGone)):
        storage.open("folder/secret.stl")
    with pytest.raises(NotARegularFile), storage.local_path("file.stl"):
        pass


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match="is not there any more"):
        LocalStorage(str(tmp_path)).open("none.stl")


def test_a_range_gives_its_bytes_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 2000)
    storage = LocalStorage(str(tmp_path))

    middle = b"".join(storage.open_range("a.bin", start=256, length=300_000))
    end = b"".join(storage.open_range("a.bin", start=511_998, length=100))

    assert middle == (bytes(range(256)) * 2000)[256:300_256]
    assert end == b"\xfe\xff"


def test_local_path_is_readable_by_other_programs(tmp_path: Path) -> None:
    _write(tmp_path, "caf\udce9/a.stl")

    with LocalStorage(str(tmp_path)).local_path(row_path("caf\udce9/a.stl")) as path:
        assert Path(path).read_bytes() == b"caf\xe9/a.stl"
