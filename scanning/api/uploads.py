"""Uploads as JSON: what is brought where, what came of it; the bytes come by tus 1.0, at addresses of the API itself."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router

from config.lib.answers import API_ROOT, Refusal, answer, needs, nothing
from config.lib.api_types import PathId
from config.lib.bell import ring
from models3d.permissions import require_editor
from scanning import tus_views, uploads
from scanning.schemas import Choice, NewUpload, UploadOut
from scanning.tasks import work_on_uploads
from scanning.upload_forms import UploadForm
from scanning.upload_listing import upload_listing
from scanning.upload_models import Upload, UploadBatch

router = Router(tags=["Uploads"])
_FIELDS: Final = (
    "id", "library_id", "folder", "name", "creator", "collection", "tags", "license", "unpacks", "created_at",
    "submitted_at",
)  # fmt: skip


@router.post("uploads", response={201: UploadOut}, operation_id="begin_upload", **needs("files"))
def begin(request: HttpRequest, body: NewUpload) -> HttpResponse:
    """Begin an upload into a library that takes files: send its files by tus, then submit it."""
    require_editor(request)
    form = _form(request, body)
    library = form.cleaned_data["library"]
    batch = uploads.open_batch(library, user=request.user, now=timezone.now(), **form.wanted())
    headers = {"Location": f"{request.path}/{batch.pk}"}
    return answer(request, _told(batch), status=201, headers=headers)


@router.get("uploads/{int:batch_id}", response=UploadOut, operation_id="get_upload", **needs("files"))
def get_upload(request: HttpRequest, batch_id: PathId) -> HttpResponse:
    """How far an upload is: at most 200 of its files, those first that ask, and the models that came of it."""
    return answer(request, _told(_own(request, batch_id)))


@router.post(
    "uploads/{int:batch_id}/submit", response=UploadOut, operation_id="submit_upload", **needs("files")
)
def submit(request: HttpRequest, batch_id: PathId) -> HttpResponse:
    """Let the files enter the library, those as well that are still to arrive."""
    batch = _own(request, batch_id)
    uploads.submit(batch, now=timezone.now())
    ring(work_on_uploads)
    return answer(request, _told(batch))


@router.delete(
    "uploads/{int:batch_id}", response={204: None}, operation_id="give_up_upload", **needs("files")
)
def give_up(request: HttpRequest, batch_id: PathId) -> HttpResponse:
    """Forget an upload; files that are in the library stay there."""
    batch = _own(request, batch_id)
    uploads.give_up(batch.uploads.all())
    if not batch.uploads.exists():
        batch.delete()
    return nothing()


@router.post(
    "uploads/files/{uuid:upload_id}/answer",
    response=UploadOut,
    operation_id="answer_upload",
    **needs("files"),
)
def answer_file(request: HttpRequest, upload_id: UUID, body: Choice) -> HttpResponse:
    """Say what is to become of a file that is there already, whose name is taken, or that failed."""
    require_editor(request)
    found = get_object_or_404(Upload.objects.of(request.user).select_related("batch__library"), pk=upload_id)
    if body.choice == "remove":
        uploads.give_up(Upload.objects.filter(pk=found.pk))
    else:
        try:
            uploads.answer(found, body.choice, now=timezone.now())
        except uploads.NotWaiting as error:
            raise Refusal(409, str(error)) from error
        ring(work_on_uploads)
    return answer(request, _told(found.batch))


@router.post("uploads/tus", response={201: None}, operation_id="announce_file", **needs("files"))
def announce(request: HttpRequest) -> HttpResponse:
    """tus 1.0: announce a file by `Upload-Length`; `Upload-Metadata` has `batch` (the upload's number) and `path`."""
    response = tus_views.announce(request)
    if "Location" in response:
        number = response["Location"].rstrip("/").rpartition("/")[2]
        response["Location"] = request.build_absolute_uri(f"{API_ROOT}/uploads/tus/{number}")
    return response


@router.api_operation(
    ["HEAD"], "uploads/tus/{uuid:upload_id}", response={200: None}, operation_id="ask_file", **needs("files")
)
def ask(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """tus 1.0: how much of a file has arrived, in `Upload-Offset`."""
    return tus_views.piece(request, upload_id=upload_id)


@router.patch(
    "uploads/tus/{uuid:upload_id}", response={204: None}, operation_id="send_piece", **needs("files")
)
def send(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """tus 1.0: the next piece of a file, from `Upload-Offset` on, as `application/offset+octet-stream`."""
    return tus_views.piece(request, upload_id=upload_id)


@router.delete(
    "uploads/tus/{uuid:upload_id}", response={204: None}, operation_id="give_up_file", **needs("files")
)
def give_up_file(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """tus 1.0: a file is not wanted any more."""
    return tus_views.piece(request, upload_id=upload_id)


def _form(request: HttpRequest, body: NewUpload) -> UploadForm:
    """The form of the page with these values, so that both go by one rule; raises a Refusal with its sentences."""
    given = body.model_dump(exclude={"library_id"})
    given |= {"library": body.library_id, "tags": ", ".join(body.tags)}
    form = UploadForm(given, libraries=uploads.writable_libraries(request.user))
    if form.is_valid():
        return form
    if "library" in form.errors:
        raise Http404
    sentences = [(name, str(sentence)) for name, said in form.errors.items() for sentence in said]
    faults = [{"at": ["body", name], "detail": sentence} for name, sentence in sentences]
    raise Refusal(422, " ".join(sentence for _, sentence in sentences), errors=faults)


def _own(request: HttpRequest, batch_id: int) -> UploadBatch:
    require_editor(request)
    return get_object_or_404(UploadBatch.objects.of(request.user).select_related("library"), pk=batch_id)


def _told(batch: UploadBatch) -> dict[str, Any]:
    listing = upload_listing(batch)
    files = [
        {
            "id": one.row.pk,
            "relative_path": one.row.relative_path,
            "size_bytes": one.row.size_bytes,
            "received_bytes": one.received_bytes,
            "state": one.row.state,
            "text": one.text,
        }
        for one in listing.rows
    ]
    told = {name: getattr(batch, name) for name in _FIELDS}
    told |= {"total": listing.total, "ended": listing.ended, "asking": listing.asking}
    return {**told, "files": files, "model_ids": [model.pk for model in listing.models]}
