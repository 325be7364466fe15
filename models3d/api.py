"""Models as JSON: flat rows, continued by cursor."""

from http import HTTPStatus
from typing import Any, Final

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.lib.keyset import BadCursor
from models3d.audience import audience_of
from models3d.filters import BrowseFilters
from models3d.sorting import slice_of

_FIELDS: Final = (
    "library_id", "name", "relative_path", "creator__name", "license", "added_at", "file_count", "total_bytes",
    "formats", "size_x_mm", "size_y_mm", "size_z_mm", "is_watertight",
)  # fmt: skip
_DEFAULT_LIMIT: Final = 50
_LARGEST_LIMIT: Final = 200


@login_not_required
@require_safe
def list_models(request: HttpRequest) -> HttpResponse:
    """`{"items": […], "next": cursor or null}` for the parameters of the grid and `limit`."""
    if not request.user.is_authenticated:
        return _problem(HTTPStatus.UNAUTHORIZED, "Sign in first.")
    filters = BrowseFilters.from_query(request.GET)
    limit = request.GET.get("limit", str(_DEFAULT_LIMIT))
    if filters.errors:
        return _problem(HTTPStatus.BAD_REQUEST, " ".join(filters.errors))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 1 <= int(limit) <= _LARGEST_LIMIT):
        return _problem(HTTPStatus.BAD_REQUEST, f"“limit” is a number from 1 to {_LARGEST_LIMIT}.")
    if filters.complaints:
        return _unread_search(filters)
    try:
        found = slice_of(
            filters.apply(audience_of(request.user).models, user=request.user),
            sort=filters.effective_sort,
            words=filters.search.tree,
            fields=_FIELDS,
            after=request.GET.get("after", ""),
            limit=int(limit),
        )
    except BadCursor as error:
        return _problem(HTTPStatus.BAD_REQUEST, str(error))
    return _json({"items": [_item(row) for row in found.rows], "next": found.next or None})


def _unread_search(filters: BrowseFilters) -> HttpResponse:
    """Each fault of the search with its place: a program that asks for something gets that or nothing."""
    faults = [
        {"position": fault.position, "length": fault.length, "detail": fault.sentence}
        for fault in filters.complaints
    ]
    detail = " ".join(fault.sentence for fault in filters.complaints)
    return _problem(HTTPStatus.BAD_REQUEST, detail, errors=faults)


def _item(row: dict[str, Any]) -> dict[str, Any]:
    """A row under the names of the interface."""
    item = {"id": row["id"], "creator": row["creator__name"]}
    return item | {name: row[name] for name in _FIELDS if name != "creator__name"}


def _json(
    content: dict[str, Any], *, status: int = HTTPStatus.OK, kind: str = "application/json"
) -> HttpResponse:
    response = HttpResponse(orjson.dumps(content), status=status, content_type=kind)
    response["Cache-Control"] = "private, no-cache"
    return response


def _problem(status: HTTPStatus, detail: str, **more: Any) -> HttpResponse:
    content = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail, **more}
    return _json(content, status=status, kind="application/problem+json")
