"""What is particular to buckets: keys that are no paths, pages of listings, reading by ranges, signed addresses."""

import hashlib
import io
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pytest_django import Settings

from libraries.listing import FileSeen, Skipped, ignore_rules
from libraries.paths import row_path
from libraries.storage import (
    BucketStorage,
    FileGone,
    FileUnreadable,
    NotWritable,
    PathTaken,
    TooLargeToUnpack,
    UnsafePath,
)
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from libraries.storage.s3.keys import files_of
from libraries.storage.s3.listing import Listed
from libraries.storage.s3.reading import ObjectReader, RangedFile
from libraries.storage.s3.signing import signed_url
from tests.s3 import S3Server, keys_of, write

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def _storage(bucket: Bucket) -> BucketStorage:
    return BucketStorage(lambda: bucket)


def _seen(bucket: Bucket, scope: str = "", *, patterns: str = "") -> set[str]:
    entries = _storage(bucket).iter_files(scope, ignores=ignore_rules(patterns))
    return {entry.row_path for entry in entries if isinstance(entry, FileSeen)}


@pytest.mark.parametrize(
    "key",
    [
        "with space.stl",
        "new\nline.stl",
        "tab\there.stl",
        "Größe/e\u0301.stl",
        "ورشة/🐉.stl",
        "a#b%c&d?e=f+g.stl",
        "(a)[b]{c}'!*~;,:@$.stl",
        "percent%2Fnot%20decoded.stl",
        "\x01.stl",
        "\U0010ff85.stl",
        "x" * 200 + "/" + "y" * 200 + "/" + "z" * 200 + ".stl",
    ],
)
def test_odd_keys_are_listed_open_and_downloadable(bucket: Bucket, key: str) -> None:
    write(bucket, **{f"Folder/{key}": key.encode()})
    storage = _storage(bucket)

    (path,) = _seen(bucket)

    assert path == row_path(f"Folder/{key}")
    with storage.open(path) as file:
        assert file.read() == key.encode()
    url = storage.download_url(
        path, now=datetime.now(UTC), seconds=60, name="ä.stl", content_type="model/stl"
    )
    assert url
    with urlopen(url) as answer:
        assert answer.read() == key.encode()


def _told(*keys: str) -> dict[str, str]:
    objects = iter([Listed(key, 5, 0, "e") for key in keys])
    found = files_of(objects, below=0, ignores=ignore_rules())
    return {entry.row_path: entry.reason for entry in found if isinstance(entry, Skipped)}


def test_keys_that_cannot_be_paths_are_skipped_with_the_reason() -> None:
    told = _told("a//b.stl", "/lead.stl", "../up.stl", "a/./b.stl", "ends/", "nul\0.stl", "fine.stl")

    assert len(told) == 6
    assert "empty folder name" in told["a//b.stl"]
    assert "empty folder name" in told["/lead.stl"]
    assert "“..”" in told["../up.stl"]
    assert "“.”" in told["a/./b.stl"]
    assert "ends with “/”" in told["ends/"]
    assert "zero byte" in told["nul␀.stl"]


def test_keys_of_a_thousand_bytes_are_paths() -> None:
    assert _told("é/" * 340 + "a.st") == {}


def test_markers_of_folders_are_no_files(bucket: Bucket) -> None:
    write(bucket, **{"empty/": b"", "orcs/": b"", "orcs/orc.stl": b"x"})

    assert list(_storage(bucket).iter_files()) == [
        FileSeen("orcs/orc.stl", 1, *_time_and_etag(bucket, "orcs/orc.stl"))
    ]


def _time_and_etag(bucket: Bucket, path: str) -> tuple[int, str]:
    found = _storage(bucket).stat(path)
    return found.mtime_ns, found.etag


def test_a_folder_that_a_rule_leaves_out_is_told_once_with_all_below() -> None:
    keys = [
        ".git/a",
        ".git/b/c",
        "a/.git/x",
        "a/b.stl",
        "a/old/1",
        "a/old/2",
        "b/a/old.stl",
        "b/x.bak",
        "c.stl",
    ]
    objects = iter([Listed(key, 5, 0, "e") for key in keys])

    found = list(files_of(objects, below=0, ignores=ignore_rules("*.bak\n/a/old/")))

    assert [entry.row_path for entry in found if isinstance(entry, Skipped)] == [
        ".git/",
        "a/.git/",
        "a/old/",
        "b/x.bak",
    ]
    assert [entry.row_path for entry in found if isinstance(entry, FileSeen)] == [
        "a/b.stl",
        "b/a/old.stl",
        "c.stl",
    ]


def test_a_prefix_is_the_root_and_a_scope_a_folder_below_it(s3_server: S3Server) -> None:
    whole = s3_server.bucket()
    write(whole, **{"prints/a/1.stl": b"1", "prints/ab/2.stl": b"2", "printshop/3.stl": b"3", "4.stl": b"4"})
    bucket = replace(whole, prefix="prints/")

    assert _seen(bucket) == {"a/1.stl", "ab/2.stl"}
    assert _seen(bucket, "a") == {"a/1.stl"}
    assert _seen(bucket, "a", patterns="/a/") == set()
    with _storage(bucket).open("a/1.stl") as file:
        assert file.read() == b"1"
    with pytest.raises(UnsafePath):
        _storage(bucket).iter_files("../printshop")


def test_listings_of_several_pages_are_whole(bucket: Bucket) -> None:
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda n: write(bucket, **{f"{n % 7}/{n}.stl": b""}), range(1_205)))

    assert len(_seen(bucket)) == 1_205


def test_reading_here_and_there_gives_the_right_bytes(bucket: Bucket) -> None:
    content = random.Random(1).randbytes(3_000_000)
    write(bucket, big=content)
    places = random.Random(2)

    with _storage(bucket).open("big") as file:
        for _ in range(20):
            start, length = places.randrange(len(content)), places.randrange(1, 200_000)
            file.seek(start)
            assert file.read(length) == content[start : start + length]
        file.seek(-10, io.SEEK_END)
        assert file.read() == content[-10:]
        file.seek(0)
        assert file.read() == content


def test_only_what_is_read_is_fetched(bucket: Bucket) -> None:
    write(bucket, big=bytes(5_000_000))
    fetched = 0

    class Counting(ObjectReader):
        def get(self, key: str, **wanted: Any) -> Any:
            nonlocal fetched
            fetched += wanted["length"]
            return super().get(key, **wanted)

    file = RangedFile(Counting(bucket), "big", _storage(bucket).stat("big"), shown="big")
    for place in (0, 4_999_000, 2_000_000):
        file.seek(place)
        assert len(file.read(100)) == 100

    assert fetched < 200_000


def test_a_range_behind_the_end_is_empty(bucket: Bucket) -> None:
    write(bucket, small=b"12345")
    storage = _storage(bucket)

    assert b"".join(storage.open_range("small", start=3, length=100)) == b"45"
    assert b"".join(storage.open_range("small", start=9, length=100)) == b""
    assert b"".join(storage.open_range("small", start=0, length=0)) == b""


def test_an_object_that_is_replaced_while_it_is_read_is_noticed(bucket: Bucket) -> None:
    write(bucket, file=b"a" * 300_000)

    with _storage(bucket).open("file") as file:
        assert file.read(10) == b"a" * 10
        write(bucket, file=b"b" * 300_000)
        with pytest.raises(FileUnreadable, match="was replaced while it was read"):
            file.read()


def test_a_hash_is_made_of_the_stream(bucket: Bucket, tmp_path: Path, settings: Settings) -> None:
    settings.UNPACKING_DIR = tmp_path / "none"
    content = random.Random(3).randbytes(1_000_000)
    write(bucket, file=content)

    assert _storage(bucket).sha256("file") == hashlib.sha256(content).hexdigest()
    assert not settings.UNPACKING_DIR.exists()


def test_what_is_too_large_for_the_space_is_not_fetched(
    bucket: Bucket, tmp_path: Path, settings: Settings
) -> None:
    settings.UNPACKING_DIR = tmp_path / "unpacking"
    settings.MAX_FETCHED_BYTES = 1_000
    write(bucket, **{"big.stl": bytes(1_001)})

    with (
        pytest.raises(TooLargeToUnpack, match="lies in a bucket; up to"),
        _storage(bucket).local_path("big.stl"),
    ):
        pass


def test_what_is_fetched_goes_afterwards(bucket: Bucket, tmp_path: Path, settings: Settings) -> None:
    settings.UNPACKING_DIR = tmp_path / "unpacking"
    write(bucket, **{"a.stl": b"content"})

    with _storage(bucket).local_path("a.stl") as local:
        assert Path(local).read_bytes() == b"content"

    assert list(settings.UNPACKING_DIR.iterdir()) == []


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "", "a//b", "a/", ".", "nul\0"])
def test_paths_that_could_mean_another_object_are_refused(bucket: Bucket, path: str) -> None:
    with pytest.raises(UnsafePath):
        _storage(bucket).open(path)
    with pytest.raises(UnsafePath):
        _storage(bucket).put(path, Path("/nothing"))


def test_a_file_that_is_gone_is_named(bucket: Bucket) -> None:
    storage = _storage(bucket)

    with pytest.raises(FileGone, match=r"“none\.stl” is not there any more"):
        storage.stat("none.stl")
    with pytest.raises(FileGone):
        storage.open_range("none.stl", start=0, length=1)


def test_a_file_comes_into_a_bucket_and_never_over_another(bucket: Bucket, tmp_path: Path) -> None:
    storage, source = _storage(bucket), tmp_path / "staged"
    source.write_bytes(b"first")

    storage.put("Größe/a b.stl", source)
    assert not source.exists()
    source.write_bytes(b"second")
    with pytest.raises(PathTaken):
        storage.put("Größe/a b.stl", source)

    assert source.exists()
    assert keys_of(bucket) == {"Größe/a b.stl"}
    with storage.open("Größe/a b.stl") as file:
        assert file.read() == b"first"


def test_of_two_that_are_put_at_once_one_gets_the_name(bucket: Bucket, tmp_path: Path) -> None:
    storage = _storage(bucket)
    sources = [tmp_path / str(number) for number in range(6)]
    for source in sources:
        source.write_bytes(source.name.encode())

    def put(source: Path) -> bool:
        try:
            storage.put("a.stl", source)
        except PathTaken:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        won = [source.name for source, is_in in zip(sources, threads.map(put, sources), strict=True) if is_in]

    assert len(won) == 1
    with storage.open("a.stl") as file:
        assert file.read() == won[0].encode()


def test_keys_that_may_not_write_are_told(bucket: Bucket, tmp_path: Path) -> None:
    source = tmp_path / "staged"
    source.write_bytes(b"x")
    stranger = replace(bucket, access_key_id="stranger", secret_access_key="stranger-secret")

    with pytest.raises(NotWritable, match="may not write"):
        _storage(stranger).put("a.stl", source)

    assert source.exists()


def test_downloads_come_by_signed_addresses_that_end(bucket: Bucket) -> None:
    write(bucket, **{"a b.stl": b"0123456789"})
    storage = _storage(bucket)

    def url_at(now: datetime) -> str:
        url = storage.download_url("a b.stl", now=now, seconds=60, name="Größe.stl", content_type="model/stl")
        assert url
        return url

    url = url_at(datetime.now(UTC))
    with urlopen(Request(url, headers={"Range": "bytes=2-4"})) as answer:
        assert (answer.status, answer.read()) == (206, b"234")
        assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.stl"
        assert answer.headers["Content-Type"] == "model/stl"

    for refused in (
        url_at(NOW),
        url.replace("a%20b.stl", "a%20c.stl"),
        url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"),
    ):
        with pytest.raises(HTTPError, match="403"):
            urlopen(refused)


@pytest.mark.parametrize("region", ["", "eu-central-1"])
@pytest.mark.parametrize("uses_path_style", [True, False])
@pytest.mark.parametrize(
    "endpoint_url", ["", "https://nas.lan:9000", "https://nas.lan:443", "http://nas.lan/"]
)
def test_signatures_are_those_of_botocore(
    region: str, uses_path_style: bool, endpoint_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket(
        name="minis",
        region=region,
        uses_path_style=uses_path_style,
        endpoint_url=endpoint_url,
        access_key_id="AKIAEXAMPLE",
        secret_access_key="a/secret+of=letters",
    )
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW.replace(tzinfo=None))
    key, disposition = "Größe/a b+c~(1).stl", "attachment; filename*=utf-8''a%20b.stl"

    theirs = client_of(bucket).generate_presigned_url(
        "get_object",
        Params={"Bucket": "minis", "Key": key, "ResponseContentDisposition": disposition},
        ExpiresIn=900,
    )
    ours = signed_url(bucket, key, now=NOW, seconds=900, query={"response-content-disposition": disposition})

    assert _signature(ours) == _signature(theirs)


def _signature(url: str) -> str:
    return url.rpartition("X-Amz-Signature=")[2].partition("&")[0]
