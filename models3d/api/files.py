"""Files as JSON: those of a model, the facts of one, its bytes, and the pictures made of it."""

from typing import Any, Final, Literal

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router

from config.lib.answers import Refusal, answer, needs, page
from config.lib.api_types import After, Limit, PathId
from config.lib.keyset import decode_cursor, encode_cursor, row_after
from libraries.storage import StorageError
from models3d.downloads import download_response
from models3d.models import ModelFile, Preview
from models3d.permissions import get_visible_file, get_visible_model
from models3d.previews import LIGHT_MESH, PICTURE, SMALL, preview_path
from models3d.schemas import FileOut, FilePage

router = Router(tags=["Files"])
_ROW: Final = (
    "id", "model_id", "library_id", "relative_path", "kind", "role", "size_bytes", "sha256", "missing_since",
    "analysis_state", "triangle_count", "size_x_mm", "size_y_mm", "size_z_mm", "is_watertight",
)  # fmt: skip
_FACTS: Final = (
    "caption", "notes", "first_seen_at", "analysis_error", "vertex_count", "volume_mm3", "area_mm2", "body_count",
    "hole_count", "boundary_edge_count", "nonmanifold_edge_count", "warnings", "slicer", "printer_name", "material",
    "layer_height_mm", "print_seconds", "filament_grams", "resin_ml", "width_px", "height_px",
)  # fmt: skip
_NAMES: Final = {
    Preview.Form.PICTURE: ("small", "picture"),
    Preview.Form.LIGHT_MESH: ("mesh",),
}
_FILES: Final = {"small": SMALL, "picture": PICTURE, "mesh": LIGHT_MESH}
_ORDER: Final = ("relative_path", "id")


@router.get("models/{int:pk}/files", response=FilePage, operation_id="list_files", **needs("read"))
def list_files(request: HttpRequest, pk: PathId, limit: Limit, after: After) -> HttpResponse:
    """The files of a model by their paths, with those inside its archives."""
    files = ModelFile.objects.filter(model=get_visible_model(request, pk)).order_by(*_ORDER)
    if after:
        files = files.filter(row_after(_ORDER, decode_cursor(after, types=[str, int]), descending=False))
    rows = list(files.values(*_ROW)[: limit + 1])
    following = encode_cursor([rows[limit - 1][name] for name in _ORDER]) if len(rows) > limit else ""
    return answer(request, page(rows[:limit], following))


@router.get("files/{int:pk}", response=FileOut, operation_id="get_file", **needs("read"))
def get_file(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One file with its facts, where its bytes are, and which pictures there are."""
    file = get_visible_file(request, pk)
    made = set(Preview.objects.filter(sha256=file.sha256).values_list("form", flat=True))
    told: dict[str, Any] = {name: getattr(file, name) for name in (*_ROW, *_FACTS)}
    told["content"] = f"{request.path}/content"
    told["pictures"] = [
        f"{request.path}/previews/{name}" for form, names in _NAMES.items() if form in made for name in names
    ]
    return answer(request, told)


@router.api_operation(
    ["GET", "HEAD"], "files/{int:pk}/content", operation_id="download_file", **needs("files")
)
def download_file(request: HttpRequest, pk: PathId) -> HttpResponseBase:
    """The bytes of a file, or the part of them that `Range` asks for; of buckets, perhaps by a redirect to them."""
    file = get_visible_file(request, pk)
    try:
        return download_response(request, file)
    except StorageError as error:
        raise Refusal(404, str(error)) from error


@router.get("files/{int:pk}/previews/{name}", operation_id="get_preview", **needs("read"))
def get_preview(
    request: HttpRequest, pk: PathId, name: Literal["small", "picture", "mesh"]
) -> HttpResponseBase:
    """A picture of 256 or 512 px (WebP), or the light mesh that the browser shows (GLB)."""
    return _preview(get_visible_file(request, pk).sha256, _FILES[name])


@router.get("models/{int:pk}/picture", operation_id="get_model_picture", **needs("read"))
def get_model_picture(request: HttpRequest, pk: PathId) -> HttpResponseBase:
    """The picture that stands for a model, 512 px (WebP)."""
    return _preview(get_visible_model(request, pk).cover_sha256, PICTURE)


def _preview(sha256: str, name: str) -> HttpResponseBase:
    try:
        content = preview_path(sha256, name).open("rb")
    except (OSError, ValueError) as error:
        raise Refusal(404, "There is no such picture, or not yet.") from error
    kind = "model/gltf-binary" if name == LIGHT_MESH else "image/webp"
    response = FileResponse(content, content_type=kind)
    response["Cache-Control"] = "private, no-cache"
    return response
