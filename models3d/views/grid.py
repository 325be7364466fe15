"""The grid of models, its next pages, and the rail of facets."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d.audience import Audience, audience_of
from models3d.browsing import Shelf, chips, count_at_hand, count_label, faults, finished_cards, meant, shelf
from models3d.facets import counted_facets, stored_facets
from models3d.filters import BrowseFilters, numbers
from models3d.headings import heading_of
from models3d.permissions import may_arrange, may_edit
from models3d.saved_searches import searches_of
from models3d.sorting import SORTS

_SAVED_SHOWN: Final = 30
# As many as a page can have.
_MOST_WAITING: Final = 200


@require_safe
def grid(request: HtmxRequest) -> HttpResponse:
    """The models as pictures; a fragment while one types, ticks or scrolls."""
    filters = BrowseFilters.from_query(request.GET)
    audience = audience_of(request.user)
    after = request.GET.get("after", "")
    context: dict[str, Any] = {"filters": filters, "shelf": shelf(filters, audience, after=after)}
    is_fragment = wants_fragment(request)
    if is_fragment and after:
        return render_page(request, "models3d/grid.html#cards", context)
    context |= _around(request, filters, audience, context["shelf"])
    if is_fragment:
        response = render_page(request, "models3d/grid.html#results", context | {"is_fragment": True})
        response["HX-Push-Url"] = reverse("models3d:grid") + filters.address().removesuffix("?")
        return response
    # Counting the choices of a search takes longer than showing it: the page asks for the numbers afterwards.
    is_exact = not filters.is_narrowed and audience.sees_all and not audience.hides_sensitive
    context |= {
        "facets": stored_facets(filters, audience, is_counted=is_exact),
        "facets_lack_counts": not is_exact,
        "saved_searches": searches_of(request.user)[:_SAVED_SHOWN],
    }
    return render_page(request, "models3d/grid.html", context)


@require_safe
def pictures(request: HtmxRequest) -> HttpResponse:
    """Cards whose picture was made since the page was shown, asked for again while more are being made."""
    found = finished_cards(numbers(request.GET.getlist("id")[:_MOST_WAITING]), audience_of(request.user))
    return render_page(request, "models3d/pictures.html", {"shelf": found})


@require_safe
def facets(request: HtmxRequest) -> HttpResponse:
    """The numbers that take longer than the models themselves: of each choice in the rail, and of all that fit."""
    filters = BrowseFilters.from_query(request.GET)
    audience = audience_of(request.user)
    if filters.is_narrowed or not audience.sees_all or audience.hides_sensitive:
        found = counted_facets(filters, audience)
    else:
        found = stored_facets(filters, audience, is_counted=True)
    context = {"facets": found, "filters": filters, "count_label": count_label(filters, audience)}
    return render_page(request, "models3d/facets.html", context)


def _around(request: HttpRequest, filters: BrowseFilters, audience: Audience, shown: Shelf) -> dict[str, Any]:
    libraries = audience.libraries
    return {
        "q": filters.q,
        "may_edit": may_edit(request),
        "heading": heading_of(filters, audience, may_arrange=may_arrange(request, audience)),
        "count_label": count_at_hand(filters, audience, shown),
        "chips": chips(filters, audience),
        "complaints": faults(filters),
        "meant": meant(filters, audience, shown),
        "sorts": [(key, sort.label) for key, sort in SORTS.items()],
        "libraries": libraries,
        "is_scanning": any(library.scanned_at is None for library in libraries),
        "facets_url": reverse("models3d:facets") + filters.address(),
    }
