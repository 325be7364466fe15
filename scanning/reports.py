"""What a scan reports: lists of the files that were new, changed, moved and so on, kept with it and read a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Func, IntegerField

from scanning.models import Scan, ScanList

# Of each list, this many files are kept; its total counts all of them.
LISTED: Final = 10_000
# Lists of this many scans of a library are kept; older scans keep their figures.
SCANS_WITH_LISTS: Final = 100
PAGE_SIZE: Final = 100
# Stands between the paths of two models; no such path has it in itself.
BETWEEN_MODELS: Final = "//"

_PAGE: Final = """
SELECT entry.place, entry.path, entry.detail
FROM scanning_scanlist list, unnest(list.paths, list.details) WITH ORDINALITY AS entry(path, detail, place)
WHERE list.scan_id = %(scan)s AND list.what = %(what)s AND entry.place > %(after)s
  AND (%(words)s = '' OR strpos(lower(entry.path || ' ' || entry.detail), lower(%(words)s)) > 0)
ORDER BY entry.place LIMIT %(limit)s
"""
_DROP_OLD: Final = """
DELETE FROM scanning_scanlist WHERE scan_id IN (
  SELECT id FROM scanning_scan WHERE library_id = %(library)s ORDER BY id DESC OFFSET %(kept)s)
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """Files of one kind as a scan found them: how many, and (path, detail) of the first."""

    what: str
    total: int
    entries: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Summary:
    """One list of a report: it counts `total` files and names the first `kept` of them."""

    what: str
    label: str
    total: int
    kept: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a list. `place` counts from 1 and continues the list after it."""

    place: int
    path: str
    detail: str

    @property
    def models(self) -> tuple[str, str]:
        """Of a file that changes its model: the paths of the old one and the new one; empty for none."""
        old, _, new = self.detail.partition(BETWEEN_MODELS)
        return old, new


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a list; `after` is the place to continue from, 0 on the last page."""

    entries: list[Entry]
    after: int


def keep_lists(scan: Scan, lists: Iterable[Listed]) -> None:
    """Store these lists with the scan in place of those it had, and drop those of scans long ago."""
    rows = [
        ScanList(
            scan=scan,
            what=found.what,
            total=found.total,
            paths=[path for path, _ in found.entries],
            details=[detail for _, detail in found.entries],
        )
        for found in lists
        if found.total
    ]
    if rows:
        ScanList.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["scan", "what"],
            update_fields=["total", "paths", "details"],
        )
        with connection.cursor() as cursor:
            cursor.execute(_DROP_OLD, {"library": scan.library_id, "kept": SCANS_WITH_LISTS})


def summaries(scan: Scan) -> list[Summary]:
    """The lists that a scan has, in the order of `ScanList.What`."""
    rows = ScanList.objects.filter(scan=scan).annotate(
        kept=Func("paths", function="cardinality", output_field=IntegerField())
    )
    found = {what: (total, kept) for what, total, kept in rows.values_list("what", "total", "kept")}
    return [Summary(what.value, str(what.label), *found[what]) for what in ScanList.What if what in found]


def page(scan: Scan, what: str, *, words: str = "", after: int = 0, limit: int = PAGE_SIZE) -> Page:
    """The files of one list after place `after`, if `words` is given those whose path or detail contains it."""
    values: dict[str, str | int] = {
        "scan": scan.pk,
        "what": what,
        "words": words,
        "after": after,
        "limit": limit + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, values)
        entries = [Entry(*row) for row in cursor.fetchall()]
    return Page(entries[:limit], entries[limit - 1].place if len(entries) > limit else 0)
