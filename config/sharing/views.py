"""Pages of those who share: the list of links, making one, revoking one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.models import Collection
from config.sharing.forms import ShareForm
from config.sharing.models import ShareLink
from models3d.filters import numbers
from models3d.models import Model3D
from models3d.permissions import get_visible_model, require_editor

_SHOWN = 50


@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """The links one made, every link for owners; newest first, a page at a time."""
    require_editor(request)
    rows = ShareLink.objects.visible_to(request.user).select_related("model", "collection", "created_by")
    rows = rows.defer("model__search_vector")
    if after := numbers([request.GET.get("after", "")]):
        rows = rows.filter(pk__lt=after[0])
    found = list(rows[: _SHOWN + 1])
    now = timezone.now()
    context = {
        "links": [
            (link, request.build_absolute_uri(link.get_absolute_url()), link.is_over(now))
            for link in found[:_SHOWN]
        ],
        "following": found[_SHOWN - 1].pk if len(found) > _SHOWN else None,
    }
    return render(request, "sharing/links.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """Make a link to the model or collection that `?model=` or `?collection=` names."""
    thing = _thing(request)
    require_editor(request)
    form = ShareForm(request.POST or None)
    if not form.is_valid():
        return render(request, "sharing/share.html", {"form": form, "thing": thing})
    user: Any = request.user
    link = ShareLink(
        model=thing if isinstance(thing, Model3D) else None,
        collection=thing if isinstance(thing, Collection) else None,
        created_by=user,
        may_download=form.cleaned_data["may_download"],
        expires_at=form.expires_at(timezone.now()),
    )
    link.set_password(form.cleaned_data["password"])
    link.save()
    messages.success(request, f"The link to {thing} is ready to be copied.")
    return redirect("sharing:links")


@require_POST
def revoke(request: HttpRequest, link_id: int) -> HttpResponse:
    """Close a link for good."""
    link = get_object_or_404(ShareLink.objects.visible_to(request.user), pk=link_id)
    require_editor(request)
    title = link.title
    link.delete()
    messages.success(request, f"The link to {title} is closed.")
    return redirect("sharing:links")


def _thing(request: HttpRequest) -> Model3D | Collection:
    """What is to be shared; Http404 unless the person sees it."""
    if pks := numbers([request.GET.get("model", "")]):
        return get_visible_model(request, pks[0])
    pks = numbers([request.GET.get("collection", "")])
    collection: Collection | None = (
        Collection.objects.filter(pk=pks[0]).first() if pks and pks[0] < 2**63 else None
    )
    if collection is None:
        raise Http404
    user: Any = request.user
    below = list(collection.descendants(include_self=True).values_list("pk", flat=True))
    if not user.is_superuser and not Model3D.objects.visible_to(user).filter(collections__in=below).exists():
        raise Http404
    return collection
