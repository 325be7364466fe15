"""Scans as JSON: starting and steering them, how far they are, and what they report."""

from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from config.lib.answers import Refusal, answer, needs, page, row_number
from config.lib.api_types import After, Limit, PathId, RowId, ShortText
from config.lib.bell import ring
from libraries.permissions import get_visible_library, require_owner
from models3d.permissions import require_editor
from scanning import reports
from scanning.models import Scan, ScanList
from scanning.progress import card_of
from scanning.runner import request_scan
from scanning.schemas import NewScan, ReportLists, ReportPage, ScanOut, ScanPage
from scanning.steering import cancel_scan, pause_scan, resume_scan
from scanning.tasks import run_scan

router = Router(tags=["Scans"])
_FIELDS: Final = (
    "id", "library_id", "state", "phase", "folder", "is_dry_run", "requested_at", "started_at", "finished_at",
    "current_path", "found_count", "new_count", "changed_count", "moved_count", "missing_count", "returned_count",
    "skipped_count", "model_count", "archive_count", "member_count", "error",
)  # fmt: skip
_What = Annotated[ScanList.What, Query(description="Which list of the report.")]


@router.get("scans", response=ScanPage, operation_id="list_scans", **needs("read"))
def list_scans(
    request: HttpRequest,
    limit: Limit,
    after: After,
    library: RowId | None = None,
    state: Scan.State | None = None,
) -> HttpResponse:
    """Scans of the libraries that you may see, the newest first."""
    rows = Scan.objects.visible_to(request.user).select_related("library").order_by("-pk")
    if last := row_number(after):
        rows = rows.filter(pk__lt=last)
    if library is not None:
        rows = rows.filter(library=library)
    if state is not None:
        rows = rows.filter(state=state)
    found = list(rows[: limit + 1])
    items = [_told(scan) for scan in found[:limit]]
    return answer(request, page(items, found[limit - 1].pk if len(found) > limit else ""))


@router.get("scans/{int:scan_id}", response=ScanOut, operation_id="get_scan", **needs("read"))
def get_scan(request: HttpRequest, scan_id: PathId) -> HttpResponse:
    """How far a scan is, or how it went."""
    return answer(request, _told(_seen(request, scan_id)))


@router.post("scans", response={202: ScanOut}, operation_id="start_scan", **needs("scan"))
def start_scan(request: HttpRequest, body: NewScan) -> HttpResponse:
    """Scan a library, or a folder of it. Where a scan of it waits or runs already, that one is answered."""
    library = get_visible_library(request, body.library_id)
    if body.is_confirmed:
        require_owner(request)
    require_editor(request)
    scan = request_scan(
        library,
        folder=body.folder,
        requested_by=request.user,
        is_confirmed=body.is_confirmed,
        is_dry_run=body.is_dry_run,
    )
    resume_scan(scan.pk)
    ring(run_scan, scan.pk)
    headers = {"Location": f"{request.path}/{scan.pk}"}
    return answer(request, _told(_seen(request, scan.pk)), status=202, headers=headers)


@router.post("scans/{int:scan_id}/cancel", response=ScanOut, operation_id="cancel_scan", **needs("scan"))
def cancel(request: HttpRequest, scan_id: PathId) -> HttpResponse:
    """End a scan within about a second. What it found stays."""
    cancel_scan(_steered(request, scan_id).pk, now=timezone.now())
    return answer(request, _told(_seen(request, scan_id)))


@router.post("scans/{int:scan_id}/pause", response=ScanOut, operation_id="pause_scan", **needs("scan"))
def pause(request: HttpRequest, scan_id: PathId) -> HttpResponse:
    """Let a scan rest until it is resumed or cancelled."""
    pause_scan(_steered(request, scan_id).pk)
    return answer(request, _told(_seen(request, scan_id)))


@router.post("scans/{int:scan_id}/resume", response=ScanOut, operation_id="resume_scan", **needs("scan"))
def resume(request: HttpRequest, scan_id: PathId) -> HttpResponse:
    """Let a paused scan go on."""
    resume_scan(_steered(request, scan_id).pk)
    ring(run_scan, scan_id)
    return answer(request, _told(_seen(request, scan_id)))


@router.get("scans/{int:scan_id}/report", response=ReportLists, operation_id="list_reports", **needs("read"))
def list_reports(request: HttpRequest, scan_id: PathId) -> HttpResponse:
    """The lists of a scan's report: files that were new, changed, moved, not read and so on, and how many."""
    lists = reports.summaries(_seen(request, scan_id))
    items = [{"what": one.what, "total": one.total, "kept": one.kept} for one in lists]
    return answer(request, {"items": items})


@router.get(
    "scans/{int:scan_id}/report/entries",
    response=ReportPage,
    operation_id="list_report_entries",
    **needs("read"),
)
def list_report_entries(
    request: HttpRequest, scan_id: PathId, what: _What, limit: Limit, after: After, words: ShortText = ""
) -> HttpResponse:
    """The files of one of these lists; `words` finds a part of a path or detail."""
    place = row_number(after)
    if place >= 2**31:
        raise Refusal(400, "The place to continue from is not readable.")
    found = reports.page(_seen(request, scan_id), what.value, words=words, after=place, limit=limit)
    items = [{"path": one.path, "detail": one.detail} for one in found.entries]
    return answer(request, page(items, found.after))


def _seen(request: HttpRequest, scan_id: int) -> Scan:
    return get_object_or_404(Scan.objects.visible_to(request.user).select_related("library"), pk=scan_id)


def _steered(request: HttpRequest, scan_id: int) -> Scan:
    """The scan, if the person may stop and start it; Http404 if they may not see it, else PermissionDenied."""
    found = _seen(request, scan_id)
    require_editor(request)
    return found


def _told(scan: Scan) -> dict[str, Any]:
    card = card_of(scan, timezone.now()) if scan.is_active else None
    return {
        **{name: getattr(scan, name) for name in _FIELDS},
        "percent": card.percent if card else None,
        "files_per_second": card.files_per_second if card else None,
        "left_seconds": card.left_seconds if card else None,
    }
