"""The one address below which the API lies. What it is made of is loaded with the first request: it costs a second and 15 MB."""

from functools import cache
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

if TYPE_CHECKING:
    from config.api.composition import Api


@csrf_exempt  # asked for where it is a session that says who is there; a token does not come by itself
@login_not_required  # answers strangers itself: a problem in JSON, not a page
def answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    """What the operation at the address `rest` answers."""
    return _api().answer(request, rest)


def openapi() -> dict[str, object]:
    """The description of the API."""
    return _api().description


@login_not_required
def description(request: HttpRequest) -> HttpResponse:
    """The description of the API as OpenAPI 3.1; it is the same for everybody."""
    response = HttpResponse(_api().description_json, content_type="application/json")
    response["Cache-Control"] = "public, no-cache"
    return response


@cache
def _api() -> "Api":
    from config.api.composition import Api

    return Api()
