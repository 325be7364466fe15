"""Files inside archives, reached through the storage of a library like any other."""

import fcntl
import hashlib
import os
import time
from pathlib import Path
from types import SimpleNamespace

import py7zr
import pytest
from pytest_django import Settings

from libraries.storage import (
    FileGone,
    LibraryStorage,
    MemberUnreadable,
    NoRoomToUnpack,
    TooLargeToUnpack,
    UnsafePath,
)
from libraries.storage.ahead import Ahead
from tests.places import BucketHome, FolderHome, Home
from tests.unit.libraries.archive_files import (
    archive_at,
    deflated,
    directory_of,
    local_record,
    raw_zip,
    tar_bytes,
    zip_bytes,
    zip_record,
)

CUBE = b"solid cube\nendsolid cube\n" * 400
MEMBER = "packs/March.zip//orc/cube.stl"


@pytest.fixture(params=["folder", "bucket"])
def home(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Home:
    """A place of either kind with an archive and a loose file."""
    settings.UNPACKING_DIR = tmp_path / "data" / "unpacking"
    made: Home = (
        FolderHome(tmp_path / "library")
        if request.param == "folder"
        else BucketHome(request.getfixturevalue("bucket"))
    )
    made.write("packs/March.zip", zip_bytes({"orc/cube.stl": CUBE}))
    made.write("loose.stl", CUBE)
    return made


@pytest.fixture
def storage(home: Home) -> LibraryStorage:
    return LibraryStorage(home.place)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> FolderHome:
    settings.UNPACKING_DIR = tmp_path / "unpacking"
    return FolderHome(tmp_path / "library")


def test_a_member_reads_like_a_loose_file(storage: LibraryStorage) -> None:
    for path in (MEMBER, "loose.stl"):
        assert storage.stat(path).size_bytes == len(CUBE)
        with storage.open(path) as file:
            assert file.read() == CUBE
        assert b"".join(storage.open_range(path, start=100, length=50)) == CUBE[100:150]
        assert b"".join(storage.open_range(path, start=len(CUBE) - 5, length=50)) == CUBE[-5:]
        assert storage.sha256(path) == hashlib.sha256(CUBE).hexdigest()
        with storage.local_path(path) as local:
            assert Path(local).read_bytes() == CUBE


def test_a_member_is_unpacked_in_the_data_folder_and_goes_afterwards(
    home: Home, storage: LibraryStorage, settings: Settings
) -> None:
    before = home.paths()

    with storage.local_path(MEMBER) as local:
        assert Path(local).parent == settings.UNPACKING_DIR
        assert home.paths() == before

    assert list(settings.UNPACKING_DIR.iterdir()) == []


def test_what_a_crash_left_unpacked_goes_with_the_next_file(
    storage: LibraryStorage, settings: Settings
) -> None:
    settings.UNPACKING_DIR.mkdir(parents=True)
    for name in ("left behind", "in use", "young"):
        (settings.UNPACKING_DIR / name).write_bytes(b"x")
        if name != "young":
            os.utime(settings.UNPACKING_DIR / name, (time.time() - 600,) * 2)

    with (settings.UNPACKING_DIR / "in use").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with storage.local_path(MEMBER):
            kept = {path.name for path in settings.UNPACKING_DIR.iterdir()}

    assert kept >= {"in use", "young"}
    assert "left behind" not in kept


def test_a_member_larger_than_the_limit_is_not_unpacked(storage: LibraryStorage, settings: Settings) -> None:
    settings.MAX_UNPACKED_BYTES = 1_000

    with pytest.raises(TooLargeToUnpack), storage.local_path(MEMBER):
        pass

    assert storage.sha256(MEMBER) == hashlib.sha256(CUBE).hexdigest()


def test_a_full_disk_is_told_before_anything_is_written(
    storage: LibraryStorage, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1_000))

    with pytest.raises(NoRoomToUnpack), storage.local_path(MEMBER):
        pass


def test_a_member_that_is_longer_than_announced_leaves_nothing_behind(
    home: Home, storage: LibraryStorage, settings: Settings
) -> None:
    packed = deflated(bytes(5 << 20))
    lying = zip_record(b"a.stl", size=100, packed=len(packed), method=8)
    home.write("lying.zip", raw_zip(lying, contents=local_record(b"a.stl", packed)))

    with pytest.raises(MemberUnreadable), storage.local_path("lying.zip//a.stl"):
        pass

    assert list(settings.UNPACKING_DIR.iterdir()) == []


def test_members_that_went_away_are_gone(home: Home, storage: LibraryStorage) -> None:
    assert storage.stat(MEMBER)
    home.write("packs/March.zip", zip_bytes({"other.stl": CUBE}))

    with pytest.raises(FileGone, match="not in"):
        storage.stat(MEMBER)
    with pytest.raises(FileGone):
        storage.open("packs/April.zip//a.stl").read()


def test_a_changed_archive_is_read_anew(home: Home, storage: LibraryStorage) -> None:
    assert storage.stat(MEMBER).size_bytes == len(CUBE)
    home.write("packs/March.zip", zip_bytes({"orc/cube.stl": b"new"}))

    assert storage.stat(MEMBER).size_bytes == 3


def test_an_archive_that_broke_says_so(home: Home, storage: LibraryStorage) -> None:
    home.write("packs/March.zip", b"PK\3\4 and nothing else")

    with pytest.raises(MemberUnreadable, match=r"March\.zip"):
        storage.stat(MEMBER)


def test_a_broken_member_is_told_before_the_first_byte_is_sent(home: Home, storage: LibraryStorage) -> None:
    raw = bytearray(zip_bytes({"orc/cube.stl": CUBE}))
    raw[60:70] = bytes(10)
    home.write("packs/March.zip", bytes(raw))

    with pytest.raises(MemberUnreadable):
        storage.open_range(MEMBER, start=0, length=10)


def test_members_of_tars_without_a_list_are_reached_too(home: Home, storage: LibraryStorage) -> None:
    home.write("bins.tar.gz", tar_bytes({"a.stl": b"first", "b.stl": CUBE}))

    assert b"".join(storage.open_range("bins.tar.gz//b.stl", start=2, length=10**6)) == CUBE[2:]


def test_members_of_solid_archives_are_unpacked_in_one_pass(folder: FolderHome, settings: Settings) -> None:
    storage = LibraryStorage(folder.place)
    members = {f"{number}.stl": CUBE + b"%d" % number for number in range(20)}
    pack = folder.root / "solid.tar.gz"
    pack.write_bytes(tar_bytes(members))
    storage.sha256("solid.tar.gz//3.stl")
    # Whoever opened it again would find it broken.
    times = (pack.stat().st_atime_ns, pack.stat().st_mtime_ns)
    pack.write_bytes(pack.read_bytes()[:10] + b"x" * (pack.stat().st_size - 10))
    os.utime(pack, ns=times)

    for number in range(3, 20):
        assert (
            storage.sha256(f"solid.tar.gz//{number}.stl")
            == hashlib.sha256(members[f"{number}.stl"]).hexdigest()
        )
        with storage.local_path(f"solid.tar.gz//{number}.stl") as local:
            assert Path(local).read_bytes() == members[f"{number}.stl"]

    assert list(settings.UNPACKING_DIR.iterdir()) == []
    with pytest.raises(MemberUnreadable):
        storage.sha256("solid.tar.gz//2.stl")


def test_sevenzips_are_unpacked_in_one_pass_as_well(folder: FolderHome, settings: Settings) -> None:
    storage = LibraryStorage(folder.place)
    members = {"a.stl": CUBE, "empty.stl": b"", "b.stl": CUBE * 2, "c.stl": CUBE * 3}
    with py7zr.SevenZipFile((folder.root / "solid.7z"), "w") as archive:
        for name, content in members.items():
            archive.writestr(content, name)

    for name, content in members.items():
        assert storage.sha256(f"solid.7z//{name}") == hashlib.sha256(content).hexdigest()
    for name, content in members.items():
        with storage.local_path(f"solid.7z//{name}") as local:
            assert Path(local).read_bytes() == content

    assert list(settings.UNPACKING_DIR.iterdir()) == []


def test_what_was_unpacked_ahead_makes_room_for_what_is_asked_for(tmp_path: Path, settings: Settings) -> None:
    settings.UNPACKING_DIR = tmp_path / "unpacking"
    pack = tmp_path / "solid.tar.gz"
    pack.write_bytes(tar_bytes({f"{number}.stl": bytes([number]) * 1_000 for number in range(10)}))
    archive, directory = archive_at(pack), directory_of(pack)
    ahead = Ahead(most_bytes=3_500)

    for number in (0, 5, 9, 1):
        entry = directory.entries[f"{number}.stl"]
        digest = ahead.sha256("key", archive, directory, entry, shown="solid")
        assert digest == hashlib.sha256(bytes([number]) * 1_000).hexdigest()
        assert len(list(settings.UNPACKING_DIR.iterdir())) <= 6

    ahead.clear()
    assert list(settings.UNPACKING_DIR.iterdir()) == []


@pytest.mark.parametrize("path", ["../library/packs/March.zip//orc/cube.stl", "/etc//passwd", "//packs"])
def test_no_path_leads_out_by_way_of_an_archive(storage: LibraryStorage, path: str) -> None:
    with pytest.raises(UnsafePath):
        storage.stat(path)


def test_a_stream_that_is_given_up_closes_its_archive(storage: LibraryStorage) -> None:
    descriptors = Path("/proc/self/fd")
    opened = len(list(descriptors.iterdir()))

    content = storage.open_range(MEMBER, start=0, length=10)
    next(content)
    del content

    assert len(list(descriptors.iterdir())) == opened
