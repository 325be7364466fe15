"""Uploads from their first byte to their last: batches, files that are announced, pieces, answers, and giving up."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from config.lib.template_tags import file_size
from libraries.models import Library
from libraries.storage import StorageError, storage_for
from scanning import receiving
from scanning.receiving import Read
from scanning.tus import Patch, TusError
from scanning.upload_models import Upload, UploadBatch
from scanning.upload_paths import BadUploadPath, upload_path

_INSUFFICIENT_STORAGE: Final = 507
# Questions that nobody answers are kept longer than files that nobody finishes.
_PATIENCE: Final = 7


class NotWaiting(Exception):
    """The upload does not wait for this answer (any more). Reload the page."""

    def __init__(self) -> None:
        super().__init__("This file does not wait for an answer any more.")


def writable_libraries(user: Any) -> QuerySet[Library]:
    """Libraries that `user` may see and that take files; whether the person may edit at all is for the caller to ask."""
    return Library.objects.visible_to(user).filter(is_read_only=False)


def open_batch(library: Library, *, user: Any, now: datetime, **wanted: Any) -> UploadBatch:
    """Begin to bring files into `library`; `wanted` are fields of the batch."""
    return UploadBatch.objects.create(library=library, user=user, touched_at=now, **wanted)


def announce(batch: UploadBatch, *, path: str, length: int, now: datetime) -> Upload:
    """Take up a file of `length` bytes that is going to arrive; raises TusError with a sentence."""
    try:
        relative_path = upload_path(path)
    except BadUploadPath as error:
        raise TusError(400, str(error)) from error
    if length > settings.MAX_UPLOAD_BYTES:
        raise TusError(
            413, f"The file has {file_size(length)}; the limit is {file_size(settings.MAX_UPLOAD_BYTES)}."
        )
    if batch.uploads.count() >= settings.MOST_FILES_IN_UPLOAD:
        raise TusError(
            413,
            f"One upload has at most {settings.MOST_FILES_IN_UPLOAD:,} files. Put the rest into another one.",
        )
    _check_room(batch.library, length)
    upload = Upload(batch=batch, relative_path=relative_path, size_bytes=length)
    receiving.begin(upload.staged_name)
    upload.save(force_insert=True)
    _touch(batch, now)
    if not length:
        _arrived(upload)
    return upload


def take_file(batch: UploadBatch, *, path: str, source: Path, now: datetime) -> Upload:
    """Take up a file that has arrived whole, and lies in the data folder at `source`; raises TusError."""
    upload = announce(batch, path=path, length=source.stat().st_size, now=now)
    if upload.size_bytes:
        source.chmod(receiving.staged_path(upload.staged_name).stat().st_mode & 0o777)
        source.replace(receiving.staged_path(upload.staged_name))
        _arrived(upload)
    return upload


def how_far(upload: Upload) -> int:
    """How many bytes have arrived; raises TusError if the upload is over."""
    received = receiving.received_bytes(upload.staged_name)
    if upload.state == Upload.State.RECEIVING and received is not None:
        if received == upload.size_bytes:  # whoever received the last piece did not live to say so
            _arrived(upload)
        return received
    if upload.state in Upload.ENDED or (received is None and upload.state == Upload.State.RECEIVING):
        raise TusError(410, "This upload was given up or has expired. Begin it again.")
    return upload.size_bytes


def receive_piece(upload: Upload, patch: Patch, read: Read, *, now: datetime) -> int:
    """Append a piece; return how many bytes there are then. Raises TusError."""
    if upload.state != Upload.State.RECEIVING:
        raise TusError(409, "The file has arrived already.")
    received = receiving.receive(upload.staged_name, patch, read, length=upload.size_bytes)
    _touch(upload.batch, now)
    if received == upload.size_bytes:
        _arrived(upload)
    return received


def give_up(uploads: QuerySet[Upload]) -> int:
    """Forget these uploads and what arrived of them, except for files that are in the library; return how many."""
    chosen = list(uploads.exclude(state=Upload.State.PLACED))
    Upload.objects.filter(pk__in=[upload.pk for upload in chosen]).delete()
    for upload in chosen:
        receiving.discard(upload.staged_name)
    return len(chosen)


def submit(batch: UploadBatch, *, now: datetime, **wanted: Any) -> None:
    """Let the files of a batch enter the library, those as well that are still to arrive; `wanted` are fields of it."""
    for name, value in {**wanted, "submitted_at": batch.submitted_at or now, "touched_at": now}.items():
        setattr(batch, name, value)
    batch.save(update_fields=[*wanted, "submitted_at", "touched_at"])


def answer(upload: Upload, choice: str, *, now: datetime) -> None:
    """Do what the person chose where an upload asks: `keep`, `skip` or `retry`; raises NotWaiting."""
    waiting = Upload.objects.filter(pk=upload.pk, state=upload.state, state__in=Upload.ASKING)
    fields = _ANSWERS.get((upload.state, choice))
    if choice == "skip":
        if not waiting.update(state=Upload.State.SKIPPED, sentence=""):
            raise NotWaiting
        receiving.discard(upload.staged_name)
    elif fields is None or not waiting.update(**fields, sentence=""):
        raise NotWaiting
    _touch(upload.batch, now)


def answer_all(batch: UploadBatch, choice: str, *, now: datetime) -> None:
    """Do the same, `keep` or `skip`, with every file of a batch that is there already or whose name is taken."""
    if choice == "keep":
        for (state, chosen), fields in _ANSWERS.items():
            if chosen == choice:
                batch.uploads.filter(state=state).update(**fields, sentence="")
    elif choice == "skip":
        asking = list(batch.uploads.filter(state__in=[Upload.State.SAME, Upload.State.TAKEN]).only("pk"))
        skipped = Upload.objects.filter(pk__in=[upload.pk for upload in asking])
        skipped.filter(state__in=Upload.ASKING).update(state=Upload.State.SKIPPED, sentence="")
        for upload in asking:
            receiving.discard(upload.staged_name)
    else:
        raise NotWaiting
    _touch(batch, now)


_ANSWERS: Final[dict[tuple[str, str], dict[str, Any]]] = {
    (Upload.State.SAME, "keep"): {"state": Upload.State.READY, "is_wanted_twice": True},
    (Upload.State.TAKEN, "keep"): {"state": Upload.State.READY, "keeps_both": True},
    (Upload.State.FAILED, "retry"): {"state": Upload.State.RECEIVED},
}


def clear_stale(*, now: datetime) -> None:
    """Give up what nobody touched for a day (`UPLOAD_KEEP_HOURS`; a week where a question waits), and files without a row."""
    give_up(
        Upload.objects.filter(state=Upload.State.RECEIVING, batch__touched_at__lt=now - settings.UPLOAD_KEEP)
    )
    never_submitted = Q(submitted_at=None, touched_at__lt=now - settings.UPLOAD_KEEP)
    old = UploadBatch.objects.filter(
        never_submitted | Q(touched_at__lt=now - _PATIENCE * settings.UPLOAD_KEEP)
    )
    for batch in old.exclude(uploads__state=Upload.State.PLACED):
        with transaction.atomic():
            give_up(batch.uploads.all())
            batch.delete()
    _clear_orphans(now)


def _clear_orphans(now: datetime) -> None:
    folder = Path(settings.UPLOADS_DIR)
    if not folder.is_dir():
        return
    old = [
        path
        for path in folder.iterdir()
        if now.timestamp() - path.stat().st_mtime > settings.UPLOAD_KEEP.total_seconds()
    ]
    ids: Mapping[str, Path] = {path.name: path for path in old}
    known = Upload.objects.filter(pk__in=[uuid.UUID(name) for name in ids if _is_id(name)])
    wanted = {upload.staged_name for upload in known.only("pk")}
    for name, path in ids.items():
        if name not in wanted:
            path.unlink(missing_ok=True)


def _is_id(name: str) -> bool:
    try:
        return uuid.UUID(name).hex == name
    except ValueError:
        return False


def _check_room(library: Library, length: int) -> None:
    """Raise TusError unless both the data folder and the library have room for `length` bytes."""
    if receiving.free_bytes() < length:
        raise TusError(
            _INSUFFICIENT_STORAGE,
            f"The disk of Layershelf's data folder has no room for {file_size(length)}. Free some space.",
        )
    try:
        free = storage_for(library).free_bytes()
    except StorageError as error:
        raise TusError(_INSUFFICIENT_STORAGE, str(error)) from error
    if free is not None and free < length:
        raise TusError(
            _INSUFFICIENT_STORAGE,
            f"The disk of {library.name} has no room for {file_size(length)}. Free some space.",
        )


def _arrived(upload: Upload) -> None:
    arriving = Upload.objects.filter(pk=upload.pk, state=Upload.State.RECEIVING)
    if arriving.update(state=Upload.State.RECEIVED):
        upload.state = Upload.State.RECEIVED


def _touch(batch: UploadBatch, now: datetime) -> None:
    UploadBatch.objects.filter(pk=batch.pk).update(touched_at=now)
