"""What programs read and send about libraries."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from config.lib.api_types import Body, Moment, Name, Text
from libraries.models import Library


class LibraryOut(Schema):
    """A library. `place` (folder, or bucket and prefix) and the settings are told to owners only."""

    id: int
    name: str
    storage: Library.Storage
    is_read_only: bool
    is_restricted: bool
    model_count: int
    file_count: int
    total_bytes: int
    scanned_at: Moment | None
    next_scan_at: Moment | None
    place: str | None = None
    grouping: Library.Grouping | None = None
    absorbed_names: list[str] | None = None
    path_template: str | None = None
    ignore_patterns: str | None = None
    scan_interval_minutes: int | None = None
    is_watched: bool | None = None


class LibraryPage(Schema):
    items: list[LibraryOut]
    next: str | None


_LongText = Annotated[Text, Field(max_length=20_000)]


class LibraryChange(Body):
    """What is to change; the rest stays."""

    name: Name | None = None
    grouping: Library.Grouping | None = None
    absorbed_names: Annotated[list[Name], Field(max_length=100)] | None = None
    path_template: Annotated[Text, Field(max_length=300)] | None = None
    ignore_patterns: _LongText | None = None
    scan_interval_minutes: Annotated[int, Field(ge=0, le=525_600)] | None = None
    is_watched: bool | None = None
    is_restricted: bool | None = None
    is_read_only: bool | None = None


class NewLibrary(LibraryChange):
    """A folder that becomes a library; its first scan starts at once."""

    path: Annotated[Text, Field(min_length=1, max_length=4_000)]
