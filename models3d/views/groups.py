"""Tags and creators: lists with merging and deleting, and the page that changes one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collections_app.models import Creator, Tag
from config.lib.versions import ChangedMeanwhile, version_of
from models3d import group_services
from models3d.audience import Audience, audience_of
from models3d.collection_forms import CreatorForm, TagForm
from models3d.filters import numbers
from models3d.grouping_lists import group_page, visible_groups
from models3d.permissions import may_arrange, require_arranging

_MOST_MERGED = 100
_LONGEST = 200


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag, to be found, renamed, merged, deleted."""
    unused = group_services.unused_tags()[:1_000].count() if _may(request) else 0
    return _list(request, Tag.objects, {"title": "Tags", "parameter": "tag", "unused_count": unused})


@require_safe
def creators(request: HttpRequest) -> HttpResponse:
    """Every creator."""
    return _list(request, Creator.objects, {"title": "Creators", "parameter": "creator"})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a tag."""
    tag = _one(request, Tag.objects, pk)
    initial = {"name": tag.name, "version": version_of(tag.name)}
    form = TagForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            saved = group_services.rename_tag(pk, **form.cleaned_data)
        except (group_services.NameTaken, ChangedMeanwhile) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The tag is now called {saved.name}.")
            return redirect("models3d:tags")
    return render(request, "models3d/group_form.html", {"form": form, "row": tag, "kind": "tag"})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_creator(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, links and notes of a creator."""
    creator = _one(request, Creator.objects, pk)
    version = group_services.creator_version(creator)
    form = CreatorForm(request.POST or None, initial=CreatorForm.initial_of(creator, version))
    if form.is_valid():
        try:
            saved = group_services.change_creator(pk, **form.cleaned_data)
        except (group_services.NameTaken, ChangedMeanwhile) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{saved.name} is saved.")
            return redirect(f"{reverse('models3d:grid')}?creator={saved.pk}")
    return render(request, "models3d/group_form.html", {"form": form, "row": creator, "kind": "creator"})


@require_POST
def change_groups(request: HttpRequest, kind: str) -> HttpResponse:
    """Merge the ticked tags or creators into the one named `into`, or delete them (`delete`), or all unused tags."""
    audience = audience_of(request.user)
    require_arranging(request, audience)
    if kind not in {"tags", "creators"}:
        raise Http404
    groups: Any = Tag.objects if kind == "tags" else Creator.objects
    if kind == "tags" and "unused" in request.POST:
        number = group_services.delete_unused_tags()
        messages.success(request, f"{number:,} unused tags are deleted.")
        return redirect("models3d:tags")
    ticked = list(groups.filter(pk__in=numbers(request.POST.getlist("id"))[: _MOST_MERGED + 1]))
    if not ticked or len(ticked) > _MOST_MERGED:
        messages.error(request, f"Tick from 1 to {_MOST_MERGED} {kind} first.")
    elif "delete" in request.POST:
        group_services.delete(ticked)
        messages.success(request, f"{len(ticked):,} {kind} are deleted. The models stay.")
    else:
        _merge(request, groups, ticked)
    return redirect(f"models3d:{kind}")


def _merge(request: HttpRequest, groups: Any, ticked: list[Any]) -> None:
    name = " ".join(request.POST.get("into", "").replace("\x00", "").split())
    kept = next(iter(groups.known([name])), None) if name else None
    if kept is None:
        messages.error(request, f"There is none called “{name[:60]}”. Type the name of the one that stays.")
        return
    number = group_services.merge(kept, ticked)
    messages.success(request, f"{kept.name} now stands for all that were ticked; {number:,} models changed.")


def _list(request: HttpRequest, groups: Any, context: dict[str, Any]) -> HttpResponse:
    audience = audience_of(request.user)
    typed = request.GET.get("name", "").replace("\x00", "").strip()[:_LONGEST]
    page = group_page(groups, audience, typed=typed, after=request.GET.get("after", ""))
    context |= {"page": page, "typed": typed, "may_arrange": may_arrange(request, audience)}
    return render(request, "models3d/groups.html", context)


def _one(request: HttpRequest, groups: Any, pk: int) -> Any:
    audience: Audience = audience_of(request.user)
    found = visible_groups(groups, audience).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    require_arranging(request, audience)
    return found


def _may(request: HttpRequest) -> bool:
    return may_arrange(request, audience_of(request.user))
