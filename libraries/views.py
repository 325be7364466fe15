"""Pages about libraries: the list, adding one, its settings, removing it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.bell import ring_by_name
from libraries.bucket_forms import AddBucketForm, ReconnectForm
from libraries.connecting import BucketProblem, add_bucket_library, reconnect
from libraries.forms import AddLibraryForm, LibrarySettingsForm
from libraries.models import Library
from libraries.permissions import get_managed_library, require_owner
from libraries.services import LibraryPathProblem, add_library, remove_libraries


@require_GET
def list_libraries(request: HttpRequest) -> HttpResponse:
    libraries = list(Library.objects.visible_to(request.user))
    return render(request, "libraries/list.html", {"libraries": libraries, "now": timezone.now()})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add the library of a folder; its first scan starts at once."""
    require_owner(request)
    form = AddLibraryForm(request.POST or None)
    if not form.is_valid() or (library := _create(form)) is None:
        return render(request, "libraries/add.html", {"form": form})
    ring_by_name("scanning.tasks.start_due_scans")
    messages.success(request, f"{library.name} was added. Its first scan starts now.")
    return redirect("scanning:activity")


def _create(form: AddLibraryForm) -> Library | None:
    try:
        library = add_library(
            path=form.cleaned_data["path"],
            name=form.cleaned_data["name"],
            data_dir=settings.DATA_DIR,
            next_scan_at=timezone.now(),  # due: the scanning room, which is not known here, picks it up
            **form.library_settings(),
        )
    except LibraryPathProblem as problem:
        form.add_error("path", str(problem))
        return None
    library.members.set(form.cleaned_data.get("members", []))
    library.groups.set(form.cleaned_data.get("groups", []))
    return library


@require_http_methods(["GET", "POST"])
def add_bucket(request: HttpRequest) -> HttpResponse:
    """Add the library of a bucket, if its storage can be listed; its first scan starts at once."""
    require_owner(request)
    form = AddBucketForm(request.POST or None)
    if not form.is_valid() or (library := _create_in_bucket(form)) is None:
        return render(request, "libraries/add_bucket.html", {"form": form})
    ring_by_name("scanning.tasks.start_due_scans")
    messages.success(request, f"{library.name} was added. Its first scan starts now.")
    return redirect("scanning:activity")


def _create_in_bucket(form: AddBucketForm) -> Library | None:
    typed = form.cleaned_data
    try:
        library = add_bucket_library(
            form.bucket(name=typed["bucket_name"], prefix=typed["key_prefix"]),
            name=typed["name"],
            next_scan_at=timezone.now(),
            **form.library_settings(),
        )
    except BucketProblem as problem:
        form.show_problem(problem)
        return None
    library.members.set(typed.get("members", []))
    return library


@require_http_methods(["GET", "POST"])
def connection(request: HttpRequest, library_id: int) -> HttpResponse:
    """How the bucket of a library is reached. It is tried before anything is saved."""
    library = get_managed_library(request, library_id)
    if library.storage != Library.Storage.S3:
        raise Http404
    form = ReconnectForm(request.POST or None, library=library)
    if not form.is_valid() or not _reconnected(library, form):
        return render(request, "libraries/connection.html", {"form": form, "library": library})
    messages.success(request, f"The bucket of {library.name} answers. Its connection was saved.")
    return redirect("libraries:list")


def _reconnected(library: Library, form: ReconnectForm) -> bool:
    is_reachable = form.cleaned_data["is_reachable_by_browsers"]
    try:
        reconnect(library, form.bucket(), is_reachable_by_browsers=is_reachable)
    except BucketProblem as problem:
        form.show_problem(problem)
        return False
    return True


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, library_id: int) -> HttpResponse:
    """The settings of a library; what changes its grouping is done by the next scan."""
    library = get_managed_library(request, library_id)
    form = LibrarySettingsForm(request.POST or None, instance=library)
    if not form.is_valid():
        return render(request, "libraries/edit.html", {"form": form, "name": form.initial["name"]})
    form.save_settings(now=timezone.now())
    messages.success(request, f"Settings of {library.name} saved. Files are sorted by them at the next scan.")
    return redirect("libraries:list")


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, library_id: int) -> HttpResponse:
    """Ask, then remove the rows of a library. Its files stay where they are."""
    library = get_managed_library(request, library_id)
    if request.method == "GET":
        return render(request, "libraries/remove.html", {"library": library})
    remove_libraries([library.pk], now=timezone.now())
    ring_by_name("scanning.tasks.clear_removed_libraries")
    messages.success(request, f"{library.name} was removed from Layershelf. Its files are untouched.")
    return redirect("libraries:list")
