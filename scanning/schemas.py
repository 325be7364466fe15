"""What programs read and send about scans, problems and uploads."""

import uuid
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from config.lib.api_types import Body, Moment, RowId, ShortText, Text
from scanning.models import Problem, Scan, ScanList, Upload


class ScanOut(Schema):
    """A scan: its figures are its report. `percent`, `files_per_second` and `left_seconds` while that is known."""

    id: int
    library_id: int
    state: Scan.State
    phase: str
    folder: str
    is_dry_run: bool
    requested_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    current_path: str
    found_count: int
    new_count: int
    changed_count: int
    moved_count: int
    missing_count: int
    returned_count: int
    skipped_count: int
    model_count: int
    archive_count: int
    member_count: int
    error: str
    percent: int | None
    files_per_second: int | None
    left_seconds: float | None


class ScanPage(Schema):
    items: list[ScanOut]
    next: str | None


class NewScan(Body):
    """`folder` limits the scan to one folder and all below; `is_confirmed`, for owners, scans in spite of a refusal."""

    library_id: RowId
    folder: Annotated[Text, StringConstraints(max_length=4_000)] = ""
    is_dry_run: bool = False
    is_confirmed: bool = False


class ReportList(Schema):
    what: ScanList.What
    total: int
    kept: int


class ReportLists(Schema):
    items: list[ReportList]


class ReportEntry(Schema):
    """`detail`: where a moved file was, why a file was not read, the rule that left it out."""

    path: str
    detail: str


class ReportPage(Schema):
    items: list[ReportEntry]
    next: str | None


class ProblemOut(Schema):
    id: int
    library_id: int
    model_id: int | None
    file_id: int | None
    kind: str
    severity: Problem.Severity
    sentence: str
    found_at: Moment
    ignored_at: Moment | None


class ProblemPage(Schema):
    items: list[ProblemOut]
    next: str | None


class NewUpload(Body):
    """Where files go and what their models are to be called; a `name` makes all of them one model."""

    library_id: RowId
    folder: Annotated[Text, StringConstraints(max_length=1_000)] = ""
    name: ShortText = ""
    creator: ShortText = ""
    collection: Annotated[Text, StringConstraints(max_length=400)] = Field(
        "", description="Names from the outermost inwards, with “/” between them."
    )
    tags: Annotated[
        list[Annotated[Text, StringConstraints(max_length=100, pattern="^[^,]*$")]], Field(max_length=100)
    ] = []
    license: Annotated[Text, StringConstraints(max_length=100)] = ""
    unpacks: bool = Field(False, description="Unpack archives; else they are kept as they are.")


class UploadFile(Schema):
    """One file on its way; `received_bytes` of `size_bytes` have arrived. `text` says what is going on."""

    id: uuid.UUID
    relative_path: str
    size_bytes: int
    received_bytes: int
    state: Upload.State
    text: str


class UploadOut(Schema):
    """Files that you bring into a library together. `asking` of them wait for your choice."""

    id: int
    library_id: int
    folder: str
    name: str
    creator: str
    collection: str
    tags: list[str]
    license: str
    unpacks: bool
    created_at: Moment
    submitted_at: Moment | None
    total: int
    ended: int
    asking: int
    files: list[UploadFile]
    model_ids: list[int]


class Choice(Body):
    choice: Annotated[str, Field(pattern="^(keep|skip|retry|remove)$")]
