"""The upload page: drop files, say what they are, answer questions, add them. The bytes themselves come by `tus_views`."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.lib.bell import ring
from models3d.permissions import require_editor
from scanning import uploads
from scanning.tasks import work_on_uploads
from scanning.tus import TusError
from scanning.upload_forms import UploadForm
from scanning.upload_listing import unfinished_batches, upload_listing
from scanning.upload_models import Upload, UploadBatch

_NO_FILES = "Choose at least one file."


@require_http_methods(["GET", "POST"])
@never_cache
def upload(request: HttpRequest) -> HttpResponse:
    """A new upload. A POST with `begin`, which the script sends, only opens the batch that pieces are sent to."""
    require_editor(request)
    libraries = uploads.writable_libraries(request.user)
    form = UploadForm(request.POST if request.method == "POST" else None, libraries=libraries)
    context = {"form": form, "batch": None, "unfinished": unfinished_batches(request.user)}
    files = request.FILES.getlist("files") if request.method == "POST" else []
    is_begun = "begin" in request.POST
    if request.method == "POST" and not files and not is_begun:
        form.add_error(None, request.META.get("UPLOAD_REFUSED", _NO_FILES))
    if not form.is_valid():
        return render(request, "scanning/upload.html", context)
    library = form.cleaned_data["library"]
    batch = uploads.open_batch(library, user=request.user, now=timezone.now(), **form.wanted())
    if not is_begun and not _take(form, batch, files):
        batch.delete()
        return render(request, "scanning/upload.html", context)
    if not is_begun:
        uploads.submit(batch, now=timezone.now())
        ring(work_on_uploads)
    return redirect("uploads:batch", batch.pk)


@require_http_methods(["GET", "POST"])
@never_cache
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One upload; a POST adds what was dropped to the library, as the form says."""
    found = get_own_batch(request, batch_id)
    libraries = uploads.writable_libraries(request.user)
    form = UploadForm(request.POST if request.method == "POST" else None, libraries=libraries, batch=found)
    files = request.FILES.getlist("files") if request.method == "POST" else []
    if request.method == "POST" and not files and not found.uploads.exists():
        form.add_error(None, request.META.get("UPLOAD_REFUSED", _NO_FILES))
    if not form.is_valid() or (files and not _take(form, found, files)):
        context = {"form": form, "batch": found, "listing": upload_listing(found), "unfinished": []}
        return render(request, "scanning/upload.html", context)
    uploads.submit(found, now=timezone.now(), **form.wanted())
    ring(work_on_uploads)
    return redirect("uploads:batch", found.pk)


@require_GET
@never_cache
def files(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The list of files: a fragment that the page asks for again while something moves."""
    found = get_own_batch(request, batch_id)
    context = {"batch": found, "listing": upload_listing(found)}
    return render(request, "scanning/upload_files.html", context)


@require_POST
def answer(request: HttpRequest, upload_id: Any) -> HttpResponse:
    """What a person chose for one file: keep, skip, retry, or give it up."""
    require_editor(request)
    found = get_object_or_404(Upload.objects.of(request.user).select_related("batch"), pk=upload_id)
    choice = request.POST.get("choice", "")
    if choice == "remove":
        uploads.give_up(Upload.objects.filter(pk=found.pk))
    else:
        try:
            uploads.answer(found, choice, now=timezone.now())
        except uploads.NotWaiting as error:
            return _refused(request, found.batch, error)
        ring(work_on_uploads)
    return _files(request, found.batch)


@require_POST
def answer_all(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The same choice for every file of an upload that asks whether it is wanted."""
    found = get_own_batch(request, batch_id)
    try:
        uploads.answer_all(found, request.POST.get("choice", ""), now=timezone.now())
    except uploads.NotWaiting as error:
        return _refused(request, found, error)
    ring(work_on_uploads)
    return _files(request, found)


@require_POST
def give_up(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Forget an upload; files that are in the library stay there."""
    found = get_own_batch(request, batch_id)
    uploads.give_up(found.uploads.all())
    if not found.uploads.exists():
        found.delete()
    return redirect("uploads:upload")


def _refused(request: HttpRequest, batch: UploadBatch, error: uploads.NotWaiting) -> HttpResponse:
    context = {"sentence": str(error), "batch": batch}
    return render(request, "scanning/upload_refused.html", context, status=409)


def _files(request: HttpRequest, batch: UploadBatch) -> HttpResponse:
    """Back to the page, or for htmx the list of files alone."""
    if not request.headers.get("HX-Request"):
        return redirect("uploads:batch", batch.pk)
    return render(request, "scanning/upload_files.html", {"batch": batch, "listing": upload_listing(batch)})


def get_own_batch(request: HttpRequest, batch_id: int) -> UploadBatch:
    """The batch, if this person began it; else Http404. Raises PermissionDenied for those who may not upload any more."""
    require_editor(request)
    return get_object_or_404(UploadBatch.objects.of(request.user).select_related("library"), pk=batch_id)


def _take(form: UploadForm, batch: UploadBatch, files: list[Any]) -> bool:
    """Take up the files of a plain form; False, and a sentence in the form, if one of them is refused: then none is."""
    taken = []
    for file in files:
        try:
            taken.append(
                uploads.take_file(
                    batch, path=file.name or "", source=Path(file.temporary_file_path()), now=timezone.now()
                ).pk
            )
        except TusError as error:
            form.add_error(None, str(error))
            uploads.give_up(Upload.objects.filter(pk__in=taken))
            return False
    return True
