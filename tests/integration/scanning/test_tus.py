"""Files that arrive in pieces: cut anywhere, out of turn, damaged, too long, with no room, twice at once, after their time."""

import base64
import hashlib
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from libraries.models import Library
from scanning import receiving, uploads
from scanning.models import Upload, UploadBatch
from scanning.tus import Patch, TusError
from tests.integration.scanning.shelf import Shelf
from tests.integration.scanning.uploading import CONTENT, TUS, Sender


@pytest.fixture(autouse=True)
def staging(settings: Settings, tmp_path: Path) -> Path:
    settings.UPLOADS_DIR = tmp_path / "staging"
    return tmp_path / "staging"


@pytest.fixture
def sender(as_alice: Client, shelf: Shelf) -> Sender:
    Library.objects.filter(pk=shelf.library.pk).update(is_read_only=False)
    return Sender(as_alice, shelf)


def read_of(content: bytes) -> receiving.Read:
    """A body that ends as a cut connection does, with an error."""
    pieces = [content[start : start + 7] for start in range(0, len(content), 7)]

    def read(_: int) -> bytes:
        if pieces:
            return pieces.pop(0)
        raise ConnectionResetError

    return read


def test_a_file_arrives_in_pieces(sender: Sender, staging: Path) -> None:
    created = sender.announce("Dragon/head.stl", len(CONTENT))
    address = created["Location"]

    first = sender.piece(address, 0, CONTENT[:100])
    offset = sender.offset(address)
    second = sender.piece(address, 100, CONTENT[100:])

    assert created.status_code == 201
    assert "Upload-Expires" in created
    assert (first.status_code, first["Upload-Offset"], offset) == (204, "100", 100)
    assert second["Upload-Offset"] == str(len(CONTENT))
    upload = sender.upload(address)
    assert upload.state == Upload.State.RECEIVED
    assert (staging / upload.staged_name).read_bytes() == CONTENT
    assert sender.tree() == {}


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.lists(st.integers(0, len(CONTENT)), max_size=8))
def test_cut_anywhere_and_taken_up_again_it_is_the_same_file(
    sender: Sender, staging: Path, cuts: list[int]
) -> None:
    upload = sender.upload(sender.announce("head.stl", len(CONTENT))["Location"])

    for cut in [*sorted(cuts), len(CONTENT)]:
        offset = uploads.how_far(upload)
        if offset < cut:
            received = uploads.receive_piece(
                upload, Patch(offset), read_of(CONTENT[offset:cut]), now=timezone.now()
            )
            assert received == cut

    assert upload.state == Upload.State.RECEIVED
    assert (staging / upload.staged_name).read_bytes() == CONTENT


def test_options_tell_what_is_spoken(sender: Sender) -> None:
    response = sender.client.options("/uploads/tus/")

    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0"
    assert response["Tus-Extension"] == "creation,termination,checksum,expiration"
    assert response["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("offset", [0, 99, 101, 3_000])
def test_a_piece_out_of_turn_changes_nothing(sender: Sender, offset: int) -> None:
    address = sender.announce("head.stl", len(CONTENT))["Location"]
    sender.piece(address, 0, CONTENT[:100])

    response = sender.piece(address, offset, CONTENT[offset:])

    assert response.status_code == 409
    assert response.content.decode() == "100 bytes have arrived; the next piece begins there.\n"
    assert sender.offset(address) == 100


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    address = sender.announce("head.stl", 10)["Location"]

    assert sender.piece(address, 0, b"x" * 11).status_code == 413
    assert sender.offset(address) == 0


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_damaged_piece_is_thrown_away(sender: Sender, algorithm: str) -> None:
    address = sender.announce("head.stl", 10)["Location"]
    right = base64.b64encode(hashlib.new(algorithm, b"good").digest()).decode()

    bad = sender.piece(address, 0, b"evil", **{"Upload-Checksum": f"{algorithm} {right}"})
    offset = sender.offset(address)
    good = sender.piece(address, 0, b"good", **{"Upload-Checksum": f"{algorithm} {right}"})

    assert (bad.status_code, offset) == (460, 0)
    assert (good.status_code, good["Upload-Offset"]) == (204, "4")


def test_a_piece_with_a_checksum_that_is_cut_is_thrown_away(sender: Sender) -> None:
    upload = sender.upload(sender.announce("head.stl", 100)["Location"])

    with pytest.raises(OSError, match=""):
        uploads.receive_piece(upload, Patch(0, "sha1", b""), read_of(b"x" * 50), now=timezone.now())

    assert uploads.how_far(upload) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "9" * 40}, 400),
        ({"Upload-Offset": "٣"}, 400),
        ({"Upload-Checksum": "md4 AAAA"}, 400),
        ({"Upload-Checksum": "sha1 ???"}, 400),
    ],
)
def test_odd_headers_of_a_piece_are_answered_in_a_sentence(
    sender: Sender, headers: dict[str, str], status: int
) -> None:
    address = sender.announce("head.stl", 10)["Location"]

    response = sender.piece(address, 0, b"0123", **headers)

    assert response.status_code == status
    assert response.content.endswith(b".\n")
    assert sender.offset(address) == 0


def test_another_content_type_is_refused(sender: Sender) -> None:
    address = sender.announce("head.stl", 10)["Location"]

    response = sender.client.patch(
        address, b"0123", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}
    )

    assert response.status_code == 415


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": ""},
        {"Upload-Length": "-5"},
        {"Upload-Length": "1e9"},
        {"Upload-Defer-Length": "1"},
        {"Upload-Metadata": "batch ???"},
        {"Upload-Metadata": "path gICA"},
    ],
)
def test_odd_announcements_are_refused(sender: Sender, headers: dict[str, str]) -> None:
    assert sender.announce("head.stl", 10, **headers).status_code == 400
    assert not Upload.objects.exists()


@pytest.mark.parametrize("metadata", ["", "batch MA==", "batch eA==", "batch OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_an_announcement_without_a_batch_is_not_found(sender: Sender, metadata: str) -> None:
    assert sender.announce("head.stl", 10, **{"Upload-Metadata": metadata}).status_code == 404


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("../../etc/passwd", "leads out of the folder"),
        ("/etc/passwd", "leads out of the folder"),
        ("a/../../b.stl", "leads out of the folder"),
        ("nul\0.stl", "holds a zero byte"),
        ("x" * 256 + ".stl", "longer than 255 bytes"),
        ("ü" * 128, "longer than 255 bytes"),
        ("/".join(["folder"] * 40), "is too long"),
        ("CON.stl", "keeps for a device"),
        ("two\nlines.stl", "control character"),
        (".hidden.stl", "is left out"),
        ("__MACOSX/a.stl", "is left out"),
        (".", "has no name"),
    ],
)
def test_hostile_names_are_refused_in_a_sentence(sender: Sender, path: str, sentence: str) -> None:
    response = sender.announce(path, 10)

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not Upload.objects.exists()


def test_an_empty_file_has_arrived_at_once(sender: Sender) -> None:
    assert sender.send("empty.stl", b"").state == Upload.State.RECEIVED


def test_a_file_given_up_is_gone(sender: Sender, staging: Path) -> None:
    address = sender.announce("head.stl", 10)["Location"]
    sender.piece(address, 0, b"0123")

    assert sender.client.delete(address, headers=TUS).status_code == 204
    assert sender.staged(staging) == []
    assert sender.client.head(address, headers=TUS).status_code == 404
    assert sender.piece(address, 4, b"4567").status_code == 404


def test_two_windows_cannot_send_one_file_at_once(sender: Sender) -> None:
    upload = sender.upload(sender.announce("head.stl", 10)["Location"])

    def read(_: int) -> bytes:
        with pytest.raises(TusError, match="Another window") as refused:
            uploads.receive_piece(upload, Patch(0), read_of(b"x"), now=timezone.now())
        assert refused.value.status == 423
        return b""

    uploads.receive_piece(upload, Patch(0), read, now=timezone.now())


def test_a_full_disk_keeps_what_has_arrived(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    address = sender.announce("head.stl", len(CONTENT))["Location"]
    sender.piece(address, 0, CONTENT[:100])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=settings.UPLOAD_SPARE_BYTES))

    full = sender.piece(address, 100, CONTENT[100:])
    further = sender.announce("tail.stl", 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 40))
    again = sender.piece(address, 100, CONTENT[100:])

    assert again.status_code == 204
    assert full.status_code == 507
    assert "has no room left. What has arrived is kept" in full.content.decode()
    assert (further.status_code, "has no room for 10 B" in further.content.decode()) == (507, True)


def test_a_file_over_the_limit_is_refused_with_the_figure(sender: Sender, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1_000_000
    settings.MOST_FILES_IN_UPLOAD = 1

    response = sender.announce("head.stl", 1_000_001)
    sender.announce("one.stl", 1)
    further = sender.announce("two.stl", 1)

    assert (response.status_code, "the limit is 1.0 MB" in response.content.decode()) == (413, True)
    assert (further.status_code, "at most 1 files" in further.content.decode()) == (413, True)


def test_only_some_files_arrive_at_once(sender: Sender, settings: Settings) -> None:
    settings.MOST_ARRIVING = 0
    address = sender.announce("head.stl", 10)["Location"]

    response = sender.piece(address, 0, b"0123")

    assert (response.status_code, response["Retry-After"]) == (503, "30")


def test_a_last_piece_whose_receiver_died_is_noticed(sender: Sender, staging: Path) -> None:
    upload = sender.upload(sender.announce("head.stl", 4)["Location"])
    (staging / upload.staged_name).write_bytes(b"0123")

    assert sender.offset(f"/uploads/tus/{upload.pk}/") == 4
    upload.refresh_from_db()
    assert upload.state == Upload.State.RECEIVED


def test_what_nobody_finishes_is_forgotten_after_a_day(sender: Sender, staging: Path) -> None:
    old, now = sender.begin(), timezone.now()
    sender.announce("old.stl", 10)
    sender.begin()
    kept = sender.announce("new.stl", 10)["Location"]
    (staging / ("0" * 32)).write_bytes(b"nobody's")
    UploadBatch.objects.filter(pk=old.pk).update(touched_at=now - timedelta(hours=25))

    uploads.clear_stale(now=now)
    uploads.clear_stale(now=now + timedelta(hours=23))

    assert list(Upload.objects.values_list("relative_path", flat=True)) == ["new.stl"]
    assert not UploadBatch.objects.filter(pk=old.pk).exists()
    assert sender.offset(kept) == 0
    assert "0" * 32 in sender.staged(staging)  # until it is a day old
    uploads.clear_stale(now=now + timedelta(hours=25))
    assert sender.staged(staging) == []


def test_strangers_and_viewers_send_nothing(
    sender: Sender, as_bob: Client, as_charlie: Client, shelf: Shelf
) -> None:
    address = sender.announce("head.stl", 10)["Location"]

    for client, status in ((as_bob, 403), (as_charlie, 403), (Client(), 302)):
        other = Sender(client, shelf)
        other.batch = sender.batch
        answers: list[Any] = [
            other.announce("x.stl", 1),
            other.piece(address, 0, b"x"),
            client.head(address, headers=TUS),
            client.delete(address, headers=TUS),
        ]
        assert [answer.status_code for answer in answers] == [status] * 4
    assert Upload.objects.count() == 1


def test_an_editor_does_not_reach_what_another_sends(
    sender: Sender, as_bob: Client, bob: Any, shelf: Shelf
) -> None:
    bob.is_superuser = True
    bob.save()
    address = sender.announce("head.stl", 10)["Location"]
    other = Sender(as_bob, shelf)
    other.batch = sender.batch

    assert other.announce("x.stl", 1).status_code == 404
    assert other.piece(address, 0, b"x").status_code == 404
    assert as_bob.head(address, headers=TUS).status_code == 404
    assert as_bob.get(f"/uploads/{other.batch.pk if other.batch else 0}/").status_code == 404
