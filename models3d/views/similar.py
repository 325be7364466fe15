"""More like this: the models nearest in shape to one model."""

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d.audience import audience_of
from models3d.permissions import get_visible_model
from models3d.similar import similar_cards

_CARDS: Final = 8


@require_safe
def similar(request: HtmxRequest, pk: int) -> HttpResponse:
    """A row of cards for the page of the model, empty where nothing is alike; a page of its own without script."""
    model = get_visible_model(request, pk)
    cards = similar_cards(model, audience_of(request.user), asked=request.GET.get("file", ""), limit=_CARDS)
    template = "models3d/similar.html#row" if wants_fragment(request) else "models3d/similar.html"
    return render_page(request, template, {"model": model, "cards": cards})
