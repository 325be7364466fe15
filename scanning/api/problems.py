"""Problems as JSON: what may be mended, ignoring it and bringing it back."""

from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from config.lib.answers import answer, needs, page, row_number
from config.lib.api_types import After, Limit, PathId, RowId, ShortText
from libraries.permissions import require_owner
from scanning import ignoring
from scanning.models import Problem
from scanning.schemas import ProblemOut, ProblemPage

router = Router(tags=["Problems"])
_FIELDS: Final = (
    "id", "library_id", "model_id", "file_id", "kind", "severity", "sentence", "found_at", "ignored_at",
)  # fmt: skip
_Ignored = Annotated[bool, Query(False, description="Those that were ignored, in place of the open ones.")]


@router.get("problems", response=ProblemPage, operation_id="list_problems", **needs("read"))
def list_problems(
    request: HttpRequest,
    limit: Limit,
    after: After,
    ignored: _Ignored,
    kind: ShortText = "",
    severity: Problem.Severity | None = None,
    library: RowId | None = None,
    model: RowId | None = None,
) -> HttpResponse:
    """Open problems in the libraries that you may see, the newest first."""
    rows = Problem.objects.visible_to(request.user).order_by("-pk")
    rows = rows.exclude(ignored_at=None) if ignored else rows.open()
    if last := row_number(after):
        rows = rows.filter(pk__lt=last)
    chosen = {"kind": kind or None, "severity": severity, "library": library, "model": model}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value is not None})
    found = list(rows.values(*_FIELDS)[: limit + 1])
    return answer(request, page(found[:limit], found[limit - 1]["id"] if len(found) > limit else ""))


@router.get("problems/{int:problem_id}", response=ProblemOut, operation_id="get_problem", **needs("read"))
def get_problem(request: HttpRequest, problem_id: PathId) -> HttpResponse:
    """One problem."""
    return _told(request, problem_id)


@router.post(
    "problems/{int:problem_id}/ignore", response=ProblemOut, operation_id="ignore_problem", **needs("admin")
)
def ignore(request: HttpRequest, problem_id: PathId) -> HttpResponse:
    """Hide a problem from everybody's open ones. For owners."""
    require_owner(request)
    problems = Problem.objects.visible_to(request.user).filter(pk=problem_id)
    ignoring.ignore(problems, by=request.user, now=timezone.now())
    return _told(request, problem_id)


@router.post(
    "problems/{int:problem_id}/restore", response=ProblemOut, operation_id="restore_problem", **needs("admin")
)
def restore(request: HttpRequest, problem_id: PathId) -> HttpResponse:
    """Show an ignored problem again. For owners."""
    require_owner(request)
    ignoring.bring_back(Problem.objects.visible_to(request.user).filter(pk=problem_id))
    return _told(request, problem_id)


def _told(request: HttpRequest, problem_id: int) -> HttpResponse:
    found = get_object_or_404(Problem.objects.visible_to(request.user), pk=problem_id)
    return answer(request, {name: getattr(found, name) for name in _FIELDS})
