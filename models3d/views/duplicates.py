"""Duplicates: look at groups of files that may be copies, keep one, keep all, and take decisions back."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.http import HtmxRequest, render_page, wants_fragment
from libraries.models import Library
from models3d import duplicates, putting_aside
from models3d.audience import Audience, audience_of
from models3d.duplicates import Alikeness
from models3d.filters import numbers
from models3d.models import ModelFile
from models3d.permissions import may_edit, require_editor
from models3d.reviewing import ALIKENESSES, aside_page, choices_in, review_page

_MOST_FILES: Final = 50
_MOST_GROUPS: Final = 50


@require_safe
@never_cache
def review(request: HtmxRequest) -> HttpResponse:
    """Groups of one kind, narrowed to one library if wanted."""
    audience = audience_of(request.user)
    alikeness = _alikeness(request.GET)
    library = _library(audience, request.GET.get("library", ""))
    after = request.GET.get("after", "")
    context = {
        "review": review_page(audience, alikeness, library_id=library.pk if library else None, after=after),
        "alikeness": alikeness,
        "alikenesses": ALIKENESSES,
        "library": library,
        "libraries": audience.libraries,
        "after": after,
        "may_edit": may_edit(request),
    }
    return render_page(request, "models3d/duplicates.html", context)


@require_POST
def keep(request: HtmxRequest) -> HttpResponse:
    """Keep the file of the number `keep`; the other ones named `file` are put aside."""
    files = _files(request)
    kept = next((file for file in files if str(file.pk) == request.POST.get("keep")), None)
    if kept is None:
        raise Http404
    others = [file for file in files if file is not kept]
    try:
        number = putting_aside.put_aside(kept, others, now=timezone.now())
    except putting_aside.NotPutAside as error:
        return _settled(request, refusal=str(error))
    sentence = f"{kept.file_name} is kept; {number:,} {'file is' if number == 1 else 'files are'} put aside."
    return _settled(request, sentence=sentence, files=others, undo="aside")


@require_POST
def tell_apart(request: HtmxRequest) -> HttpResponse:
    """Remember for good that the files named `file` are no duplicates of one another."""
    files = _files(request)
    duplicates.say_not_duplicates(files, said_by=request.user)
    sentence = "All are kept. They are not shown as duplicates of one another again."
    return _settled(request, sentence=sentence, files=files, undo="apart")


@require_POST
def undo(request: HtmxRequest) -> HttpResponse:
    """Take back what was done with the files named `file`: put aside (`what` is aside), or told apart."""
    files = _files(request)
    if request.POST.get("what") == "apart":
        duplicates.take_back(files)
        return _settled(request, sentence="Taken back. They are shown as duplicates again.")
    number = putting_aside.bring_back(files)
    return _settled(request, sentence=f"{number:,} {'file is' if number == 1 else 'files are'} back.")


@require_safe
@never_cache
def aside(request: HtmxRequest) -> HttpResponse:
    """What was put aside, to be brought back."""
    page = aside_page(audience_of(request.user), after=request.GET.get("after", ""))
    return render_page(request, "models3d/put_aside.html", {"page": page, "may_edit": may_edit(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def keep_in_library(request: HtmxRequest) -> HttpResponse:
    """What would happen if of each group of a page the files in one library stayed; POST lets it happen.

    A POST names the groups that were shown as `group`, each the number of the file that stays and those of the others.
    """
    require_editor(request)
    audience = audience_of(request.user)
    asked = request.POST if request.method == "POST" else request.GET
    kept_in = _library(audience, asked.get("keep_in", ""))
    if kept_in is None:
        messages.error(request, "Choose the library whose files are to stay.")
        return redirect(_address(asked))
    if request.method == "POST":
        _keep_groups(request, audience)
        return redirect(_address(asked))
    library = _library(audience, asked.get("library", ""))
    after = asked.get("after", "")
    choices = choices_in(kept_in, audience, library_id=library.pk if library else None, after=after)
    context = {
        "kept_in": kept_in,
        "choices": choices,
        "leaving_count": sum(len(choice.leaving) for choice in choices),
        "library": library,
        "after": after,
        "back_url": _address(asked),
    }
    return render_page(request, "models3d/duplicates_keep.html", context)


def _keep_groups(request: HttpRequest, audience: Audience) -> None:
    number, refusals = 0, []
    seen = ModelFile.objects.filter(library__in=[library.pk for library in audience.libraries])
    for text in request.POST.getlist("group")[:_MOST_GROUPS]:
        wanted = numbers(text.split(",")[:_MOST_FILES])
        files = seen.in_bulk(wanted)
        if not wanted or wanted[0] not in files:
            continue
        kept = files.pop(wanted[0])
        try:
            number += putting_aside.put_aside(kept, list(files.values()), now=timezone.now())
        except putting_aside.NotPutAside as error:
            refusals.append(str(error))
    messages.success(request, f"{number:,} {'file is' if number == 1 else 'files are'} put aside.")
    for refusal in refusals[:3]:
        messages.error(request, refusal)


def _files(request: HttpRequest) -> list[ModelFile]:
    """The files named `file`, if the person may see every one and change models; else Http404 or PermissionDenied."""
    wanted = set(numbers(request.POST.getlist("file")[: _MOST_FILES + 1]))
    found = ModelFile.objects.visible_to(request.user).select_related("shape").filter(pk__in=wanted)
    files = list(found.order_by("pk"))
    if not files or len(files) != len(wanted) or len(files) > _MOST_FILES:
        raise Http404
    require_editor(request)
    return files


def _settled(
    request: HtmxRequest, *, sentence: str = "", refusal: str = "", files: Any = (), undo: str = ""
) -> HttpResponse:
    """A note in the place of the group, with a way back; without script the page again, with the note above it."""
    if wants_fragment(request):
        context = {"sentence": sentence, "refusal": refusal, "files": files, "undo": undo}
        return render_page(request, "models3d/duplicate_settled.html", context)
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, sentence)
    if request.POST.get("from") == "aside":
        return redirect("models3d:put_aside")
    return redirect(_address(request.POST))


def _address(asked: QueryDict) -> str:
    """The page that a form was on."""
    query = QueryDict(mutable=True)
    for name in ("kind", "library", "after"):
        if value := asked.get(name):
            query[name] = value
    return f"{reverse('models3d:duplicates')}?{query.urlencode()}"


def _alikeness(asked: QueryDict) -> Alikeness:
    kind = asked.get("kind", "")
    return kind if kind in ALIKENESSES else "same_file"


def _library(audience: Audience, asked: str) -> Library | None:
    return next((library for library in audience.libraries if str(library.pk) == asked), None)
