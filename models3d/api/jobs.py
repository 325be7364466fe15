"""Edits of many models as JSON: how far they are, ending one, taking one back."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router

from config.lib.answers import Refusal, answer, needs, page, row_number
from config.lib.api_types import After, Limit, PathId
from config.lib.bell import ring
from models3d import bulk
from models3d.bulk_models import BulkEdit
from models3d.permissions import require_editor
from models3d.schemas import JobOut, JobPage
from models3d.tasks import work_off_bulk_edits

router = Router(tags=["Jobs"])
_FIELDS: Final = (
    "id", "title", "action", "state", "total_count", "done_count", "changed_count", "error", "requested_at",
    "finished_at", "undone_at",
)  # fmt: skip


@router.get("jobs", response=JobPage, operation_id="list_jobs", **needs("read"))
def list_jobs(request: HttpRequest, limit: Limit, after: After) -> HttpResponse:
    """Edits of many models that you asked for, the newest first; owners see everybody's."""
    rows = BulkEdit.objects.visible_to(request.user).order_by("-pk")
    if last := row_number(after):
        rows = rows.filter(pk__lt=last)
    found = list(rows.values(*_FIELDS)[: limit + 1])
    return answer(request, page(found[:limit], found[limit - 1]["id"] if len(found) > limit else ""))


@router.get("jobs/{int:pk}", response=JobOut, operation_id="get_job", **needs("read"))
def get_job(request: HttpRequest, pk: PathId) -> HttpResponse:
    """How far one of them is."""
    return answer(request, _told(_found(request, pk)))


@router.post("jobs/{int:pk}/cancel", response=JobOut, operation_id="cancel_job", **needs("edit"))
def cancel_job(request: HttpRequest, pk: PathId) -> HttpResponse:
    """Let it end after the models it is at."""
    bulk.cancel(_found(request, pk))
    return answer(request, _told(_found(request, pk)))


@router.post("jobs/{int:pk}/undo", response=JobPage, operation_id="undo_job", **needs("edit"))
def undo_job(request: HttpRequest, pk: PathId) -> HttpResponse:
    """Take back what it put on, or put back what it took off; answers the jobs that do so."""
    found = _found(request, pk)
    require_editor(request)
    try:
        made = bulk.undo(found, user=request.user, now=timezone.now())
    except bulk.AlreadyUndone as error:
        raise Refusal(409, str(error)) from error
    ring(work_off_bulk_edits)
    rows = list(BulkEdit.objects.filter(pk__in=made).order_by("pk").values(*_FIELDS))
    return answer(request, page(rows, ""))


def _found(request: HttpRequest, pk: int) -> BulkEdit:
    return get_object_or_404(BulkEdit.objects.visible_to(request.user), pk=pk)


def _told(job: BulkEdit) -> dict[str, Any]:
    return {name: getattr(job, name) for name in _FIELDS}
