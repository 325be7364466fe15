"""Tar, gzip, 7z and RAR files: honest, odd and hostile ones."""

import gzip
import io
import tarfile
from pathlib import Path

import py7zr
import pytest
import rarfile

from libraries.archives.directory import Bounds
from libraries.archives.errors import Damaged
from tests.unit.libraries.archive_files import archive_at, directory_of, rar_bytes, read, tar_bytes

CUBE = b"solid cube\nendsolid cube\n" * 40
MEMBERS = {"./parts/cube.stl": CUBE, "README.md": b"Print slowly."}


@pytest.mark.parametrize(
    ("name", "mode"),
    [("p.tar", "w:"), ("p.tar.gz", "w:gz"), ("p.tbz2", "w:bz2"), ("p.tar.xz", "w:xz"), ("p.zip", "w:gz")],
)
def test_tars_are_listed_and_read_however_they_are_packed_or_named(
    tmp_path: Path, name: str, mode: str
) -> None:
    pack = tmp_path / name
    pack.write_bytes(tar_bytes(MEMBERS, mode=mode))

    found = directory_of(pack)

    assert {path: entry.size_bytes for path, entry in found.entries.items()} == {
        "parts/cube.stl": len(CUBE),
        "README.md": 13,
    }
    assert found.entries["README.md"].mtime_ns == 1_700_000_000 * 10**9
    assert read(pack, "parts/cube.stl") == CUBE
    assert read(pack, "README.md", start=6) == b"slowly."


def test_a_packed_file_is_an_archive_of_one(tmp_path: Path) -> None:
    pack = tmp_path / "dragon.stl.gz"
    pack.write_bytes(gzip.compress(CUBE[:100]) + gzip.compress(CUBE[100:]))

    assert {path: entry.size_bytes for path, entry in directory_of(pack).entries.items()} == {
        "dragon.stl": len(CUBE)
    }
    assert read(pack, "dragon.stl") == CUBE


def test_links_devices_and_escaping_names_in_tars_are_left_out(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in [("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("dev", tarfile.CHRTYPE)]:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("../up.stl"))
        archive.addfile(tarfile.TarInfo("good.stl"))
    (tmp_path / "p.tar").write_bytes(out.getvalue())

    found = directory_of(tmp_path / "p.tar")

    assert list(found.entries) == ["good.stl"]
    assert [name for name, _ in found.left_out] == ["link", "hard", "dev", "../up.stl"]


def test_of_a_truncated_tar_the_first_files_are_kept(tmp_path: Path) -> None:
    pack = tmp_path / "p.tar"
    pack.write_bytes(tar_bytes({"a.stl": CUBE, "b.stl": CUBE * 100}, mode="w:")[:-20_000])

    found = directory_of(pack)

    assert found.error is not None
    assert found.error.code == "damaged"
    assert "a.stl" in found.entries


@pytest.mark.parametrize("kept", [4, 12, 60])
def test_a_truncated_packed_tar_says_so(tmp_path: Path, kept: int) -> None:
    (tmp_path / "p.tar.gz").write_bytes(tar_bytes(MEMBERS)[:kept])

    found = directory_of(tmp_path / "p.tar.gz")

    assert found.error is not None
    assert found.error.code == "damaged"


def test_a_packed_bomb_is_given_up_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "p.tar.gz").write_bytes(tar_bytes({"bomb.stl": bytes(8 << 20)}))

    found = directory_of(tmp_path / "p.tar.gz", bounds=Bounds(free_total_bytes=1 << 20))

    assert found.error is not None
    assert (found.error.code, len(found.entries)) == ("too_large", 0)


def test_a_header_that_announces_gigabytes_is_damage(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 5 << 30
    (tmp_path / "p.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))

    found = directory_of(tmp_path / "p.tar")

    assert found.error is not None
    assert found.error.code == "damaged"


def test_a_chain_of_headers_does_not_end_the_reader(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2
    link = info.tobuf(tarfile.GNU_FORMAT) + b"a\0".ljust(512, b"\0")
    (tmp_path / "p.tar").write_bytes(link * 5_000)

    found = directory_of(tmp_path / "p.tar")

    assert found.error is not None
    assert found.error.code == "damaged"


def test_sevenzips_are_listed_and_read(tmp_path: Path) -> None:
    pack = tmp_path / "p.7z"
    with py7zr.SevenZipFile(pack, "w") as archive:
        archive.writestr(b"Print slowly.", "README.md")
        archive.writestr(CUBE, "parts/cube.stl")

    found = directory_of(pack)

    assert {path: entry.size_bytes for path, entry in found.entries.items()} == {
        "parts/cube.stl": len(CUBE),
        "README.md": 13,
    }
    assert read(pack, "parts/cube.stl") == CUBE
    assert read(pack, "README.md", start=6) == b"slowly."


@pytest.mark.parametrize("is_list_locked", [False, True])
def test_a_locked_sevenzip_shows_nothing(tmp_path: Path, is_list_locked: bool) -> None:
    with py7zr.SevenZipFile(
        tmp_path / "p.7z", "w", password="x", header_encryption=is_list_locked
    ) as archive:
        archive.writestr(CUBE, "cube.stl")

    found = directory_of(tmp_path / "p.7z")

    assert not found.entries
    assert found.locked_count or (found.error is not None and found.error.code == "encrypted")


def test_a_sevenzip_may_not_take_all_memory(tmp_path: Path) -> None:
    pack = tmp_path / "p.7z"
    with py7zr.SevenZipFile(
        pack, "w", filters=[{"id": py7zr.FILTER_LZMA2, "dict_size": 1536 << 20, "preset": 0}]
    ) as archive:
        archive.writestr(CUBE, "cube.stl")

    with pytest.raises(Damaged):
        read(pack, "cube.stl")


def test_rars_of_stored_files_are_read_without_any_program(tmp_path: Path) -> None:
    (tmp_path / "p.rar").write_bytes(rar_bytes({"parts/cube.stl": CUBE, "README.md": b"Print slowly."}))

    assert set(directory_of(tmp_path / "p.rar").entries) == {"parts/cube.stl", "README.md"}
    assert read(tmp_path / "p.rar", "parts/cube.stl") == CUBE


def test_packed_rars_need_a_program_and_say_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.rar").write_bytes(rar_bytes({"cube.stl": CUBE}, is_packed=True))
    monkeypatch.setenv("PATH", str(tmp_path))

    found = directory_of(tmp_path / "p.rar")

    assert found.error is not None
    assert found.error.code == "no_reader"
    assert "unrar" in str(found.error)
    assert not found.entries


@pytest.mark.parametrize("name", ["p.7z", "p.rar"])
def test_rubbish_behind_the_right_first_bytes_is_damage(tmp_path: Path, name: str) -> None:
    magic = b"7z\xbc\xaf\x27\x1c\0\x04" if name == "p.7z" else b"Rar!\x1a\x07\x01\0"
    (tmp_path / name).write_bytes(magic + b"rubbish" * 100)

    found = directory_of(tmp_path / name)

    assert found.error is not None
    assert found.error.code == "damaged"


@pytest.mark.parametrize(
    ("name", "code"), [("p.7z", "damaged"), ("p.zip", "damaged"), ("p.tar.zst", "no_reader")]
)
def test_what_is_no_archive_says_so(tmp_path: Path, name: str, code: str) -> None:
    content = b"\x28\xb5\x2f\xfd" + b"x" * 100 if name.endswith("zst") else b"not an archive"
    (tmp_path / name).write_bytes(content)

    found = directory_of(tmp_path / name)

    assert found.error is not None
    assert found.error.code == code


def test_a_member_that_went_away_is_told(tmp_path: Path) -> None:
    pack = tmp_path / "p.tar"
    pack.write_bytes(tar_bytes(MEMBERS, mode="w:"))
    entry = archive_at(pack).directory(tick=lambda: None).entries["README.md"]
    pack.write_bytes(tar_bytes(MEMBERS, mode="w:")[: entry.place + 3])

    with pytest.raises(Damaged, match="shorter"):
        b"".join(archive_at(pack).iter_member(entry))


def test_the_reader_of_rars_knows_the_format_written_here(tmp_path: Path) -> None:
    (tmp_path / "p.rar").write_bytes(rar_bytes({"cube.stl": CUBE}))

    with rarfile.RarFile(tmp_path / "p.rar") as archive:
        assert archive.read("cube.stl") == CUBE
