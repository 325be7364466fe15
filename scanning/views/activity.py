"""The activity page: what runs, what waits, what failed; and the buttons that start, stop and mend."""

import json
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from config.lib.bell import ring
from config.lib.http import HtmxRequest, render_page, wants_fragment
from libraries.models import Library
from libraries.permissions import get_managed_library, get_visible_library, require_owner
from models3d.audience import audience_of
from models3d.curation import reanalyze
from models3d.models import ModelFile
from models3d.permissions import require_editor
from models3d.selection import Selection, SelectionProblem
from models3d.tasks import analyze_waiting
from scanning import ignoring, listings, progress
from scanning.models import Problem, Scan
from scanning.rescanning import folders_of
from scanning.runner import request_scan
from scanning.steering import cancel_scan, pause_scan, resume_scan
from scanning.tasks import run_scan
from scanning.template_effects import effect_of

_LONGEST_TEMPLATE: Final = 300


@require_GET
@never_cache
@vary_on_headers("HX-Request")
def activity(request: HttpRequest) -> HttpResponse:
    """The whole page, or the next rows of its list when htmx continues it."""
    listing = listings.listing(request.user, request.GET)
    if request.headers.get("HX-Request") and request.GET.get("after"):
        return render(request, "scanning/activity.html#rows", {"listing": listing})
    libraries = Library.objects.visible_to(request.user)
    context = {
        "listing": listing,
        "tabs": listings.SHOWN,
        "counts": listings.counts(request.user),
        "kinds": listings.problem_kinds(libraries) if listing.shown == "problems" else [],
        "severities": Problem.Severity.choices,
        "live": progress.live(request.user, now=timezone.now()),
        "libraries": libraries,
    }
    return render(request, "scanning/activity.html", context)


@require_GET
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes while work is under way; the last answer stops the polling."""
    now_live = progress.live(request.user, now=timezone.now())
    response = render(request, "scanning/activity.html#live", {"live": now_live})
    if not now_live.is_active:
        response["HX-Trigger"] = "workSettled"  # the lists below reload themselves once
    return response


@require_GET
@never_cache
def pill(request: HttpRequest) -> HttpResponse:
    """A few words for the header of every page; nothing while nothing is under way."""
    return render(request, "scanning/pill.html", {"pill": progress.pill(request.user)})


@require_GET
@never_cache
def library_state(request: HttpRequest, library_id: int) -> HttpResponse:
    """How the last scan of a library went: a fragment that other pages load by its address."""
    library = get_visible_library(request, library_id)
    last = library.scans.filter(is_dry_run=False).order_by("-id").first()
    is_paused = last is not None and last.state == Scan.State.PAUSED
    is_due = library.is_due(timezone.now()) and not is_paused
    return render(
        request, "scanning/library_state.html", {"library": library, "scan": last, "is_due": is_due}
    )


@require_GET
@vary_on_headers("HX-Request")
def report(request: HttpRequest, scan_id: int) -> HttpResponse:
    """One scan: figures, and the list of each kind of change, a page at a time; htmx gets the next rows alone."""
    scan = get_object_or_404(
        Scan.objects.visible_to(request.user).select_related("library", "requested_by"), pk=scan_id
    )
    listing = listings.report_listing(scan, request.GET)
    context = {"scan": scan, "listing": listing}
    if request.headers.get("HX-Request") and request.GET.get("after"):
        return render(request, "scanning/report.html#entries", context)
    return render(request, "scanning/report.html", context | {"counters": progress.outcome(scan)})


@require_GET
def path_template(request: HtmxRequest, library_id: int) -> HttpResponse:
    """What a template, the library's own or another to be tried, tells of its models; htmx gets the result alone."""
    library = get_managed_library(request, library_id)
    text = request.GET.get("path_template", library.path_template)[:_LONGEST_TEMPLATE]
    context = {"library": library, "text": text, "effect": effect_of(text, library)}
    page = "scanning/path_template.html"
    return render_page(request, f"{page}#effect" if wants_fragment(request) else page, context)


@require_POST
def scan_all(request: HttpRequest) -> HttpResponse:
    require_editor(request)
    libraries = list(Library.objects.visible_to(request.user))
    for library in libraries:
        _start(request, library)
    messages.success(
        request, "The scan of every library is under way." if libraries else "There is no library yet."
    )
    return _back(request)


@require_POST
def scan(request: HttpRequest, library_id: int) -> HttpResponse:
    """Scan one library or a `folder` of it; with `confirm`, which only the owner may send, in spite of what stopped it."""
    is_confirmed = bool(request.POST.get("confirm"))
    get_library = get_managed_library if is_confirmed else get_visible_library
    library = get_library(request, library_id)
    require_editor(request)
    _start(request, library, folder=request.POST.get("folder", ""), is_confirmed=is_confirmed)
    messages.success(request, f"The scan of {library.name} is under way.")
    return _back(request)


@require_POST
def rescan(request: HttpRequest) -> HttpResponse:
    """Scan the folders of models chosen in the grid."""
    require_editor(request)
    try:
        chosen = Selection.from_post(request.POST).models(audience_of(request.user))
    except SelectionProblem as error:
        messages.error(request, str(error))
        return redirect("models3d:grid")
    folders = folders_of(chosen)
    for library in Library.objects.visible_to(request.user).filter(pk__in=folders):
        _start(request, library, folder=folders[library.pk])
    messages.success(request, "The folders of the chosen models are being scanned.")
    return redirect("scanning:activity")


@require_POST
def cancel(request: HttpRequest, scan_id: int) -> HttpResponse:
    found = _steered_scan(request, scan_id)
    cancel_scan(found.pk, now=timezone.now())
    messages.success(request, f"The scan of {found.library.name} stops in a moment. What it found stays.")
    return _back(request)


@require_POST
def pause(request: HttpRequest, scan_id: int) -> HttpResponse:
    found = _steered_scan(request, scan_id)
    pause_scan(found.pk)
    messages.success(request, f"The scan of {found.library.name} pauses in a moment.")
    return _back(request)


@require_POST
def resume(request: HttpRequest, scan_id: int) -> HttpResponse:
    found = _steered_scan(request, scan_id)
    resume_scan(found.pk)
    ring(run_scan, found.pk)
    messages.success(request, f"The scan of {found.library.name} goes on.")
    return _back(request)


@require_POST
def retry(request: HttpRequest, file_id: int) -> HttpResponse:
    file = get_object_or_404(listings.failed_files(request.user), pk=file_id)
    require_editor(request)
    reanalyze(ModelFile.objects.filter(pk=file.pk))
    ring(analyze_waiting)
    return _done(request, f"{file.file_name} will be tried again.")


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    require_editor(request)
    number = reanalyze(listings.failed_files(request.user))
    ring(analyze_waiting)
    messages.success(request, f"{number:,} files will be tried again." if number else "No file has failed.")
    return _back(request)


@require_POST
def ignore(request: HttpRequest, problem_id: int) -> HttpResponse:
    """Ignore a problem, or bring an ignored one back (`restore`)."""
    require_owner(request)
    get_object_or_404(Problem, pk=problem_id)
    problems = Problem.objects.filter(pk=problem_id)
    if request.POST.get("restore"):
        ignoring.bring_back(problems)
        return _done(request, "The problem is shown again.")
    ignoring.ignore(problems, by=request.user, now=timezone.now())
    return _done(request, "Ignored. It is still there under “Ignored”.")


def _steered_scan(request: HttpRequest, scan_id: int) -> Scan:
    """The scan, if the person may stop and start it; Http404 if they may not see it, else PermissionDenied."""
    found = get_object_or_404(Scan.objects.visible_to(request.user), pk=scan_id)
    require_editor(request)
    return found


def _start(request: HttpRequest, library: Library, *, folder: str = "", is_confirmed: bool = False) -> None:
    requested = request_scan(
        library, folder=folder.replace("\0", ""), requested_by=request.user, is_confirmed=is_confirmed
    )
    resume_scan(requested.pk)
    ring(run_scan, requested.pk)


def _done(request: HttpRequest, text: str) -> HttpResponse:
    """For htmx: an empty answer that takes the row away, and a toast. Else: a message, and back to the page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Trigger": json.dumps({"toast": {"text": text}})})
    messages.success(request, text)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if is_ours else "scanning:activity")
