"""Scanning a bucket of 20,000 objects on a real S3 server on this machine, beside its bare listing by boto3."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from benchmarks.bench_scan import scan_whole
from benchmarks.figures import Figure, seconds_of
from libraries.connecting import add_bucket_library
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from models3d.models import ModelFile
from tests.s3 import keys_of, running_server, write

_OBJECTS = 20_000
_OBJECTS_A_FOLDER = 20
_WRITERS = 8


def run() -> Iterator[Figure]:
    """First and unchanged scan; the target is twice the listing."""
    with running_server() as server:
        bucket = server.bucket()
        _fill(bucket)
        floor = seconds_of(lambda: keys_of(bucket), repeat=3)
        library = add_bucket_library(bucket, name="bucket")
        first = seconds_of(lambda: scan_whole(library))
        assert ModelFile.objects.filter(library=library).count() == _OBJECTS
        unchanged = seconds_of(lambda: scan_whole(library), repeat=3)
        library.delete()
    for name, value in (("first", first), ("unchanged", unchanged)):
        yield Figure(
            f"{name} scan of {_OBJECTS:,} objects in a bucket",
            value,
            "s",
            2 * floor,
            floor,
            "listing by boto3",
        )


def _fill(bucket: Bucket) -> None:
    client_of(bucket)
    keys = (f"model {n // _OBJECTS_A_FOLDER}/part {n}.stl" for n in range(_OBJECTS))
    with ThreadPoolExecutor(_WRITERS) as writers:
        for _ in writers.map(lambda key: write(bucket, **{key: b"solid"}), keys):
            pass
