"""What is alike, as JSON: models near in shape, groups of duplicates, and saying that files are none."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from config.lib.answers import answer, needs, nothing, page
from config.lib.api_types import After, PathId, RowId
from models3d.api.models import ROW_FIELDS, model_row
from models3d.audience import audience_of
from models3d.duplicates import Group, groups_for, say_not_duplicates
from models3d.models import ModelFile
from models3d.permissions import get_visible_model, require_editor
from models3d.schemas import Alike, DuplicatePage, NearModels, NotDuplicates
from models3d.similar import likeness_of, mesh_to_compare, similar_to

router = Router(tags=["Duplicates and likeness"])
_Groups = Annotated[int, Query(24, ge=1, le=50, description="Groups on a page.")]
_Few = Annotated[int, Query(8, ge=1, le=30, description="Models at most.")]


@router.get("models/{int:pk}/similar", response=NearModels, operation_id="list_similar", **needs("read"))
def list_similar(request: HttpRequest, pk: PathId, limit: _Few, file: RowId | None = None) -> HttpResponse:
    """Models with a mesh that is nearest in shape to the largest mesh of this one, or to its file `file`."""
    model, audience = get_visible_model(request, pk), audience_of(request.user)
    compared = mesh_to_compare(model, str(file or ""))
    likeness = likeness_of(compared) if compared else None
    # Twice as many, as sensitive ones may be left out.
    near = similar_to(likeness, audience, limit=2 * limit, besides=pk) if likeness else []
    models = audience.models.filter(pk__in=[one.model_id for one in near])
    rows = {row["id"]: model_row(row) for row in models.values("id", *ROW_FIELDS)}
    items = [
        {"distance": one.distance, "file_id": one.file_id, "model": rows[one.model_id]}
        for one in near
        if one.model_id in rows
    ]
    return answer(request, {"items": items[:limit]})


@router.get("duplicates", response=DuplicatePage, operation_id="list_duplicates", **needs("read"))
def list_duplicates(
    request: HttpRequest, limit: _Groups, after: After, alike: Alike = "same_file"
) -> HttpResponse:
    """Groups of files with the same content, the same shape, or a shape that looks alike; shared parts are marked."""
    found = groups_for(audience_of(request.user), alike, after=after, limit=limit)
    return answer(request, page([_told(group) for group in found.groups], found.next))


@router.post("duplicates/none", response={204: None}, operation_id="say_not_duplicates", **needs("edit"))
def say_none(request: HttpRequest, body: NotDuplicates) -> HttpResponse:
    """Say that none of these files is a duplicate of another: they are not shown as such any more."""
    wanted = set(body.files)
    files = list(ModelFile.objects.visible_to(request.user).filter(pk__in=wanted).order_by("pk"))
    if len(files) < len(wanted):
        raise Http404
    require_editor(request)
    say_not_duplicates(files, said_by=request.user)
    return nothing()


def _told(group: Group) -> dict[str, Any]:
    files = [
        {
            "file_id": twin.file.pk,
            "model_id": twin.file.model_id,
            "relative_path": twin.file.relative_path,
            "size_bytes": twin.file.size_bytes,
            "evidence": twin.evidence.value,
            "factor": twin.factor,
        }
        for twin in group.twins
    ]
    names = ("file_count", "model_count", "is_shared_part", "spare_bytes")
    told = {name: getattr(group, name) for name in names}
    return {**told, "evidence": group.evidence.value, "differs": list(group.differs), "files": files}
