"""Collections: the outermost ones as cards, making one, changing one, deleting one. What is inside shows in the grid."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.models import Collection
from collections_app.services import delete_collection
from collections_app.tree import path_of, subtree_ids, trails
from models3d.audience import Audience, audience_of
from models3d.collecting import PAGE, collection_cards, cover_choices, opened
from models3d.collection_forms import CollectionForm
from models3d.permissions import may_edit, require_arranging, require_editor

_COVERS: Final = 23


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """The outermost collections by name; `?after=` is the last name shown."""
    audience = audience_of(request.user)
    after = request.GET.get("after", "").replace("\x00", "")[:200]
    cards = collection_cards(audience, parent=None, after=after)
    context = {
        "cards": cards[:PAGE],
        "next_after": cards[PAGE - 1].name if len(cards) > PAGE else "",
        "may_edit": may_edit(request),
    }
    return render(request, "models3d/collections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_collection(request: HttpRequest) -> HttpResponse:
    """Make a collection, in `?inside=` (a number) where it is given."""
    require_editor(request)
    form = CollectionForm(request.POST or None, initial={"inside": _inside(request)})
    if form.is_valid() and (made := form.save(None)) is not None:
        messages.success(request, f"{made.name} is made. Choose models in the library to put them in.")
        return redirect(f"{reverse('models3d:grid')}?collection={made.pk}")
    return render(request, "models3d/collection_form.html", {"form": form, "title": "New collection"})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, move and describe a collection, and choose its picture."""
    audience = audience_of(request.user)
    row = _found(pk, audience)
    require_arranging(request, audience)
    form = CollectionForm(request.POST or None, initial=CollectionForm.initial_of(row))
    if form.is_valid() and (saved := form.save(row.pk)) is not None:
        messages.success(request, f"{saved.name} is saved.")
        return redirect(f"{reverse('models3d:grid')}?collection={saved.pk}")
    row = get_object_or_404(Collection, pk=pk)
    context = {
        "form": form,
        "collection": row,
        "title": f"Edit {row.name}",
        "covers": cover_choices(pk, audience, limit=_COVERS),
        "chosen_cover": form["cover"].value() or "",
    }
    return render(request, "models3d/collection_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a collection and those inside it. Models stay."""
    audience = audience_of(request.user)
    row = _found(pk, audience)
    require_arranging(request, audience)
    if request.method == "POST":
        name, number = row.name, delete_collection(row.pk)
        others = f" and {number - 1:,} inside it" if number > 1 else ""
        messages.success(
            request, f"The collection {name}{others} is deleted. Its models stay in the library."
        )
        return redirect("models3d:collections")
    context: dict[str, Any] = {"collection": row, "inner_count": len(subtree_ids([pk])) - 1}
    return render(request, "models3d/collection_remove.html", context)


def _found(pk: int, audience: Audience) -> Collection:
    found = opened(pk, audience) if pk < 2**63 else None
    if found is None:
        raise Http404
    return found.row


def _inside(request: HttpRequest) -> str:
    typed = request.GET.get("inside", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        return ""
    found = opened(int(typed), audience_of(request.user))
    return path_of(trails([found.row.pk])[found.row.pk]) if found else ""
