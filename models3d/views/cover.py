"""Choosing which file's picture stands for a model."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from models3d.models import ModelFile
from models3d.permissions import get_editable_model
from models3d.services import choose_cover

_MOST_DIGITS = 18


@require_POST
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    """Use the picture of the posted `file`; of none, let the rule choose again."""
    model = get_editable_model(request, pk)
    asked = request.POST.get("file", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS):
        raise Http404
    try:
        chosen = choose_cover(model.pk, int(asked) if asked else None)
    except ModelFile.DoesNotExist as error:
        raise Http404 from error
    if chosen.cover:
        messages.success(request, f"{chosen.cover.file_name} is the cover now.")
    else:
        messages.success(request, "The cover is chosen automatically again.")
    return redirect(model)
