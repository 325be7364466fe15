"""The addresses that the upload script speaks tus with: announce a file, ask how far it is, send a piece, give it up.

Every answer of trouble is one sentence in plain text.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.lib.bell import ring
from config.lib.streams import TooManyStreams, place_for_upload
from models3d.permissions import may_edit
from scanning import tus, uploads
from scanning.tasks import work_on_uploads
from scanning.tus import TusError
from scanning.upload_models import Upload, UploadBatch

_View = Callable[..., HttpResponse]
_NOT_FOUND: Final = "There is no such upload of yours."


def _speaks_tus(view: _View) -> _View:
    """Check the person, and turn a TusError into its answer."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not may_edit(request):
                raise TusError(403, "You may look at models, not add any.")
            response = view(request, *args, **kwargs)
        except TusError as error:
            response = HttpResponse(
                f"{error}\n", status=error.status, content_type="text/plain; charset=utf-8"
            )
        except TooManyStreams as error:
            response = HttpResponse(f"{error}\n", status=503, content_type="text/plain; charset=utf-8")
            response["Retry-After"] = str(error.retry_seconds)
        response["Tus-Resumable"] = response["Tus-Version"] = tus.VERSION
        return response

    return answer


@require_http_methods(["OPTIONS", "POST"])
@never_cache
@_speaks_tus
def announce(request: HttpRequest) -> HttpResponse:
    """Take up a file; its metadata names the `batch` and the `path` (or `filename`). OPTIONS tells what is spoken."""
    if request.method == "OPTIONS":
        spoken = {
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES),
            "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUMS),
        }
        return HttpResponse(status=204, headers=spoken)
    tus.check_version(request.headers)
    creation = tus.read_creation(request.headers)
    number = creation.metadata.get("batch", "")
    batches = UploadBatch.objects.of(request.user).select_related("library")
    batch = (
        batches.filter(pk=int(number)).first()
        if number.isascii() and number.isdigit() and len(number) < 19
        else None
    )
    if batch is None or batch.library.is_read_only:
        raise TusError(404, "There is no such upload of yours, or its library takes no files any more.")
    path = creation.metadata.get("path") or creation.metadata.get("filename", "")
    upload = uploads.announce(batch, path=path, length=creation.length, now=timezone.now())
    if upload.state == Upload.State.RECEIVED:
        ring(work_on_uploads)
    response = HttpResponse(status=201)
    response["Location"] = request.build_absolute_uri(reverse("uploads:tus", args=[upload.pk]))
    return _expiring(response)


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@never_cache
@_speaks_tus
def piece(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """HEAD: how far the file is. PATCH: the next piece of it. DELETE: it is not wanted any more."""
    upload = Upload.objects.of(request.user).select_related("batch").filter(pk=upload_id).first()
    if upload is None:
        raise TusError(404, _NOT_FOUND)
    tus.check_version(request.headers)
    if request.method == "DELETE":
        uploads.give_up(Upload.objects.filter(pk=upload.pk))
        return HttpResponse(status=204)
    if request.method == "HEAD":
        response = HttpResponse()
        response["Upload-Offset"] = str(uploads.how_far(upload))
        response["Upload-Length"] = str(upload.size_bytes)
    else:
        patch = tus.read_patch(request.headers)
        with place_for_upload():
            received = uploads.receive_piece(upload, patch, request.read, now=timezone.now())
        response = HttpResponse(status=204)
        response["Upload-Offset"] = str(received)
    if upload.state == Upload.State.RECEIVED:
        ring(work_on_uploads)
    return _expiring(response)


def _expiring(response: HttpResponse) -> HttpResponse:
    response["Upload-Expires"] = http_date((timezone.now() + settings.UPLOAD_KEEP).timestamp())
    return response
