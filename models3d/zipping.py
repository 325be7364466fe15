"""Models as one ZIP, made while it is sent: stored as they are, so that its length is known and no memory fills up.

An archive goes in as it is, with all that is inside it; a file from an archive that does not go in comes by itself.
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from config.lib.streams import Stream
from config.lib.template_tags import display_path
from libraries.models import Library
from libraries.safe_names import UniqueNames, safe_name
from libraries.storage import LibraryStorage, StorageError, storage_for
from models3d.models import Model3D, ModelFile

logger = logging.getLogger(__name__)

_MISSING_LIST: Final = "Missing files.txt"


class TooManyFiles(Exception):
    """The models have more files than go into one ZIP. Choosing fewer helps."""

    def __init__(self) -> None:
        super().__init__(
            f"These models have more than {settings.MOST_FILES_IN_ZIP:,} files, which is the limit for one ZIP. "
            "Choose fewer models."
        )


@dataclass(frozen=True, slots=True)
class _Content:
    """The bytes of one file, read when it is its turn."""

    storage: LibraryStorage
    path: str
    size_bytes: int

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        for chunk in self.storage.open_range(self.path, start=0, length=self.size_bytes):
            sent += len(chunk)
            yield chunk
        if sent != self.size_bytes:
            # The length is promised already: the browser sees that the file is not complete.
            raise ConnectionAbortedError(f"“{display_path(self.path)}” became shorter while it was sent.")


@dataclass(slots=True)
class ZipPlan:
    """What goes into a ZIP: the file's own name, contents by their names in it, and lines about what is missing."""

    name: str
    contents: list[tuple[str, _Content]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def zip_plan(models: Collection[Model3D]) -> ZipPlan:
    """Look at every file of these models, each of which becomes a folder; raises TooManyFiles."""
    name = models_name(models)
    plan, unique, unique_folder = ZipPlan(safe_name(name)), UniqueNames(), UniqueNames()
    folders = {
        model.pk: (unique_folder(safe_name(display_path(model.name))), model.relative_path)
        for model in models
    }
    libraries = Library.objects.filter(pk__in={model.library_id for model in models})
    storages = {library.pk: storage_for(library) for library in libraries}
    for row in _rows(models):
        storage = storages[row["library_id"]]
        folder, model_path = folders[row["model_id"]]
        path = row["relative_path"]
        inside = "/".join(safe_name(part) for part in _inner_path(path, model_path).split("/"))
        _add(plan, storage, path, unique(f"{folder}/{inside}"), is_missing=row["missing_since"] is not None)
    return plan


def models_name(models: Collection[Model3D]) -> str:
    """What a file with these models is called."""
    return next(iter(models)).name if len(models) == 1 else f"{len(models)} models"


def zip_response(request: HttpRequest, plan: ZipPlan) -> HttpResponseBase:
    """The ZIP as it is made; raises config.lib.streams.TooManyStreams."""
    # Takes 50 ms to import, which few requests need.
    from zipstream import ZipStream

    stream: Any = ZipStream(sized=True)
    for name, content in plan.contents:
        stream.add(content, name, size=content.size_bytes)
    if plan.missing:
        text = "These files are in the library, but could not be read when this ZIP was made:\r\n\r\n"
        stream.add(text + "\r\n".join(plan.missing) + "\r\n", _MISSING_LIST)
    response: HttpResponseBase = (
        HttpResponse() if request.method == "HEAD" else StreamingHttpResponse(Stream(_logged(iter(stream))))
    )
    response["Content-Length"] = str(len(stream))
    response["Content-Type"] = "application/zip"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{plan.name}.zip") or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _rows(models: Collection[Model3D]) -> list[Any]:
    chosen = [model.pk for model in models]
    files = ModelFile.objects.filter(model__in=chosen, binned_at=None)
    files = files.exclude(Q(archive__model__in=chosen) & Q(archive__missing_since=None))
    rows = files.order_by("model_id", "relative_path").values(
        "library_id", "model_id", "relative_path", "missing_since"
    )
    found = list(rows[: settings.MOST_FILES_IN_ZIP + 1])
    if len(found) > settings.MOST_FILES_IN_ZIP:
        raise TooManyFiles
    return found


def _add(plan: ZipPlan, storage: LibraryStorage, path: str, name: str, *, is_missing: bool) -> None:
    try:
        size_bytes = storage.stat(path).size_bytes
    except StorageError as error:
        reason = "It was missing at the last scan." if is_missing else str(error)
        plan.missing.append(f"{display_path(path)}: {reason}")
    else:
        plan.contents.append((name, _Content(storage, path, size_bytes)))


def _inner_path(path: str, model_path: str) -> str:
    """The path of a file as seen from its model, as people may read it."""
    shown, above = display_path(path), display_path(model_path).rstrip("/")
    if above and shown.startswith(f"{above}/"):
        return shown[len(above) + 1 :]
    return shown.rpartition("/")[2]


def _logged(content: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from content
    except OSError as error:
        logger.warning("A ZIP ended before it was complete: %s", error)
        raise
