"""Saved searches: keep the look at the grid under a name, rename and delete what was kept."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from collections_app.models import SavedSearch
from config.lib.http import HtmxRequest, render_page
from models3d.forms import SearchNameForm
from models3d.saved_searches import SearchNotSaved, rename_search, save_search, searches_of


@require_safe
def searches(request: HtmxRequest) -> HttpResponse:
    """The person's saved searches, to be opened, renamed and deleted."""
    return render_page(request, "models3d/searches.html", {"searches": searches_of(request.user)})


@require_POST
def save(request: HtmxRequest) -> HttpResponse:
    """Keep the look in `query` under `name`, and show it again."""
    form = SearchNameForm(request.POST)
    query = request.POST.get("query", "")
    if form.is_valid():
        try:
            query = save_search(request.user, name=form.cleaned_data["name"], query=query).query
        except SearchNotSaved as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "The search is saved. It stands in the rail of the library.")
            return redirect(f"{reverse('models3d:grid')}?{query}")
    return render_page(request, "models3d/save_search.html", {"form": form, "query": query})


@require_POST
def rename(request: HtmxRequest, pk: int) -> HttpResponse:
    """Give a saved search another name."""
    search = _own_search(request, pk)
    form = SearchNameForm(request.POST)
    if form.is_valid():
        try:
            rename_search(search, name=form.cleaned_data["name"])
            messages.success(request, "The name is saved.")
        except SearchNotSaved as error:
            messages.error(request, str(error))
    else:
        messages.error(request, "A saved search needs a name of at most 200 characters.")
    return redirect("models3d:searches")


@require_POST
def delete(request: HtmxRequest, pk: int) -> HttpResponse:
    """Forget a saved search."""
    search = _own_search(request, pk)
    search.delete()
    messages.success(request, f"“{search.name}” is deleted.")
    return redirect("models3d:searches")


def _own_search(request: HtmxRequest, pk: int) -> SavedSearch:
    found = searches_of(request.user).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found
