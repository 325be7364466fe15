"""Files themselves, and the pictures and light meshes made of them."""

from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.streams import TooManyStreams
from libraries.storage import StorageError
from models3d.audience import audience_of
from models3d.downloads import download_response
from models3d.filters import numbers
from models3d.models import Model3D, ModelFile
from models3d.permissions import get_visible_file, get_visible_model
from models3d.previews import preview_path
from models3d.zipping import TooManyFiles, zip_plan, zip_response

_MOST_MODELS: Final = 1_000
_TYPES: Final = {".webp": "image/webp", ".glb": "model/gltf-binary"}


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a library, as it is on its disk; answers ranges."""
    file = get_visible_file(request, pk)
    try:
        return download_response(request, file)
    except StorageError as error:
        return _refusal(request, str(error), model_id=file.model_id, status=404)
    except TooManyStreams as error:
        return _come_again(request, error, model_id=file.model_id)


@require_safe
def download_model(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All files of a model as one ZIP, made while it is sent."""
    return _zipped(request, [get_visible_model(request, pk)])


@require_http_methods(["GET", "HEAD", "POST"])
def download_models(request: HttpRequest) -> HttpResponseBase:
    """The models of the numbers `id`, as far as the person may see them, as one ZIP."""
    asked = numbers((request.POST or request.GET).getlist("id")[:_MOST_MODELS])
    models = list(
        audience_of(request.user)
        .models.filter(pk__in=asked)
        .defer("search_vector")
        .order_by("sort_name", "id")
    )
    if not models:
        raise Http404
    return _zipped(request, models)


def _zipped(request: HttpRequest, models: list[Model3D]) -> HttpResponseBase:
    model_id = models[0].pk if len(models) == 1 else None
    try:
        plan = zip_plan(models)
        if not plan.contents:
            sentence = "None of the files can be read now. Is the disk of the library there?"
            return _refusal(request, sentence, model_id=model_id, status=404)
        return zip_response(request, plan)
    except TooManyFiles as error:
        return _refusal(request, str(error), model_id=model_id, status=400)
    except TooManyStreams as error:
        return _come_again(request, error, model_id=model_id)


def _come_again(request: HttpRequest, error: TooManyStreams, *, model_id: int | None) -> HttpResponse:
    response = _refusal(request, str(error), model_id=model_id, status=503)
    response["Retry-After"] = str(error.retry_seconds)
    return response


def _refusal(request: HttpRequest, sentence: str, *, model_id: int | None, status: int) -> HttpResponse:
    back_url = reverse("models3d:detail_by_number", args=[model_id]) if model_id else reverse("models3d:grid")
    context = {"sentence": sentence, "back_url": back_url}
    return render(request, "models3d/not_downloaded.html", context, status=status)


@require_safe
def preview(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    """A picture or light mesh of a content; its address changes with every version, so browsers keep it."""
    if not ModelFile.objects.visible_to(request.user).filter(sha256=sha256).exists():
        raise Http404
    return preview_response(sha256, name)


def preview_response(sha256: str, name: str) -> FileResponse:
    """The derivative itself, for whoever the caller found may see the content. Raises Http404 where there is none."""
    try:
        path = preview_path(sha256, name)
    except ValueError as error:
        raise Http404 from error
    try:
        response = FileResponse(path.open("rb"), content_type=_TYPES[path.suffix])
    except OSError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
