"""The page of one model."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d.licenses import terms_of
from models3d.links import shown_links
from models3d.marks import mark_of
from models3d.models import Model3D, ModelFile
from models3d.notes import render_notes
from models3d.permissions import get_visible_model, may_edit, visible_successor
from models3d.prints.printers import USUAL_BED, default_printer
from models3d.putting_aside import is_put_aside
from models3d.showing import file_in_viewer, file_page, parents, places, problems, thumbnails
from models3d.slicers import slicers_for


@require_safe
def detail(request: HtmxRequest, pk: int, slug: str = "") -> HttpResponse:
    """A model: turn it, read its numbers, get its files. The name in the address may be an old one, and the number too."""
    try:
        model = get_visible_model(request, pk)
    except Http404:
        successor = visible_successor(request, pk)
        if successor is None:
            raise
        return redirect(successor)
    after = request.GET.get("files_after", "")
    if slug != model.slug:
        query = request.GET.urlencode()
        return redirect(model.get_absolute_url() + (f"?{query}" if query else ""))
    if wants_fragment(request) and after:
        printer = default_printer(request.user)
        page = file_page(model, after=after, bed=printer.bed if printer else None)
        context = {"model": model, "page": page, "may_edit": may_edit(request)}
        return render_page(request, "models3d/model.html#files", context)
    return render_page(request, "models3d/model.html", model_context(request, model))


def model_context(request: HttpRequest, model: Model3D) -> dict[str, Any]:
    """All that the page shows of `model`, also while a part of it is being edited."""
    printer = default_printer(request.user)
    bed = printer.bed if printer else None
    shown = file_in_viewer(model, asked=request.GET.get("file", ""), bed=bed)
    user: Any = request.user
    slicers = slicers_for(shown.row.extension) if shown else []
    return {
        **part_context(request, model),
        "slicers": slicers,
        "preferred": next((slicer for slicer in slicers if slicer.name == user.slicer), None),
        "parents": parents(model),
        "shown": shown,
        "bed": (bed or USUAL_BED).outline,
        "is_put_aside": is_put_aside(model),
        "waiting_count": ModelFile.objects.waiting().filter(model=model).count(),
        "thumbnails": thumbnails(model),
        "page": file_page(model, after=request.GET.get("files_after", ""), bed=bed),
        "problems": problems(model),
    }


def part_context(request: HttpRequest, model: Model3D) -> dict[str, Any]:
    """What the editable parts of the page show."""
    return {
        "model": model,
        "tags": model.tags.all(),
        "places": places(model),
        "terms": terms_of(model.license),
        "mark": mark_of(model, user=request.user),
        "links": shown_links(model.links),
        "notes_html": render_notes(model.notes),
        "may_edit": may_edit(request),
        "editing": "",
    }
