"""What the upload page shows of a batch: its files with how far they are, the first of them if there are very many."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, Sum, Value, When

from config.lib.template_tags import file_size
from models3d.models import Model3D
from scanning import receiving
from scanning.filing import is_kept_waiting
from scanning.labeling import models_of
from scanning.models import Scan
from scanning.upload_models import Upload, UploadBatch

_MOST_SHOWN: Final = 200
_MOST_BATCHES: Final = 20
_ICONS: Final = {
    Upload.State.ADDED: ("check", "good"),
    Upload.State.PLACED: ("check", "good"),
    Upload.State.SAME: ("copy", "warn"),
    Upload.State.TAKEN: ("copy", "warn"),
    Upload.State.FAILED: ("circle-x", "bad"),
}


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One file: the row, how many bytes have arrived, what is said of it, and the icon with its level (good, warn, bad)."""

    row: Upload
    received_bytes: int
    text: str
    icon: str
    level: str

    @property
    def is_asking(self) -> bool:
        """Whether a person has to choose."""
        return self.row.state in {Upload.State.SAME, Upload.State.TAKEN}


@dataclass(frozen=True, slots=True)
class UploadListing:
    """The files of a batch. `is_moving`: something will change by itself; `models` are what came of those that ended."""

    rows: list[UploadRow]
    total: int
    total_bytes: int
    ended: int
    asking: int
    is_moving: bool
    waits_for_scan: bool
    models: list[Model3D]

    @property
    def hidden(self) -> int:
        """How many files are not listed."""
        return self.total - len(self.rows)

    @property
    def is_over(self) -> bool:
        """Whether every file has come to its end."""
        return bool(self.total) and self.ended == self.total


def upload_listing(batch: UploadBatch) -> UploadListing:
    """The files of `batch`: first those that ask, then those on their way, last those that ended."""
    states = {
        row["state"]: (row["number"], row["size"])
        for row in batch.uploads.values("state")
        .order_by()
        .annotate(number=Count("*"), size=Sum("size_bytes"))
    }
    number = {state: states.get(state, (0, 0))[0] for state in Upload.State}
    is_submitted = batch.submitted_at is not None
    order = Case(
        When(state__in=Upload.ASKING, then=Value(0)),
        When(state__in=Upload.ENDED, then=Value(2)),
        default=Value(1),
    )
    uploads = batch.uploads.select_related("same_as").order_by(order, "created_at", "id")[:_MOST_SHOWN]
    about_placed = _about_placed(batch) if number[Upload.State.PLACED] else ""
    ended = sum(number[state] for state in Upload.ENDED)
    waits = is_submitted and number[Upload.State.READY] > 0 and is_kept_waiting(batch.library_id)
    moving = [Upload.State.RECEIVED, Upload.State.PLACED, *([Upload.State.READY] if is_submitted else [])]
    return UploadListing(
        rows=[_row(upload, is_submitted=is_submitted, about_placed=about_placed) for upload in uploads],
        total=sum(number.values()),
        total_bytes=sum(size for _, size in states.values()),
        ended=ended,
        asking=sum(number[state] for state in Upload.ASKING),
        is_moving=any(number[state] for state in moving),
        waits_for_scan=waits,
        models=models_of(batch) if number[Upload.State.ADDED] else [],
    )


def unfinished_batches(user: Any) -> list[UploadBatch]:
    """Batches of a person that wait for something, the latest first, with `left` files each."""
    batches = UploadBatch.objects.of(user).select_related("library")
    waiting = batches.filter(uploads__state__in=set(Upload.State) - set(Upload.ENDED))
    return list(waiting.annotate(left=Count("uploads")).order_by("-id")[:_MOST_BATCHES])


def _about_placed(batch: UploadBatch) -> str:
    """What is said of files that are in the library but in no model yet."""
    last = Scan.objects.filter(library=batch.library_id, is_dry_run=False).order_by("-id").first()
    if last is not None and last.state == Scan.State.PAUSED:
        return "In the library; the scan that finds it is paused"
    if last is not None and last.state in {Scan.State.REFUSED, Scan.State.FAILED}:
        return f"In the library, but its scan stopped: {last.error}"
    return "In the library; the scan that finds it is under way"


def _row(upload: Upload, *, is_submitted: bool, about_placed: str) -> UploadRow:
    received = upload.size_bytes
    if upload.state == Upload.State.RECEIVING:
        received = receiving.received_bytes(upload.staged_name) or 0
    icon, level = _ICONS.get(Upload.State(upload.state), ("file-box", ""))
    return UploadRow(upload, received, _text(upload, received, is_submitted, about_placed), icon, level)


def _text(upload: Upload, received: int, is_submitted: bool, about_placed: str) -> str:
    if upload.state == Upload.State.PLACED:
        return about_placed
    if upload.state == Upload.State.RECEIVING:
        return f"{file_size(received)} of {file_size(upload.size_bytes)} arrived"
    if upload.state == Upload.State.READY:
        return (
            "On its way into the library" if is_submitted else "Arrived, and waits for “Add to the library”"
        )
    if upload.state == Upload.State.ADDED and len(upload.placed_paths) == 1 and not upload.sentence:
        return f"Added as {upload.placed_paths[0]}"
    return upload.sentence or upload.get_state_display()
