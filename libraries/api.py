"""Libraries as JSON: the list, one, and for owners adding, changing and removing."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from config.lib.answers import Refusal, answer, needs, nothing, page, require_unchanged, row_number
from config.lib.api_types import After, Limit, PathId
from config.lib.bell import ring_by_name
from libraries.models import Library
from libraries.permissions import get_visible_library, require_owner
from libraries.schemas import LibraryChange, LibraryOut, LibraryPage, NewLibrary
from libraries.services import LibraryPathProblem, add_library, remove_libraries
from libraries.validators import validate_path_template

router = Router(tags=["Libraries"])
_COUNTS = (
    "id", "name", "storage", "is_read_only", "is_restricted", "model_count", "file_count", "total_bytes",
    "scanned_at", "next_scan_at",
)  # fmt: skip
_SETTINGS = (
    "grouping", "absorbed_names", "path_template", "ignore_patterns", "scan_interval_minutes", "is_watched",
)  # fmt: skip


@router.get("libraries", response=LibraryPage, operation_id="list_libraries", **needs("read"))
def list_libraries(request: HttpRequest, limit: Limit, after: After) -> HttpResponse:
    """The libraries that you may see, in the order they were added."""
    rows = Library.objects.visible_to(request.user).order_by("pk").filter(pk__gt=row_number(after))
    found = list(rows[: limit + 1])
    items = [_told(request, row) for row in found[:limit]]
    return answer(request, page(items, found[limit - 1].pk if len(found) > limit else ""))


@router.get("libraries/{int:library_id}", response=LibraryOut, operation_id="get_library", **needs("read"))
def get_library(request: HttpRequest, library_id: PathId) -> HttpResponse:
    """One library."""
    return answer(request, _told(request, get_visible_library(request, library_id)))


@router.post("libraries", response={201: LibraryOut}, operation_id="add_library", **needs("admin"))
def add(request: HttpRequest, body: NewLibrary) -> HttpResponse:
    """Make a folder of the server a library, read-only unless you say otherwise. For owners."""
    require_owner(request)
    given = body.model_dump(exclude={"path", "name"}, exclude_none=True)
    _check(given)
    try:
        library = add_library(
            path=body.path,
            name=body.name or "",
            data_dir=settings.DATA_DIR,
            next_scan_at=timezone.now(),  # due: the scanning room, which is not known here, picks it up
            **given,
        )
    except LibraryPathProblem as error:
        raise Refusal(422, str(error)) from error
    ring_by_name("scanning.tasks.start_due_scans")
    headers = {"Location": f"{request.path}/{library.pk}"}
    return answer(request, _told(request, library), status=201, headers=headers)


@router.patch(
    "libraries/{int:library_id}", response=LibraryOut, operation_id="change_library", **needs("admin")
)
def change(request: HttpRequest, library_id: PathId, body: LibraryChange) -> HttpResponse:
    """Change the settings of a library. For owners."""
    _managed(request, library_id)
    given = body.model_dump(exclude_none=True)
    _check(given)
    with transaction.atomic():
        library = Library.objects.select_for_update().get(pk=library_id)
        require_unchanged(request, _told(request, library))
        for name, value in given.items():
            setattr(library, name, value)
        if "scan_interval_minutes" in given:
            library.next_scan_at = library.next_scan_after(library.scanned_at or timezone.now())
            given["next_scan_at"] = library.next_scan_at
        library.save(update_fields=list(given))
    return answer(request, _told(request, library))


@router.delete(
    "libraries/{int:library_id}", response={204: None}, operation_id="remove_library", **needs("admin")
)
def remove(request: HttpRequest, library_id: PathId) -> HttpResponse:
    """Remove a library: what Layershelf knows of it goes, its files stay where they are. For owners."""
    library = _managed(request, library_id)
    require_unchanged(request, _told(request, library))
    remove_libraries([library.pk], now=timezone.now())
    ring_by_name("scanning.tasks.clear_removed_libraries")
    return nothing()


def _managed(request: HttpRequest, library_id: int) -> Library:
    require_owner(request)
    return get_visible_library(request, library_id)


def _check(given: dict[str, Any]) -> None:
    """Raise a Refusal for what only the words of a value can tell."""
    try:
        if given.get("path_template"):
            validate_path_template(given["path_template"])
    except ValidationError as error:
        raise Refusal(422, " ".join(error.messages)) from error
    if any("/" in name for name in given.get("absorbed_names", [])):
        raise Refusal(422, "“absorbed_names” are names of folders, without “/”.")


def _told(request: HttpRequest, library: Library) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(library, name) for name in _COUNTS}
    if request.user.is_authenticated and request.user.is_superuser:
        told |= {"place": library.place, **{name: getattr(library, name) for name in _SETTINGS}}
    return told
