"""The lists of the activity page: open problems, failed files, former scans; newest first, a page at a time by keyset."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from libraries.models import Library
from models3d.models import ModelFile
from scanning import reports
from scanning.models import Problem, Scan

_Row = TypeVar("_Row", bound=Model)

PAGE_SIZE: Final = 25
# Counts beside the names of the lists stop here.
COUNT_CAP: Final = 999
SHOWN: Final = {"problems": "Problems", "failed": "Failed files", "scans": "Scans"}

# Kinds that occur, by jumping through the index from one to the next: DISTINCT would read every problem.
_KINDS: Final = """
WITH RECURSIVE found(library_id, kind) AS (
  SELECT library.id, (SELECT min(kind) FROM scanning_problem WHERE library_id = library.id)
  FROM unnest(%s::bigint[]) AS library(id)
  UNION ALL
  SELECT library_id, (
    SELECT min(problem.kind) FROM scanning_problem problem
    WHERE problem.library_id = found.library_id AND problem.kind > found.kind)
  FROM found WHERE found.kind IS NOT NULL)
SELECT DISTINCT kind FROM found WHERE kind IS NOT NULL ORDER BY kind
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of one list. `after` continues it; it is empty on the last page. `filters` are those in force."""

    shown: str
    rows: list[Any]
    after: str
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def next_query(self) -> str:
        """The query string of the next page, or nothing."""
        return urlencode({"show": self.shown, **self.filters, "after": self.after}) if self.after else ""


def listing(user: Any, parameters: QueryDict) -> Listing:
    """The page of the list that `parameters` (of the address) ask for. Unknown values are taken for absent ones."""
    shown = parameters.get("show", "")
    if shown == "failed":
        return _failed_files(user, parameters)
    if shown == "scans":
        return _scans(user, parameters)
    return _problems(user, parameters)


@dataclass(frozen=True, slots=True)
class ReportListing:
    """One page of one list of a scan's report. `shown` is None if the scan has no list."""

    lists: list[reports.Summary]
    shown: reports.Summary | None
    words: str
    page: reports.Page

    @property
    def next_query(self) -> str:
        """The query string of the next page, or nothing."""
        if self.shown is None or not self.page.after:
            return ""
        return urlencode({"what": self.shown.what, "words": self.words, "after": str(self.page.after)})


def report_listing(scan: Scan, parameters: QueryDict) -> ReportListing:
    """The page of a scan's report that `parameters` ask for; unknown values are taken for absent ones."""
    lists = reports.summaries(scan)
    shown = next(
        (found for found in lists if found.what == parameters.get("what")), lists[0] if lists else None
    )
    words = parameters.get("words", "").replace("\0", "").strip()[:200]
    page = reports.page(scan, shown.what if shown else "", words=words, after=_number(parameters))
    return ReportListing(lists, shown, words, page)


def counts(user: Any) -> dict[str, str]:
    """How many entries the lists of problems and failed files have, for their tabs; "" for none."""
    problems = Problem.objects.open().visible_to(user)
    return {"problems": _capped(problems), "failed": _capped(failed_files(user))}


def failed_files(user: Any) -> QuerySet[ModelFile]:
    """Files whose analysis failed, in libraries that `user` may see."""
    return ModelFile.objects.present().visible_to(user).filter(analysis_state=ModelFile.State.FAILED)


def problem_kinds(libraries: Iterable[Library]) -> list[tuple[str, str]]:
    """The kinds of problem that occur in these libraries, ignored ones included, each with its words."""
    ids = [library.pk for library in libraries]
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [ids])
        return [(kind, kind.replace("_", " ").capitalize()) for (kind,) in cursor.fetchall()]


def _problems(user: Any, parameters: QueryDict) -> Listing:
    rows = Problem.objects.visible_to(user).select_related("library", "model", "file").order_by("-id")
    filters = {}
    if parameters.get("ignored"):
        rows, filters["ignored"] = rows.exclude(ignored_at=None), "1"
    else:
        rows = rows.open()
    if (kind := _word(parameters, "kind")) != "":
        rows, filters["kind"] = rows.filter(kind=kind), kind
    if (severity := parameters.get("severity", "")) in Problem.Severity.values:
        rows, filters["severity"] = rows.filter(severity=severity), severity
    return _page("problems", _older(rows, parameters), filters)


def _failed_files(user: Any, parameters: QueryDict) -> Listing:
    rows = failed_files(user).select_related("library", "model").order_by("-analyzed_at", "-id")
    last = failed_files(user).filter(pk=_number(parameters)).first()
    if last is not None:
        same_moment = Q(analyzed_at=last.analyzed_at, id__lt=last.pk)
        rows = rows.filter(Q(analyzed_at__lt=last.analyzed_at) | same_moment)
    return _page("failed", rows, {})


def _scans(user: Any, parameters: QueryDict) -> Listing:
    rows = Scan.objects.visible_to(user).exclude(pk__in=Scan.objects.unfinished())
    rows = rows.select_related("library", "requested_by").order_by("-id")
    return _page("scans", _older(rows, parameters), {})


def _page(shown: str, rows: QuerySet[_Row], filters: dict[str, str]) -> Listing:
    found = list(rows[: PAGE_SIZE + 1])
    after = str(found[PAGE_SIZE - 1].pk) if len(found) > PAGE_SIZE else ""
    return Listing(shown, found[:PAGE_SIZE], after, filters)


def _older(rows: QuerySet[_Row], parameters: QueryDict) -> QuerySet[_Row]:
    last = _number(parameters)
    return rows.filter(pk__lt=last) if last else rows


def _number(parameters: QueryDict) -> int:
    text = parameters.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _word(parameters: QueryDict, name: str) -> str:
    text = parameters.get(name, "")
    return text if text.replace("_", "").isalnum() and len(text) <= 40 else ""


def _capped(rows: QuerySet[Any]) -> str:
    number = rows.order_by()[: COUNT_CAP + 1].count()
    return f"{COUNT_CAP}+" if number > COUNT_CAP else str(number or "")
