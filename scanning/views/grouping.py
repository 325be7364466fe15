"""What belongs to a model: its folder as one model or many, merging it with another, splitting files off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.lib.bell import ring
from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d.models import Model3D
from models3d.permissions import get_editable_model, get_visible_model, may_edit
from models3d.tasks import analyze_waiting
from scanning import regrouping
from scanning.folder_rules import How
from scanning.forms import SplitForm
from scanning.model_grouping import folders_of, grouping_of, mergeable
from scanning.regrouping import GroupingRefused
from scanning.runner import request_scan
from scanning.steering import resume_scan
from scanning.tasks import fill_metadata, run_scan

_LONGEST_WORDS = 200
_DECIDED = {
    How.ONE_MODEL: "All that lies in {folder} becomes one model as soon as the library is scanned, which is under way.",
    How.CONTAINER: "What lies in {folder} becomes models of its own as soon as the library is scanned, which is under way.",
}


@require_GET
def of_model(request: HtmxRequest, pk: int) -> HttpResponse:
    """A panel for the page of the model; a page of its own without script."""
    model = get_visible_model(request, pk)
    context = {"model": model, "grouping": grouping_of(model), "may_edit": may_edit(request)}
    page = "scanning/model_grouping.html"
    return render_page(request, f"{page}#panel" if wants_fragment(request) else page, context)


@require_POST
def folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a folder that the model is or lies in that it is one model, or holds separate ones."""
    model = get_editable_model(request, pk)
    chosen, how = request.POST.get("folder", ""), request.POST.get("how", "")
    if chosen not in folders_of(model) or how not in _DECIDED:
        messages.error(request, "The model does not lie in this folder any more. Look again where it is.")
        return redirect(model)
    regrouping.group_folder(model.library_id, chosen, how=How(how), by=request.user)
    _scan(request, model, folder=chosen)
    messages.success(request, _DECIDED[How(how)].format(folder=f"“{chosen.rpartition('/')[2]}”"))
    return redirect(model)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was decided about a `folder` (its number), or a merge or split (`decision`)."""
    model = get_editable_model(request, pk)
    folder_id, decision_id = _number(request, "folder"), _number(request, "decision")
    is_undone = (folder_id and regrouping.forget_folder(model.library_id, folder_id)) or (
        decision_id and regrouping.forget_decision(model.library_id, decision_id)
    )
    if is_undone:
        _scan(request, model)
        messages.success(
            request, "Undone. Files are sorted by the rules again by the scan that is under way."
        )
    else:
        messages.info(request, "That was undone already.")
    return redirect(model)


@require_http_methods(["GET", "POST"])
def merge(request: HtmxRequest, pk: int) -> HttpResponse:
    """Choose the other model, then take it into this one."""
    model = get_editable_model(request, pk)
    if request.method == "POST":
        number = _number(request, "other")
        if not number:
            messages.error(request, "Choose the model that is to become part of this one.")
            return redirect("scanning:merge", model.pk)
        other = get_editable_model(request, number)
        try:
            regrouping.merge(other, into=model, by=request.user)
        except GroupingRefused as error:
            messages.error(request, str(error))
            return redirect("scanning:merge", model.pk)
        _ring()
        messages.success(request, f"{other.name} is part of {model.name} now.")
        return redirect(model)
    words = request.GET.get("words", "").replace("\0", "").strip()[:_LONGEST_WORDS]
    context = {"model": model, "words": words, "others": mergeable(model, words=words)}
    page = "scanning/merge.html"
    return render_page(request, f"{page}#others" if wants_fragment(request) else page, context)


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick files, name the model that they become."""
    model = get_editable_model(request, pk)
    form = SplitForm(request.POST or None, model=model)
    if form.is_valid():
        try:
            apart = regrouping.split(
                model, form.cleaned_data["chosen"], name=form.cleaned_data["name"], by=request.user
            )
        except GroupingRefused as error:
            form.add_error(None, str(error))
        else:
            _ring()
            messages.success(request, f"{apart.name} is a model of its own now.")
            return redirect(apart)
    return render(request, "scanning/split.html", {"model": model, "form": form})


def _scan(request: HttpRequest, model: Model3D, *, folder: str = "") -> None:
    requested = request_scan(model.library, folder=folder, requested_by=request.user)
    resume_scan(requested.pk)
    ring(run_scan, requested.pk)


def _ring() -> None:
    ring(fill_metadata)
    ring(analyze_waiting)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
