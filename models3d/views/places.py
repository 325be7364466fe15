"""Where the files of a model are: moving and renaming them, putting them into the bin, and who did so before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.bell import ring_by_name
from config.lib.http import HtmxRequest, render_page, wants_fragment
from libraries.paths import display_path
from models3d import changing
from models3d.changing import ChangeRefused
from models3d.models import FileChange, ModelFile
from models3d.organize_forms import PathForm
from models3d.permissions import (
    get_editable_model,
    get_visible_file,
    get_visible_model,
    may_edit,
    require_editor,
)
from models3d.views.changes import WORK

_HISTORY = 20


@require_safe
def place(request: HtmxRequest, pk: int) -> HttpResponse:
    """A panel for the page of the model; a page of its own without script."""
    model = get_visible_model(request, pk)
    context = {
        "model": model,
        "history": model.history.select_related("user")[:_HISTORY],
        "binned": changing.binned().filter(model=model).first(),
        "may_edit": may_edit(request),
    }
    page = "models3d/files/place.html"
    return render_page(request, f"{page}#panel" if wants_fragment(request) else page, context)


@require_http_methods(["GET", "HEAD", "POST"])
def move_model(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the folder of a model another path."""
    model = get_editable_model(request, pk)
    form = PathForm(request.POST or None, initial={"path": display_path(model.relative_path)})
    if form.is_valid():
        try:
            change = changing.move_model(
                model, folder=form.cleaned_data["path"], by=request.user, now=timezone.now()
            )
        except ChangeRefused as error:
            form.add_error("path", str(error))
        else:
            return _begun(change)
    return render(request, "models3d/files/move.html", {"model": model, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def bin_model(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then put all files of a model into the bin."""
    model = get_editable_model(request, pk)
    error = ""
    if request.method == "POST":
        try:
            return _begun(changing.bin_models(model.library, [model], by=request.user, now=timezone.now()))
        except ChangeRefused as refusal:
            error = str(refusal)
    return render(request, "models3d/files/bin_model.html", {"model": model, "error": error})


@require_http_methods(["GET", "HEAD", "POST"])
def change_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or move one file."""
    file = _editable_file(request, pk)
    form = PathForm(request.POST or None, initial={"path": display_path(file.relative_path)})
    if form.is_valid():
        try:
            change = changing.rename_file(
                file, path=form.cleaned_data["path"], by=request.user, now=timezone.now()
            )
        except ChangeRefused as error:
            form.add_error("path", str(error))
        else:
            return _begun(change)
    return render(request, "models3d/files/file.html", {"file": file, "form": form})


@require_POST
def bin_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one file into the bin."""
    file = _editable_file(request, pk)
    try:
        return _begun(changing.bin_file(file, by=request.user, now=timezone.now()))
    except ChangeRefused as error:
        form = PathForm(initial={"path": display_path(file.relative_path)})
        return render(
            request, "models3d/files/file.html", {"file": file, "form": form, "refusal": str(error)}
        )


def _editable_file(request: HttpRequest, pk: int) -> ModelFile:
    file = get_visible_file(request, pk)
    require_editor(request)
    return file


def _begun(change: FileChange) -> HttpResponse:
    ring_by_name(WORK)
    return redirect("models3d:change", change.pk)
