"""What the JSON interfaces of all apps answer with: content with its ETag, pages of lists, and problems in words."""

import hashlib
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypedDict

import orjson
from django.http import HttpRequest, HttpResponse

API_ROOT: Final = "/api/v1"
DEFAULT_LIMIT: Final = 50
LARGEST_LIMIT: Final = 200
# Beyond bigint there is no row.
LARGEST_ID: Final = 2**63 - 1


class ApiRequest(HttpRequest):
    """A request to the API. `admit` says who asks, if a token with this scope or a session lets them; else it raises."""

    admit: Callable[[str], Any]


class Refusal(Exception):
    """Something that was asked for cannot be; `status` is that of HTTP, and `more` are further members of the problem."""

    def __init__(self, status: int, sentence: str, **more: Any) -> None:
        super().__init__(sentence)
        self.status = HTTPStatus(status)
        self.more = more


class Bearer:
    """Lets in who has a session, or a token with the scope."""

    openapi_security_schema: Final = {"type": "http", "scheme": "bearer"}

    def __init__(self, scope: str) -> None:
        self.scope = scope

    def __call__(self, request: ApiRequest) -> Any:
        return request.admit(self.scope)


class Needs(TypedDict):
    """What `needs` adds to an operation."""

    auth: Bearer
    openapi_extra: dict[str, Any]


def needs(scope: str) -> Needs:
    """What to give an operation of django-ninja so that tokens need `scope` for it."""
    return {"auth": Bearer(scope), "openapi_extra": {"x-scope": scope}}


def answer(
    request: HttpRequest, content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """`content` as JSON with its ETag; 304 without content where the other end has it already."""
    body = orjson.dumps(content)
    etag = etag_of(body)
    if request.method in {"GET", "HEAD"} and _names(request.headers.get("If-None-Match", ""), etag):
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = HttpResponse(body, status=status, content_type="application/json", headers=headers)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def nothing() -> HttpResponse:
    """Done, and there is nothing to tell."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """A problem as RFC 9457 writes it; `detail` is a sentence for people."""
    phrase = HTTPStatus(status).phrase
    content = {"type": "about:blank", "title": phrase, "status": int(status), "detail": detail, **more}
    response = HttpResponse(orjson.dumps(content), status=status, content_type="application/problem+json")
    response["Cache-Control"] = "private, no-store"
    return response


def etag_of(body: bytes) -> str:
    """The strong ETag of an answer.

    >>> etag_of(b"{}")
    '"bf78e4a953b40eee238ca2e9"'
    """
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def require_unchanged(request: HttpRequest, content: Any) -> None:
    """Raise a Refusal (412) if the request names, in If-Match, another version than `content`, which GET answers now."""
    wanted = request.headers.get("If-Match", "")
    if wanted and not _names(wanted, etag_of(orjson.dumps(content))):
        raise Refusal(
            HTTPStatus.PRECONDITION_FAILED,
            "Somebody else changed this since you read it. Read it again, then send your change once more.",
        )


def page(items: list[Any], following: str | int) -> dict[str, Any]:
    """One page of a list; `following` continues it, and is empty or 0 at the end."""
    return {"items": items, "next": str(following) if following else None}


def row_number(cursor: str) -> int:
    """The number that a cursor of a list ordered by number stands for; 0 for none. Raises a Refusal."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Refusal(HTTPStatus.BAD_REQUEST, "The place to continue from is not readable.")
    return int(cursor)


def _names(header: str, etag: str) -> bool:
    """Whether a list of ETags has this one, or any."""
    listed = [one.strip().removeprefix("W/") for one in header.split(",")]
    return etag in listed or "*" in listed
