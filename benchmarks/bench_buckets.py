"""Scanning a bucket of 20,000 objects on a real S3 server on this machine, beside its bare listing by boto3."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3

from benchmarks.bench_scan import scan_whole
from benchmarks.figures import Figure, seconds_of
from libraries.connecting import add_bucket_library
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from models3d.models import ModelFile
from tests.s3 import running_server, write

_OBJECTS = 20_000
_OBJECTS_A_FOLDER = 20
_WRITERS = 8


def run() -> Iterator[Figure]:
    """First and unchanged scan; the target is twice the listing."""
    with running_server() as server:
        bucket = server.bucket()
        _fill(bucket)
        floor = seconds_of(lambda: _list_all(bucket), repeat=3)
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


def _list_all(bucket: Bucket) -> None:
    """By boto3 as it comes."""
    client = boto3.client(
        "s3",
        endpoint_url=bucket.endpoint_url,
        region_name=bucket.signing_region,
        aws_access_key_id=bucket.access_key_id,
        aws_secret_access_key=bucket.secret_access_key,
    )
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket.name)
    assert sum(len(page["Contents"]) for page in pages) == _OBJECTS


def _fill(bucket: Bucket) -> None:
    client_of(bucket)
    keys = (f"model {n // _OBJECTS_A_FOLDER}/part {n}.stl" for n in range(_OBJECTS))
    with ThreadPoolExecutor(_WRITERS) as writers:
        for _ in writers.map(lambda key: write(bucket, **{key: b"solid"}), keys):
            pass
