"""The figures of an installation, from stored counters and short index reads: no query grows with the libraries' files."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from config.request_counts import BOUNDS_SECONDS, DURATIONS
from config.runtime.alive import silent_seconds
from libraries.models import Library
from scanning.models import Scan

# Rows without a stored counter are counted up to here; a figure that stands at it means “at least”.
COUNTED_UP_TO: Final = 10_000

_FILES: Final = """
SELECT
  (SELECT count(*) FROM (SELECT 1 FROM models3d_modelfile
    WHERE analysis_state = 'pending' AND missing_since IS NULL LIMIT %(most)s) AS waiting),
  (SELECT count(*) FROM (SELECT 1 FROM models3d_modelfile
    WHERE analysis_state = 'failed' LIMIT %(most)s) AS failed)
"""
# From kind to kind along the index, instead of reading the problems in between.
_PROBLEMS: Final = """
WITH RECURSIVE kinds AS (
  (SELECT kind FROM scanning_problem ORDER BY kind LIMIT 1)
  UNION ALL
  SELECT (SELECT kind FROM scanning_problem WHERE kind > kinds.kind ORDER BY kind LIMIT 1) FROM kinds WHERE kind IS NOT NULL
)
SELECT kind, (SELECT count(*) FROM (
  SELECT 1 FROM scanning_problem AS problem WHERE problem.kind = kinds.kind AND ignored_at IS NULL LIMIT %(most)s) AS first)
FROM kinds WHERE kind IS NOT NULL
"""


class Figures:
    """What Prometheus collects; `now` is the moment of the scrape."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every figure with its sentence."""
        yield from self._of_libraries()
        yield from self._of_files()
        yield from self._of_scans()
        yield from self._of_processes()
        yield from _of_requests()

    def _of_libraries(self) -> Iterator[Metric]:
        names = ("pk", "name", "model_count", "file_count", "total_bytes", "scanned_at")
        rows = list(Library.objects.kept().values_list(*names))
        yield _gauge("layershelf_libraries", "Libraries.", len(rows))
        labels = ("library", "name")
        yield _gauges("layershelf_models", "Models.", labels, ([r[0], r[1], r[2]] for r in rows))
        yield _gauges("layershelf_files", "Files that are there.", labels, ([r[0], r[1], r[3]] for r in rows))
        yield _gauges(
            "layershelf_files_bytes", "Size of the files.", labels, ([r[0], r[1], r[4]] for r in rows)
        )
        ages = ([r[0], r[1], (self._now - r[5]).total_seconds()] for r in rows if r[5])
        yield _gauges("layershelf_last_scan_age_seconds", "Time since the last finished scan.", labels, ages)

    def _of_files(self) -> Iterator[Metric]:
        limit = {"most": COUNTED_UP_TO}
        with connection.cursor() as cursor:
            cursor.execute(_FILES, limit)
            waiting, failed = cursor.fetchone()
            cursor.execute(_PROBLEMS, limit)
            problems = cursor.fetchall()
        counted = f"counted up to {COUNTED_UP_TO:,}"
        yield _gauge("layershelf_analyses_waiting", f"Files that wait to be measured ({counted}).", waiting)
        yield _gauge("layershelf_analyses_failed", f"Files that could not be read ({counted}).", failed)
        yield _gauges("layershelf_problems", f"Open problems by kind ({counted} each).", ["kind"], problems)

    def _of_scans(self) -> Iterator[Metric]:
        states = [Scan.State.QUEUED, Scan.State.RUNNING, Scan.State.PAUSED]
        active = list(Scan.objects.filter(state__in=states).values_list("state", flat=True))
        counts = ([state.value, active.count(state.value)] for state in states)
        yield _gauges("layershelf_scans", "Scans that wait, run or pause.", ["state"], counts)

    def _of_processes(self) -> Iterator[Metric]:
        name = "layershelf_silent_seconds"
        silent = [
            (process, silent_seconds(process, settings.DATA_FOLDER.run, now=time.time()))
            for process in ("worker", "beat")
        ]
        known = ([process, seconds] for process, seconds in silent if seconds is not None)
        yield _gauges(name, "Time since the last sign of life.", ["process"], known)


def _of_requests() -> Iterator[Metric]:
    family = HistogramMetricFamily(
        "layershelf_request_seconds",
        "Time until answers began, by page.",
        labels=["view", "method", "status"],
    )
    requests = CounterMetricFamily(
        "layershelf_requests", "Answered requests.", labels=["view", "method", "status"]
    )
    for labels, durations in list(DURATIONS.items()):
        so_far, buckets = 0, []
        bounds = [*map(str, BOUNDS_SECONDS), "+Inf"]
        for bound, count in zip(bounds, durations.counts, strict=True):
            so_far += count
            buckets.append((bound, so_far))
        family.add_metric(labels, buckets, durations.total_seconds)
        requests.add_metric(labels, so_far)
    yield family
    yield requests


def _gauge(name: str, sentence: str, value: float) -> Metric:
    return GaugeMetricFamily(name, sentence, value=value)


def _gauges(name: str, sentence: str, labels: Iterable[str], rows: Iterable[Any]) -> Metric:
    """`rows` end with their value; before it stand the values of `labels`."""
    family = GaugeMetricFamily(name, sentence, labels=list(labels))
    for *values, number in rows:
        family.add_metric([str(value) for value in values], number)
    return family
