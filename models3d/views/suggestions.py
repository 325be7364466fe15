"""What a text box may become, as the options of its list."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from models3d.audience import audience_of
from models3d.suggesting import suggestions

_KINDS: Final = frozenset({"tags", "creators", "collections", "licenses"})
_LONGEST: Final = 500


@require_safe
@never_cache
def suggest(request: HttpRequest, kind: str) -> HttpResponse:
    """Options for the one parameter that was sent, whatever the name of its text box."""
    if kind not in _KINDS:
        raise Http404
    typed = request.GET.get(next(iter(request.GET), ""), "").replace("\x00", "")[:_LONGEST]
    options = suggestions(kind, typed, audience_of(request.user))
    return render(request, "models3d/options.html", {"options": options})
