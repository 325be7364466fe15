"""Libraries in buckets: adding them, what is said of entries that are wrong, and secrets that never come back."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from libraries.connecting import BucketProblem, add_bucket_library
from libraries.models import Library
from libraries.storage import RootUnreadable, storage_for
from libraries.storage.s3.address import Bucket
from tests.factories import LibraryFactory
from tests.s3 import S3Server, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(bucket: Bucket) -> Library:
    return add_bucket_library(bucket, name="Minis")


def _entry(bucket: Bucket, **changes: str) -> dict[str, str]:
    return {
        "endpoint_url": bucket.endpoint_url,
        "bucket_name": bucket.name,
        "key_prefix": bucket.prefix,
        "region": bucket.region,
        "access_key_id": bucket.access_key_id,
        "secret_access_key": bucket.secret_access_key,
        "uses_path_style": "on",
        "name": "",
        "grouping": "folders",
        "absorbed_names": "",
        "ignore_patterns": "",
        "scan_interval_minutes": "720",
        **changes,
    }


def _said(bucket: Bucket, **changes: Any) -> tuple[str, str]:
    with pytest.raises(BucketProblem) as raised:
        add_bucket_library(replace(bucket, **changes))
    assert not Library.objects.exists()
    return raised.value.entry, str(raised.value)


def test_a_bucket_becomes_a_read_only_library_that_is_due(as_alice: Client, bucket: Bucket) -> None:
    write(bucket, **{"prints/orc.stl": b"x"})

    response = as_alice.post("/libraries/add/bucket/", _entry(bucket, key_prefix="/prints/"))

    assert response["Location"] == "/activity/"
    library = Library.objects.get()
    assert (library.storage, library.bucket, library.prefix) == ("s3", bucket.name, "prints/")
    assert (library.name, library.is_read_only, library.is_reachable_by_browsers) == ("prints", True, False)
    assert library.next_scan_at is not None
    assert [entry.row_path for entry in storage_for(library).iter_files()] == ["orc.stl"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"endpoint_url": "nas.local:9000"}, "endpoint_url", "Write the endpoint as a web address"),
        ({"endpoint_url": "ftp://nas"}, "endpoint_url", "Write the endpoint as a web address"),
        ({"endpoint_url": "http://"}, "endpoint_url", "Write the endpoint as a web address"),
        ({"endpoint_url": "http://nas:port"}, "endpoint_url", "Write the endpoint as a web address"),
        ({"endpoint_url": "http://me:secret@nas"}, "endpoint_url", "without user name"),
        ({"bucket_name": "minis/orcs"}, "bucket_name", "cannot be the name of a bucket"),
        ({"bucket_name": "x\x00y"}, "bucket_name", "Null characters"),
        ({"key_prefix": "a/../b"}, "key_prefix", "without “//”"),
        ({"key_prefix": "ä" * 600}, "key_prefix", "longer than a key"),
        ({"region": "Frankfurt am Main"}, "region", "That is no region"),
        ({"access_key_id": "a b"}, "access_key_id", "without spaces"),
        ({"secret_access_key": ""}, "secret_access_key", "required"),
        ({"secret_access_key": "ß"}, "secret_access_key", "without spaces"),
    ],
)
def test_entries_that_cannot_be_right_are_told_beside_their_fields(
    as_alice: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    bucket = Bucket("minis", endpoint_url="http://127.0.0.1:9", access_key_id="a", secret_access_key="b")

    page = as_alice.post("/libraries/add/bucket/", _entry(bucket, **changes)).content.decode()

    assert f'id="id_{field}_error"' in page
    assert sentence in page
    assert not Library.objects.exists()


def test_what_the_storage_refuses_is_told_in_plain_words(bucket: Bucket) -> None:
    assert "There is no bucket “nobody-has-this”" in _said(bucket, name="nobody-has-this")[1]
    assert "does not know this access key ID" in _said(bucket, access_key_id="nobody")[1]
    assert "does not take the secret access key" in _said(bucket, secret_access_key="wrong")[1]
    assert (
        "may not list the bucket"
        in _said(bucket, access_key_id="stranger", secret_access_key="stranger-secret")[1]
    )
    assert "Nothing answers at 127.0.0.1:1" in _said(bucket, endpoint_url="http://127.0.0.1:1")[1]
    assert "no machine of the name" in _said(bucket, endpoint_url="http://nowhere.invalid")[1]
    assert (
        "does not speak HTTPS"
        in _said(bucket, endpoint_url=bucket.endpoint_url.replace("http:", "https:"))[1]
    )


def test_overlap_with_another_library_is_refused(s3_server: S3Server) -> None:
    bucket = s3_server.bucket()
    add_bucket_library(replace(bucket, prefix="prints"), name="Prints")

    def said(prefix: str) -> str:
        with pytest.raises(BucketProblem) as raised:
            add_bucket_library(replace(bucket, prefix=prefix))
        return str(raised.value)

    assert "is the library “Prints” already" in said("/prints/")
    assert "lies inside the library “Prints”" in said("prints/orcs")
    assert "contains the library “Prints”" in said("")
    assert add_bucket_library(replace(bucket, prefix="prints2")).name == "prints2"
    assert add_bucket_library(s3_server.bucket()).prefix == ""


@pytest.mark.parametrize("page", ["add/bucket/", "{pk}/connection/"])
def test_only_the_owner_connects_buckets(
    page: str, stored: Library, as_bob: Client, as_charlie: Client, bucket: Bucket
) -> None:
    address = "/libraries/" + page.format(pk=stored.pk)

    answers = {client.get(address).status_code for client in (as_bob, as_charlie)}
    answers |= {client.post(address, _entry(bucket)).status_code for client in (as_bob, as_charlie)}

    assert answers == {404}
    assert Library.objects.count() == 1


def test_a_folder_has_no_connection(as_alice: Client) -> None:
    assert as_alice.get(f"/libraries/{LibraryFactory().pk}/connection/").status_code == 404


def test_secrets_are_encrypted_and_never_shown_again(
    stored: Library, bucket: Bucket, as_alice: Client
) -> None:
    raw = bytes(Library.objects.get().encrypted_credentials)
    pages = [
        as_alice.get(address).content.decode()
        for address in (
            "/libraries/",
            f"/libraries/{stored.pk}/",
            f"/libraries/{stored.pk}/connection/",
            f"/admin/libraries/library/{stored.pk}/change/",
        )
    ]

    assert bucket.secret_access_key.encode() not in raw
    assert bucket.access_key_id.encode() not in raw
    assert not any(bucket.secret_access_key in page for page in pages)
    assert bucket.secret_access_key not in repr(bucket)


def test_a_secret_that_was_typed_does_not_come_back_with_an_error(as_alice: Client, bucket: Bucket) -> None:
    page = as_alice.post("/libraries/add/bucket/", _entry(bucket, secret_access_key="mistyped-secret"))

    assert "does not take the secret access key" in page.content.decode()
    assert "mistyped-secret" not in page.content.decode()


def test_a_secret_that_is_left_empty_stays(stored: Library, bucket: Bucket, as_alice: Client) -> None:
    response = as_alice.post(
        f"/libraries/{stored.pk}/connection/",
        _entry(bucket, secret_access_key="", region="eu-central-1", is_reachable_by_browsers="on"),
    )

    assert response["Location"] == "/libraries/"
    stored.refresh_from_db()
    assert (stored.region, stored.is_reachable_by_browsers) == ("eu-central-1", True)
    storage_for(stored).check_root()


def test_a_connection_that_does_not_work_is_not_saved(
    stored: Library, bucket: Bucket, as_alice: Client
) -> None:
    before = bytes(stored.encrypted_credentials)

    page = as_alice.post(
        f"/libraries/{stored.pk}/connection/", _entry(bucket, secret_access_key="wrong")
    ).content.decode()

    assert "does not take the secret access key" in page
    stored.refresh_from_db()
    assert bytes(stored.encrypted_credentials) == before


def test_the_settings_say_that_buckets_are_not_watched(stored: Library, as_alice: Client) -> None:
    page = as_alice.get(f"/libraries/{stored.pk}/").content.decode()

    assert "A bucket tells of no changes" in page
    assert "Watch for changes" not in page


def test_keys_can_be_renewed_and_older_ones_thrown_away(stored: Library, settings: Settings) -> None:
    older = settings.DATA_FOLDER.credentials_keys()
    newest = Fernet.generate_key().decode()
    settings.CREDENTIALS_KEYS = [newest, *older]
    storage_for(stored).check_root()

    call_command("renew_secrets", stdout=io.StringIO())
    settings.CREDENTIALS_KEYS = [newest]

    storage_for(Library.objects.get()).check_root()


def test_a_lost_key_is_told_and_typing_the_secret_again_helps(
    stored: Library, bucket: Bucket, settings: Settings, as_alice: Client
) -> None:
    settings.CREDENTIALS_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(RootUnreadable, match="credentials-key"):
        storage_for(stored).check_root()
    with pytest.raises(CommandError, match="No key decrypts the secrets of Minis"):
        call_command("renew_secrets", stdout=io.StringIO())
    page = as_alice.post(f"/libraries/{stored.pk}/connection/", _entry(bucket, secret_access_key=""))
    assert "type the keys of the bucket again" in page.content.decode()

    as_alice.post(f"/libraries/{stored.pk}/connection/", _entry(bucket))
    storage_for(Library.objects.get()).check_root()


def test_the_key_of_secrets_is_private_and_made_once(settings: Settings) -> None:
    first = settings.DATA_FOLDER.credentials_keys()

    assert settings.DATA_FOLDER.credentials_keys() == first
    assert (settings.DATA_DIR / "credentials-key").stat().st_mode & 0o777 == 0o600


def test_the_command_reads_the_secret_from_its_input(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"access_key_id": bucket.access_key_id, "endpoint": bucket.endpoint_url}
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    with pytest.raises(CommandError, match="does not take the secret access key"):
        call_command("add_bucket", bucket.name, **options)

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{bucket.secret_access_key}\n"))
    out = io.StringIO()
    call_command("add_bucket", bucket.name, **options, stdout=out)

    assert out.getvalue() == f"Added the library “{bucket.name}”.\n"
    assert json.dumps(bucket.secret_access_key) not in out.getvalue()
    storage_for(Library.objects.get()).check_root()
