"""Bulk edits: the form of one action for what was chosen in the grid, and the pages that show how far edits are."""

import json
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.lib.bell import ring
from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d import bulk
from models3d.audience import audience_of
from models3d.browsing import COUNT_LIMIT
from models3d.bulk_forms import BULK_FORMS, BulkForm
from models3d.bulk_models import BulkEdit
from models3d.filters import numbers
from models3d.permissions import may_edit, require_editor
from models3d.selection import Selection, SelectionProblem
from models3d.tasks import analyze_waiting, work_off_bulk_edits

# What a request does itself before it leaves the rest to a worker: most edits are done when the page comes back.
_SECONDS: Final = 0.5
_SHOWN: Final = 50


@require_POST
def choose(request: HtmxRequest) -> HttpResponse:
    """Every action there is for the chosen models, as buttons."""
    return _with_selection(request, "models3d/bulk_choose.html", {"may_edit": may_edit(request)})


@require_POST
def edit(request: HtmxRequest, action: str) -> HttpResponse:
    """The form of one action; sent with `apply`, the action itself."""
    if action not in BULK_FORMS:
        raise Http404
    if action != BulkEdit.Action.SET_FAVORITE:
        require_editor(request)
    is_sent = "apply" in request.POST
    form = BULK_FORMS[action](request.POST if is_sent else None)
    if not (is_sent and form.is_valid()):
        return _with_selection(request, "models3d/bulk_form.html", {"form": form, "action": action})
    try:
        selection = Selection.from_post(request.POST)
    except SelectionProblem as error:
        return _refused(request, str(error))
    return _answer(request, _begin(request, selection, action=action, form=form))


@require_safe
@never_cache
def edits(request: HtmxRequest) -> HttpResponse:
    """The latest bulk edits of the person; of everybody, for the owner. `?after=` is the number of the last one shown."""
    after = numbers([request.GET.get("after", "")])
    rows = BulkEdit.objects.visible_to(request.user).select_related("user").order_by("-id")
    found = list((rows.filter(pk__lt=after[0]) if after else rows)[: _SHOWN + 1])
    next_query = f"?after={found[_SHOWN - 1].pk}" if len(found) > _SHOWN else ""
    return render_page(request, "models3d/edits.html", {"edits": found[:_SHOWN], "next_query": next_query})


@require_safe
@never_cache
def progress(request: HtmxRequest, edit_id: int) -> HttpResponse:
    """How far one edit is; the fragment asks again while it is under way."""
    row = get_object_or_404(BulkEdit.objects.visible_to(request.user), pk=edit_id)
    template = "models3d/bulk_edit.html#state" if wants_fragment(request) else "models3d/bulk_edit.html"
    return render_page(request, template, {"edit": row})


@require_POST
def cancel(request: HtmxRequest, edit_id: int) -> HttpResponse:
    row = get_object_or_404(BulkEdit.objects.visible_to(request.user), pk=edit_id)
    bulk.cancel(row)
    messages.success(request, "The edit ends after the models it is at.")
    return redirect("models3d:bulk_edit", row.pk)


@require_POST
def undo(request: HtmxRequest, edit_id: int) -> HttpResponse:
    """Take back what an edit put on, or put back what it took off."""
    row = get_object_or_404(BulkEdit.objects.visible_to(request.user), pk=edit_id)
    require_editor(request)
    try:
        made = bulk.undo(row, user=request.user, now=timezone.now())
    except bulk.AlreadyUndone as error:
        messages.error(request, str(error))
        return redirect("models3d:bulk_edit", row.pk)
    for pk in made:
        bulk.work_on(pk, seconds=_SECONDS)
    ring(work_off_bulk_edits)
    return redirect("models3d:bulk_edit", made[0]) if len(made) == 1 else redirect("models3d:bulk_edits")


def _begin(request: HtmxRequest, selection: Selection, *, action: str, form: BulkForm) -> BulkEdit:
    value, title = form.request()
    made = bulk.request_bulk_edit(
        selection, user=request.user, action=BulkEdit.Action(action), value=value, title=title
    )
    bulk.work_on(made.pk, seconds=_SECONDS)
    ring(work_off_bulk_edits)
    if action == BulkEdit.Action.REANALYZE:
        ring(analyze_waiting)
    return BulkEdit.objects.defer("model_ids").get(pk=made.pk)


def _answer(request: HtmxRequest, made: BulkEdit) -> HttpResponse:
    """A sentence and the grid again where the edit is done already; else the page that shows how far it is."""
    is_done = made.state == BulkEdit.State.DONE
    if not wants_fragment(request):
        if is_done:
            messages.success(request, _sentence(made))
        return redirect("models3d:grid" if is_done else "models3d:bulk_edit", *([] if is_done else [made.pk]))
    if not is_done:
        return render_page(request, "models3d/bulk_edit.html#dialog", {"edit": made})
    response = HttpResponse(status=204)
    toast = {"text": _sentence(made)}
    response["HX-Trigger"] = json.dumps({"toast": toast, "closeDialog": True, "selectionDone": True})
    return response


def _sentence(made: BulkEdit) -> str:
    """What was done, such as "Add the tag “toy”: 3 models changed."."""
    number = f"{made.changed_count:,} model{'' if made.changed_count == 1 else 's'} changed"
    unchanged = (made.total_count or 0) - made.changed_count
    return f"{made.title}: {number}{f', {unchanged:,} had it so already' if unchanged else ''}."


def _with_selection(request: HtmxRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    try:
        selection = Selection.from_post(request.POST)
    except SelectionProblem as error:
        return _refused(request, str(error))
    what = selection.label(audience_of(request.user), limit=COUNT_LIMIT)
    if form := context.get("form"):
        context["heading"] = form.heading.format(what=what)
    context |= {"what": what, "selection_fields": selection.fields().items()}
    return render_page(request, f"{template}#dialog" if wants_fragment(request) else template, context)


def _refused(request: HtmxRequest, sentence: str) -> HttpResponse:
    if not wants_fragment(request):
        messages.error(request, sentence)
        return redirect("models3d:grid")
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"toast": {"text": sentence, "level": "error"}})
    return response
