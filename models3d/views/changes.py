"""Changes of files: organising by a path template, the plan and the progress of a change, starting, cancelling, undoing."""

from itertools import islice
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.bell import ring_by_name
from config.lib.http import HtmxRequest, render_page, wants_fragment
from config.lib.keyset import BadCursor, decode_cursor, encode_cursor
from libraries.models import Library
from libraries.path_template import PathTemplate
from models3d import changing
from models3d.changing import ChangeRefused
from models3d.models import FileChange, Model3D, Move
from models3d.organize_forms import OrganizeForm
from models3d.organizing import PlannedMove, plan_moves
from models3d.permissions import may_edit, require_editor

WORK: Final = "scanning.tasks.work_on_changes"
_PREVIEWED: Final = 10
_PER_PAGE: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
def organize(request: HtmxRequest) -> HttpResponse:
    """Choose a library or models of one, and a template; the first moves are shown as one types."""
    require_editor(request)
    libraries = Library.objects.visible_to(request.user)
    data = request.POST or request.GET
    form = OrganizeForm(data if "template" in data else None, libraries=libraries, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            change = changing.organize(
                form.cleaned_data["library"],
                template=form.cleaned_data["template"],
                model_ids=form.cleaned_data["models"] or None,
                by=request.user,
                now=timezone.now(),
            )
        except ChangeRefused as error:
            form.add_error("library", str(error))
        else:
            ring_by_name(WORK)
            return redirect("models3d:change", change.pk)
    context = {"form": form, "moves": _preview(form), "has_libraries": libraries.exists()}
    page = "models3d/files/organize.html"
    return render_page(request, f"{page}#preview" if wants_fragment(request) else page, context)


@require_safe
def change(request: HtmxRequest, pk: int) -> HttpResponse:
    """What is planned, under way or done, model by model."""
    found = get_visible_change(request, pk)
    after = _after(request)
    moves = found.moves.filter(pk__gt=after).select_related("model").order_by("id")
    rows = list(moves[: _PER_PAGE + 1])
    context: dict[str, Any] = {
        "change": found,
        "moves": rows[:_PER_PAGE],
        "next_query": f"?after={encode_cursor([rows[_PER_PAGE - 1].pk])}" if len(rows) > _PER_PAGE else "",
        "may_edit": may_edit(request),
        "can_be_undone": found.is_undoable and found.moves.filter(state=Move.State.DONE).exists(),
    }
    page = "models3d/files/change.html"
    fragment = "rows" if after else "live"
    return render_page(request, f"{page}#{fragment}" if wants_fragment(request) else page, context)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out a plan."""
    found = get_changeable_change(request, pk)
    try:
        is_started = changing.start(found)
    except ChangeRefused as error:
        messages.error(request, str(error))
    else:
        if not is_started:
            messages.info(request, "That was started or cancelled already.")
        ring_by_name(WORK)
    return redirect("models3d:change", found.pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop; what was moved stays moved until it is undone."""
    found = get_changeable_change(request, pk)
    changing.cancel(found, now=timezone.now())
    messages.info(request, "Cancelled. What was moved before can be moved back.")
    return redirect("models3d:change", found.pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Move everything back."""
    found = get_changeable_change(request, pk)
    try:
        back = changing.undo(found, by=request.user, now=timezone.now())
    except ChangeRefused as error:
        messages.error(request, str(error))
        return redirect("models3d:change", found.pk)
    ring_by_name(WORK)
    return redirect("models3d:change", back.pk)


def get_visible_change(request: HttpRequest, pk: int) -> FileChange:
    """The change with its library, if the person may see that; else Http404."""
    if pk >= 2**63:
        raise Http404
    visible = FileChange.objects.filter(library__in=Library.objects.visible_to(request.user))
    return get_object_or_404(visible.select_related("library", "requested_by"), pk=pk)


def get_changeable_change(request: HttpRequest, pk: int) -> FileChange:
    """The same, if the person also edits models; else PermissionDenied."""
    found = get_visible_change(request, pk)
    require_editor(request)
    return found


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What an address asks for: `?library=` or one or more `?model=`, with the template of the library."""
    numbers = [n for n in (*request.GET.getlist("model"), request.GET.get("library", "")) if n]
    if any(not (n.isascii() and n.isdigit() and len(n) < 19) for n in numbers):
        raise Http404
    chosen = Model3D.objects.visible_to(request.user).filter(pk__in=request.GET.getlist("model"))
    models = list(chosen.values_list("pk", "library_id")[:1_000])
    library_id = models[0][1] if models else request.GET.get("library") or None
    library = Library.objects.visible_to(request.user).filter(pk=library_id).first() if library_id else None
    return {
        "library": library,
        "template": (library and library.path_template) or "{creator}/{name}",
        "models": ",".join(str(pk) for pk, _ in models),
    }


def _preview(form: OrganizeForm) -> list[PlannedMove]:
    """The first models that would move or cannot; nothing while the form does not say which."""
    if form.is_bound and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
    elif form.is_bound or not form.initial["library"]:
        return []
    else:
        values = {**form.initial, "models": form.fields["models"].clean(form.initial["models"])}
    models = Model3D.objects.filter(library=values["library"])
    if values["models"]:
        models = models.filter(pk__in=values["models"])
    planned = islice(plan_moves(models, PathTemplate(values["template"])), 500)
    return list(islice((move for move in planned if not move.is_unchanged), _PREVIEWED))


def _after(request: HttpRequest) -> int:
    try:
        return int(decode_cursor(request.GET["after"], types=[int])[0]) if request.GET.get("after") else 0
    except BadCursor:
        return 0
