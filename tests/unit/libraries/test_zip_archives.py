"""ZIP files: honest, odd and hostile ones."""

import stat
import zipfile
import zlib
from pathlib import Path

import pytest

from libraries.archives.directory import Bounds
from libraries.archives.errors import Damaged
from libraries.paths import display_path
from tests.unit.libraries.archive_files import (
    deflated,
    directory_of,
    local_record,
    raw_zip,
    read,
    zip_bytes,
    zip_record,
)

CUBE = b"solid cube\nendsolid cube\n" * 40


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return tmp_path / "pack.zip"


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_listed_and_read_however_they_are_packed(pack: Path, packing: int) -> None:
    info = zipfile.ZipInfo("parts/cube.stl", (2024, 5, 6, 7, 8, 10))
    info.compress_type = packing
    members: dict[str | zipfile.ZipInfo, bytes] = {"parts/": b"", info: CUBE, "empty.txt": b""}
    pack.write_bytes(zip_bytes(members))

    found = directory_of(pack)

    assert set(found.entries) == {"parts/cube.stl", "empty.txt"}
    cube = found.entries["parts/cube.stl"]
    assert (cube.size_bytes, cube.checksum) == (len(CUBE), f"{zlib.crc32(CUBE):08x}")
    assert cube.mtime_ns == 1_714_979_290 * 10**9
    assert read(pack, "parts/cube.stl") == CUBE
    assert read(pack, "parts/cube.stl", start=500) == CUBE[500:]
    assert read(pack, "empty.txt") == b""


def test_large_members_come_in_chunks_that_fit_together(pack: Path) -> None:
    content = bytes(range(256)) * 8_000
    pack.write_bytes(zip_bytes({"large.bin": content}))

    assert read(pack, "large.bin") == content
    assert read(pack, "large.bin", start=1_999_999) == content[1_999_999:]


def test_an_archive_behind_something_else_is_read(pack: Path) -> None:
    pack.write_bytes(b"#!/bin/sh a program that unpacks itself\n" * 100 + zip_bytes({"a.stl": CUBE}))

    assert read(pack, "a.stl") == CUBE


def test_names_are_decoded_by_flag_by_utf8_and_by_the_code_page_of_dos(pack: Path) -> None:
    names = [b"cube_\x81.stl", "größe.stl".encode(), b"bad\xff.stl", b"folder\\part.stl"]
    records = [zip_record(name) for name in names[:2]] + [
        zip_record(names[2], flags=0x800),
        zip_record(names[3], system=0),
    ]
    pack.write_bytes(raw_zip(*records))

    shown = {display_path(path) for path in directory_of(pack).entries}

    assert shown == {"cube_ü.stl", "größe.stl", "bad\\xff.stl", "folder/part.stl"}


@pytest.mark.parametrize(
    "name",
    [
        "../evil.stl",
        "a/../../evil.stl",
        "/etc/passwd",
        "..\\..\\evil.stl",
        "C:\\evil.stl",
        "\\\\server\\evil.stl",
    ],
)
def test_names_that_lead_out_of_the_archive_are_left_out(pack: Path, name: str) -> None:
    pack.write_bytes(raw_zip(zip_record(name.encode(), flags=0x800), zip_record(b"good.stl")))

    found = directory_of(pack)

    assert list(found.entries) == ["good.stl"]
    assert found.left_out == [(name, "Its name leads out of the archive.")]


def test_links_devices_long_names_and_unknown_methods_are_left_out_with_a_reason(pack: Path) -> None:
    pack.write_bytes(
        raw_zip(
            zip_record(b"link", mode=stat.S_IFLNK | 0o777),
            zip_record(b"device", mode=stat.S_IFCHR),
            zip_record(b"x" * 300),
            zip_record(b"imploded.stl", method=6),
            zip_record(b"zero\0byte.stl"),
        )
    )

    found = directory_of(pack)

    assert not found.entries
    assert [reason.split(":")[0].split(" (")[0] for _, reason in found.left_out] == [
        "A link; links are not followed.",
        "Neither a file nor a folder, but a device, pipe or socket.",
        "Its name is 300 bytes long; the limit is 255.",
        "It is packed by a method",
        "Its name holds a zero byte.",
    ]


def test_of_two_members_with_one_path_the_last_counts(pack: Path) -> None:
    pack.write_bytes(zip_bytes({"a.stl": b"first", "./a.stl": b"second"}))

    found = directory_of(pack)

    assert len(found.entries) == 1
    assert found.left_out_count == 1
    assert read(pack, "a.stl") == b"second"


def test_names_that_differ_by_case_are_different_files(pack: Path) -> None:
    pack.write_bytes(zip_bytes({"a.stl": b"1", "A.STL": b"2"}))

    assert set(directory_of(pack).entries) == {"a.stl", "A.STL"}


def test_members_behind_a_password_are_counted_and_left_out(pack: Path) -> None:
    pack.write_bytes(raw_zip(zip_record(b"secret.stl", flags=1), zip_record(b"open.stl")))

    found = directory_of(pack)

    assert (found.locked_count, list(found.entries)) == (1, ["open.stl"])


def test_archives_inside_are_files_and_not_entered(pack: Path) -> None:
    pack.write_bytes(zip_bytes({"inner.zip": zip_bytes({"a.stl": CUBE})}))

    assert list(directory_of(pack).entries) == ["inner.zip"]


def test_a_bomb_is_left_out(pack: Path) -> None:
    pack.write_bytes(zip_bytes({"bomb.stl": bytes(20 << 20), "good.stl": CUBE}))

    found = directory_of(pack)

    assert list(found.entries) == ["good.stl"]
    assert "Archives that do harm" in found.left_out[0][1]


def test_an_archive_of_many_small_bombs_is_not_looked_into(pack: Path) -> None:
    pack.write_bytes(zip_bytes({f"{number}.stl": bytes(1 << 20) for number in range(20)}))

    found = directory_of(pack, bounds=Bounds(free_total_bytes=10 << 20))

    assert found.error is not None
    assert (found.error.code, len(found.entries)) == ("too_large", 0)


def test_members_that_share_their_bytes_are_a_bomb(pack: Path) -> None:
    packed = deflated(bytes(100_000))
    record = zip_record(b"a", size=100_000, packed=len(packed), method=8)
    pack.write_bytes(raw_zip(*[record] * 200, contents=local_record(b"a", packed)))

    found = directory_of(pack)

    assert found.error is not None
    assert found.error.code == "too_large"
    assert "overlap" in str(found.error)


def test_too_many_members_are_told_with_the_figure(pack: Path) -> None:
    pack.write_bytes(raw_zip(*[zip_record(b"%d" % number) for number in range(11)]))

    found = directory_of(pack, bounds=Bounds(max_members=10))

    assert "11 files" in str(found.error)


def test_a_count_that_lies_is_not_believed(pack: Path) -> None:
    pack.write_bytes(raw_zip(*[zip_record(b"%d" % number) for number in range(11)], count=1))

    found = directory_of(pack, bounds=Bounds(max_members=10))

    assert found.error is not None
    assert found.error.code == "too_large"


def test_a_hundred_thousand_members_are_listed(pack: Path) -> None:
    pack.write_bytes(
        raw_zip(*[zip_record(b"folder/%d.stl" % number) for number in range(100_000)], count=0xFFFF)
    )

    found = directory_of(pack)

    assert found.error is None
    assert len(found.entries) == 100_000


@pytest.mark.parametrize(
    ("announced", "reason"), [(10, "longer"), (100_000, "shorter"), (len(CUBE), "checksum")]
)
def test_a_member_that_is_not_as_announced_is_refused(pack: Path, announced: int, reason: str) -> None:
    packed = deflated(CUBE)
    record = zip_record(b"a.stl", size=announced, packed=len(packed), method=8, checksum=1)
    pack.write_bytes(raw_zip(record, contents=local_record(b"a.stl", packed)))

    with pytest.raises(Damaged, match=reason):
        read(pack, "a.stl")


def test_damaged_data_is_refused(pack: Path) -> None:
    raw = bytearray(zip_bytes({"a.stl": CUBE * 100}))
    raw[40:60] = bytes(20)
    pack.write_bytes(raw)

    with pytest.raises(Damaged):
        read(pack, "a.stl")


@pytest.mark.parametrize("kept", [0, 3, 30, 150])
def test_a_truncated_archive_says_so(pack: Path, kept: int) -> None:
    pack.write_bytes(zip_bytes({"a.stl": CUBE, "b.stl": CUBE})[:kept])

    found = directory_of(pack)

    assert found.error is not None
    assert found.error.code == "damaged"
    assert not found.entries


def test_a_list_that_is_not_where_it_should_be_is_damage(pack: Path) -> None:
    raw = zip_bytes({"a.stl": CUBE})
    at = raw.rfind(b"PK\5\6")
    pack.write_bytes(raw[: at + 16] + b"\xf0\xff\xff\x7f" + raw[at + 20 :])

    found = directory_of(pack)

    assert found.error is not None
    assert found.error.code == "damaged"


def test_large_archives_by_their_own_records(pack: Path) -> None:
    info = zipfile.ZipInfo("a.stl")
    with zipfile.ZipFile(pack, "w") as archive, archive.open(info, "w", force_zip64=True) as member:
        member.write(CUBE)

    assert read(pack, "a.stl") == CUBE
