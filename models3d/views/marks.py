"""A person's own marks on a model: favourite and stars. Whoever sees a model may mark it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d import marks
from models3d.permissions import get_visible_model


@require_POST
def favorite(request: HtmxRequest, pk: int, choice: str) -> HttpResponse:
    """Make a model a favourite (`yes`) or not (`no`); htmx gets the button as it is now."""
    if choice not in {"yes", "no"}:
        raise Http404
    model = get_visible_model(request, pk)
    marks.set_favorite(model, user=request.user, is_favorite=choice == "yes")
    if wants_fragment(request):
        row = {"id": model.pk, "name": model.name, "is_favorite": choice == "yes"}
        return render_page(request, "components/favorite.html", {"row": row})
    messages.success(
        request, f"{model.name} is {'now' if choice == 'yes' else 'no longer'} one of your favourites."
    )
    return redirect(model)


@require_POST
def rate(request: HtmxRequest, pk: int) -> HttpResponse:
    """Give a model from 1 to 5 stars; an empty `rating` takes them away."""
    model = get_visible_model(request, pk)
    typed = request.POST.get("rating", "")
    try:
        marks.set_rating(model, user=request.user, rating=int(typed[:9]) if typed else None)
    except ValueError:
        messages.error(request, "A rating is a number from 1 to 5.")
    else:
        messages.success(request, "Your rating is saved." if typed else "Your rating is taken away.")
    return redirect(model)
