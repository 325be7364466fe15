"""The API as a whole: one router per app, who is let in, and every failure as a problem in words."""

import logging
from collections.abc import Callable
from functools import cached_property, partial
from http import HTTPStatus
from typing import Any, Final, cast

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from config.api.openapi import described
from config.api.signing_in import sign_in
from config.lib.answers import API_ROOT, ApiRequest, Refusal, problem
from config.lib.keyset import BadCursor
from config.lib.streams import TooManyStreams
from config.lib.versions import ChangedMeanwhile
from libraries.api import router as libraries_router
from models3d.api import routers as model_routers
from scanning.api import routers as scanning_routers

logger = logging.getLogger(__name__)

_NOT_FOUND: Final = "There is nothing at this address, or nothing that you may see."


class Api:
    """The operations, and how a request finds its own."""

    def __init__(self) -> None:
        self.ninja = _composed()
        self._resolver = URLResolver(RegexPattern(r""), self.ninja.urls[0])

    def answer(self, request: HttpRequest, rest: str) -> HttpResponseBase:
        """What the operation at `rest` answers; trouble of any kind is a problem."""
        if not rest:
            return problem(HTTPStatus.NOT_FOUND, "The description is at openapi.json.")
        try:
            match = self._resolver.resolve(rest)
        except Resolver404:
            return problem(HTTPStatus.NOT_FOUND, _NOT_FOUND)
        cast("ApiRequest", request).admit = partial(sign_in, request)
        response = match.func(request, *match.args, **match.kwargs)
        return _in_words(request, response)

    @cached_property
    def description(self) -> dict[str, Any]:
        """The description of all operations, as OpenAPI 3.1."""
        return described(self.ninja, prefix=API_ROOT)

    @cached_property
    def description_json(self) -> bytes:
        """The same as text."""
        return orjson.dumps(self.description, option=orjson.OPT_NON_STR_KEYS)


def _composed() -> NinjaAPI:
    api = NinjaAPI(
        title="Layershelf",
        version="1",
        description="The library as programs see it. Each answer is what the person of the token may see.",
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
    )
    for router in (libraries_router, *model_routers, *scanning_routers):
        api.add_router("", router)
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refusal: _refused,
        HttpError: lambda _, error: problem(error.status_code, f"{str(error).rstrip('.')}."),
        ValidationError: _not_valid,
        BadCursor: lambda _, error: problem(HTTPStatus.BAD_REQUEST, str(error)),
        ChangedMeanwhile: lambda _, error: problem(HTTPStatus.PRECONDITION_FAILED, str(error)),
        Http404: lambda _, __: problem(HTTPStatus.NOT_FOUND, _NOT_FOUND),
        PermissionDenied: lambda _, error: problem(
            HTTPStatus.FORBIDDEN, str(error) or "You may not do this."
        ),
        TooManyStreams: _come_again,
        Exception: _failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    return api


def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    response = problem(error.status, str(error), **error.more)
    if "retry_after" in error.more:
        response["Retry-After"] = str(error.more["retry_after"])
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Layershelf"'
    return response


def _come_again(request: HttpRequest, error: TooManyStreams) -> HttpResponse:
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    response["Retry-After"] = str(error.retry_seconds)
    return response


def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Each fault with the place of its value: body, path or query, then names and numbers inwards."""
    faults = [{"at": list(map(str, one["loc"])), "detail": one["msg"]} for one in error.errors]
    detail = "; ".join(f"{'.'.join(one['at'])}: {one['detail']}" for one in faults[:5])
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{detail}.", errors=faults)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s failed.", request.method, request.path, exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong in Layershelf; nothing was changed. Its log says more.",
    )


def _in_words(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The same answer, but a bare refusal, such as of a wrong method, becomes a problem with its headers."""
    is_told = response.get("Content-Type", "") == "application/problem+json"
    if response.status_code < HTTPStatus.BAD_REQUEST or is_told or not isinstance(response, HttpResponse):
        return response
    told = response.content.decode("utf-8", "replace").strip()
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        told = f"This address does not answer {request.method}, but {response['Allow']}."
    answered = problem(response.status_code, told or HTTPStatus(response.status_code).phrase)
    for name, value in response.items():
        if name not in {"Content-Type", "Content-Length", "Cache-Control"}:
            answered[name] = value
    return answered
