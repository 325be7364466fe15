"""Hearing of changes in real folders, and telling file systems apart that say nothing."""

import ctypes
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from libraries.inotify import Listener, TooManyFolders
from libraries.listing import ignore_rules
from libraries.mounts import deaf_file_system


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def wake() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


class Ear:
    """A listener with one tree called "t"."""

    def __init__(self, listener: Listener, root: Path, wake: int, patterns: str = "") -> None:
        self.listener, self.wake = listener, wake
        listener.add("t", str(root), ignores=ignore_rules(patterns))

    def hears(self) -> bool:
        """Whether something changed since the last question."""
        heard = False
        while self.listener.changed(timeout_seconds=0.05, wake=self.wake)[0]:
            heard = True
        return heard


def test_files_written_renamed_and_removed_are_heard(
    tmp_path: Path, listener: Listener, wake: tuple[int, int]
) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    ear = Ear(listener, tmp_path, wake[0])
    file = tmp_path / "deep/er/orc.stl"

    assert not ear.hears()
    file.write_text("solid")
    assert ear.hears()
    file.rename(tmp_path / "orc.stl")
    assert ear.hears()
    (tmp_path / "orc.stl").unlink()
    assert ear.hears()
    assert not ear.hears()


def test_reading_is_not_heard(tmp_path: Path, listener: Listener, wake: tuple[int, int]) -> None:
    (tmp_path / "orc.stl").write_text("solid")
    ear = Ear(listener, tmp_path, wake[0])

    (tmp_path / "orc.stl").read_text()
    list(tmp_path.iterdir())

    assert not ear.hears()


def test_folders_that_come_later_are_listened_to_with_all_in_them(
    tmp_path: Path, listener: Listener, wake: tuple[int, int]
) -> None:
    ear = Ear(listener, tmp_path, wake[0])

    (tmp_path / "new/deep").mkdir(parents=True)
    assert ear.hears()
    (tmp_path / "new/deep/orc.stl").write_text("solid")
    assert ear.hears()
    assert listener.folder_count == 3


def test_a_moved_folder_is_listened_to_where_it_is_and_no_longer_where_it_was(
    tmp_path: Path, listener: Listener, wake: tuple[int, int]
) -> None:
    root = tmp_path / "root"
    (root / "a/in").mkdir(parents=True)
    ear = Ear(listener, root, wake[0])

    (root / "a").rename(root / "b")
    assert ear.hears()
    (root / "b/in/orc.stl").write_text("solid")
    assert ear.hears()
    (root / "b").rename(tmp_path / "outside")
    assert ear.hears()
    (tmp_path / "outside/in/elf.stl").write_text("solid")
    assert not ear.hears()
    assert listener.folder_count == 1


def test_links_are_not_followed(tmp_path: Path, listener: Listener, wake: tuple[int, int]) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    (root / "loop").symlink_to(root)
    ear = Ear(listener, root, wake[0])

    (outside / "orc.stl").write_text("solid")

    assert not ear.hears()
    assert listener.folder_count == 1


def test_ignored_files_and_folders_are_not_heard(
    tmp_path: Path, listener: Listener, wake: tuple[int, int]
) -> None:
    (tmp_path / "@eaDir").mkdir()
    (tmp_path / "old").mkdir()
    ear = Ear(listener, tmp_path, wake[0], "/old/\n*.tmp")

    for name in ("@eaDir/x.jpg", "old/x.stl", "x.tmp", "x.stl.part", ".hidden"):
        (tmp_path / name).write_text("x")
    assert not ear.hears()
    (tmp_path / "x.stl.part").rename(tmp_path / "x.stl")
    assert ear.hears()


def test_names_that_are_no_text_are_heard(tmp_path: Path, listener: Listener, wake: tuple[int, int]) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9\n"
    os.mkdir(folder)  # noqa: PTH102  # pathlib has no bytes
    ear = Ear(listener, tmp_path, wake[0])

    with open(folder + b"/\xff.stl", "w") as file:  # noqa: PTH123
        file.write("solid")

    assert ear.hears()


def test_a_root_that_goes_is_lost_and_can_be_added_again(
    tmp_path: Path, listener: Listener, wake: tuple[int, int]
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    Ear(listener, root, wake[0])

    root.rmdir()
    lost = listener.changed(timeout_seconds=1, wake=wake[0])[1]
    root.mkdir()
    ear = Ear(listener, root, wake[0])
    (root / "orc.stl").write_text("solid")

    assert lost == {"t"}
    assert ear.hears()


def test_a_root_that_is_not_there_is_refused(tmp_path: Path, listener: Listener) -> None:
    with pytest.raises(FileNotFoundError):
        listener.add("t", str(tmp_path / "none"), ignores=ignore_rules())

    assert listener.folder_count == 0


def test_more_folders_than_allowed_are_refused_as_a_whole(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (tmp_path / str(number)).mkdir()
    add = listener._add_watch

    def full(descriptor: int, path: bytes, mask: object) -> int:
        if listener.folder_count == 3:
            ctypes.set_errno(errno.ENOSPC)
            return -1
        return int(add(descriptor, path, mask))

    monkeypatch.setattr(listener, "_add_watch", full)

    with pytest.raises(TooManyFolders) as caught:
        listener.add("t", str(tmp_path), ignores=ignore_rules())

    assert listener.folder_count == 0
    assert caught.value.limit is None or caught.value.limit > 0


def test_a_word_in_the_pipe_ends_the_waiting(listener: Listener, wake: tuple[int, int]) -> None:
    os.write(wake[1], b"x")

    assert listener.changed(timeout_seconds=60, wake=wake[0]) == (set(), set())


MOUNTS = """\
25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 25 0:50 / /mnt/nas rw,relatime - nfs4 nas:/export rw
41 40 8:2 / /mnt/nas/disk rw - xfs /dev/sdb1 rw
42 25 0:51 / /media/Größe\\0402 rw - fuse.sshfs you@there:/ rw
43 25 8:3 / /media/usb rw - fuseblk /dev/sdc1 rw
44 25 0:52 / /srv rw - ext4 /dev/sdd1 rw
45 25 0:53 / /srv rw - cifs //nas/srv rw
nonsense
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/you/models", ""),
        ("/mnt/nas", "nfs4"),
        ("/mnt/nas/3d/minis", "nfs4"),
        ("/mnt/nasty", ""),
        ("/mnt/nas/disk/minis", ""),
        ("/media/usb/minis", ""),
        ("/srv/models", "cifs"),
        ("/media/Größe 2/x", "fuse.sshfs"),
    ],
)
def test_network_disks_are_known_by_their_mount(path: str, kind: str) -> None:
    assert deaf_file_system(path, mounts=MOUNTS) == kind


def test_a_folder_of_this_machine_is_no_network_disk(tmp_path: Path) -> None:
    assert deaf_file_system(str(tmp_path)) == ""
