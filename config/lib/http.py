"""What a view gets and gives beyond plain Django: typed HTMX requests, fragments that caches keep apart from pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request that has passed HtmxMiddleware."""

    htmx: HtmxDetails


def wants_fragment(request: HtmxRequest) -> bool:
    """Whether the answer is put into a page that is already shown; Back in the browser asks for a whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def render_page(request: HtmxRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render, and say to caches that page and fragment share the address."""
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
