"""Editing one part of a model in its place on the page: name, creator, licence, tags, notes, and so on."""

import json
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from collections_app.models import Creator, Tag
from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d.audience import Audience, audience_of
from models3d.forms import PART_FORMS, PartForm
from models3d.licenses import identifiers
from models3d.models import Model3D
from models3d.permissions import get_editable_model
from models3d.views.model import model_context, part_context

_SUGGESTIONS: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HtmxRequest, pk: int, part: str) -> HttpResponse:
    """The form of one part within the page, or alone for htmx; `?cancel` shows the part again."""
    model = get_editable_model(request, pk)
    if part not in PART_FORMS:
        raise Http404
    if "cancel" in request.GET:
        return _shown(request, model, part)
    form = PART_FORMS[part](request.POST or None, initial=PART_FORMS[part].initial_of(model))
    if form.is_valid():
        try:
            form.save(model)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _saved(request, get_editable_model(request, pk), part, form.saved_message)
    return _asked(request, model, part, form)


def _asked(request: HtmxRequest, model: Model3D, part: str, form: PartForm) -> HttpResponse:
    context: dict[str, Any] = {
        "editing": part,
        "form": form,
        "suggestions": _suggestions(part, audience_of(request.user)),
        "licenses": identifiers() if part == "license" else (),
    }
    if wants_fragment(request):
        return render_page(request, f"models3d/parts/{part}.html", part_context(request, model) | context)
    return render_page(request, "models3d/model.html", model_context(request, model) | context)


def _saved(request: HtmxRequest, model: Model3D, part: str, message: str) -> HttpResponse:
    # The name stands in the address, the title and the trail: the page is loaded anew.
    if wants_fragment(request) and part != "name":
        response = _shown(request, model, part)
        response["HX-Trigger"] = json.dumps({"toast": {"text": message}})
        return response
    messages.success(request, message)
    if wants_fragment(request):
        return HttpResponseClientRedirect(model.get_absolute_url())
    return redirect(model)


def _shown(request: HtmxRequest, model: Model3D, part: str) -> HttpResponse:
    if wants_fragment(request):
        return render_page(request, f"models3d/parts/{part}.html", part_context(request, model))
    return redirect(model)


def _suggestions(part: str, audience: Audience) -> list[str]:
    """The most used names; only those on models that this audience may see, for hidden ones would tell of the others."""
    kinds: dict[str, Any] = {"tags": Tag.objects, "creator": Creator.objects}
    if part not in kinds:
        return []
    rows = kinds[part].most_used()
    if not audience.sees_all:
        rows = rows.filter(pk__in=audience.models.order_by().values(part))
    return list(rows.values_list("name", flat=True)[:_SUGGESTIONS])
