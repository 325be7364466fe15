"""Files themselves, and the pictures and light meshes made of them."""

from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from libraries.storage import StorageError
from models3d.downloads import download_response
from models3d.models import ModelFile
from models3d.permissions import get_visible_file
from models3d.previews import preview_path

_TYPES: Final = {".webp": "image/webp", ".glb": "model/gltf-binary"}


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a library, as it is on its disk; answers ranges."""
    file = get_visible_file(request, pk)
    try:
        return download_response(request, file)
    except StorageError as error:
        return render(request, "models3d/file_gone.html", {"file": file, "sentence": str(error)}, status=404)


@require_safe
def preview(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    """A picture or light mesh of a content; its address changes with every version, so browsers keep it."""
    try:
        path = preview_path(sha256, name)
    except ValueError as error:
        raise Http404 from error
    if not ModelFile.objects.visible_to(request.user).filter(sha256=sha256).exists():
        raise Http404
    try:
        response = FileResponse(path.open("rb"), content_type=_TYPES[path.suffix])
    except OSError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
