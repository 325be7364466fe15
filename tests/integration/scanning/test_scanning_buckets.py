"""Scans of buckets go the same way as those of folders: what is found, what moved, and what had better not be believed."""

from dataclasses import replace
from typing import Any

import pytest

from libraries.connecting import add_bucket_library
from libraries.models import Library
from libraries.storage import storage_for
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from libraries.storage.s3.credentials import sealed
from models3d.models import Model3D, ModelFile
from scanning.models import Scan
from scanning.runner import request_scan, run_scan
from tests.integration.scanning.shelf import counts
from tests.s3 import delete, write
from tests.unit.libraries.archive_files import zip_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def library(bucket: Bucket) -> Library:
    return add_bucket_library(bucket, name="Minis")


@pytest.fixture
def full(bucket: Bucket, library: Library) -> Library:
    """A library of twelve scanned objects."""
    write(bucket, **{f"Dragon {n}/dragon.stl": b"solid %d" % n for n in range(12)})
    assert _scan(library).state == Scan.State.DONE
    return library


def _scan(library: Library, is_confirmed: bool = False) -> Scan:
    library.refresh_from_db()
    scan = request_scan(library, is_confirmed=is_confirmed)
    assert run_scan(scan.pk)
    scan.refresh_from_db()
    return scan


def _move(bucket: Bucket, old: str, new: str) -> None:
    client_of(bucket).copy_object(Bucket=bucket.name, Key=new, CopySource={"Bucket": bucket.name, "Key": old})
    delete(bucket, old)


def test_objects_become_files_and_models_and_unchanged_ones_stay(full: Library) -> None:
    file = ModelFile.objects.get(relative_path="Dragon 3/dragon.stl")

    again = _scan(full)

    assert (Model3D.objects.count(), file.size_bytes, len(file.etag)) == (12, 7, 32)
    assert file.mtime_ns is not None
    assert counts(again) == (12, 0, 0, 0, 0)


def test_an_object_with_another_content_of_the_same_size_is_changed(full: Library, bucket: Bucket) -> None:
    write(bucket, **{"Dragon 3/dragon.stl": b"solid X"})

    scan = _scan(full)

    assert counts(scan) == (12, 0, 1, 0, 0)


def test_objects_that_moved_keep_their_rows_and_models(full: Library, bucket: Bucket) -> None:
    before = ModelFile.objects.get(relative_path="Dragon 3/dragon.stl")
    ModelFile.objects.filter(pk=before.pk).update(sha256=storage_for(full).sha256(before.relative_path))
    assert before.model_id
    Model3D.objects.filter(pk=before.model_id).update(notes="Painted.")

    _move(bucket, "Dragon 3/dragon.stl", "Big/Red dragon/dragon.stl")
    scan = _scan(full)

    after = ModelFile.objects.get(pk=before.pk)
    assert (scan.moved_count, scan.new_count, scan.missing_count) == (1, 0, 0)
    assert (after.relative_path, after.model_id) == ("Big/Red dragon/dragon.stl", before.model_id)
    assert after.model is not None
    assert after.model.notes == "Painted."


def test_an_object_that_is_deleted_is_missing_and_comes_back(full: Library, bucket: Bucket) -> None:
    delete(bucket, "Dragon 3/dragon.stl")
    gone = _scan(full)
    write(bucket, **{"Dragon 3/dragon.stl": b"solid 3"})

    back = _scan(full)

    assert (gone.missing_count, back.returned_count) == (1, 1)


def test_archives_in_buckets_are_listed_without_fetching_them(library: Library, bucket: Bucket) -> None:
    write(
        bucket, **{"packs/March.zip": zip_bytes({"orc/orc.stl": b"solid orc", "elf/elf.stl": b"solid elf"})}
    )

    scan = _scan(library)

    assert (scan.archive_count, scan.member_count) == (1, 2)
    paths = set(ModelFile.objects.values_list("relative_path", flat=True))
    assert paths == {"packs/March.zip", "packs/March.zip//orc/orc.stl", "packs/March.zip//elf/elf.stl"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "nobody-has-this"}, "There is no bucket “nobody-has-this”"),
        ({"endpoint_url": "http://127.0.0.1:1"}, "Nothing answers at 127.0.0.1:1"),
        ({"secret_access_key": "wrong"}, "does not take the secret access key"),
        ({"access_key_id": "stranger", "secret_access_key": "stranger-secret"}, "may not list the bucket"),
    ],
)
def test_a_bucket_that_does_not_answer_is_refused_and_nothing_changes(
    full: Library, bucket: Bucket, changes: dict[str, Any], sentence: str
) -> None:
    other = replace(bucket, **changes)
    Library.objects.filter(pk=full.pk).update(
        bucket=other.name, endpoint_url=other.endpoint_url, encrypted_credentials=sealed(other)
    )

    scan = _scan(full, is_confirmed=True)

    assert scan.state == Scan.State.REFUSED
    assert sentence in scan.error
    assert "Nothing was changed." in scan.error
    assert not ModelFile.objects.exclude(missing_since=None).exists()


def test_an_empty_bucket_is_refused_until_confirmed(full: Library, bucket: Bucket) -> None:
    delete(bucket, *(f"Dragon {n}/dragon.stl" for n in range(12)))

    refused = _scan(full)
    confirmed = _scan(full, is_confirmed=True)

    assert refused.state == Scan.State.REFUSED
    assert "The bucket has nothing at this prefix, but it held 12 files" in refused.error
    assert (confirmed.state, confirmed.missing_count) == (Scan.State.DONE, 12)
