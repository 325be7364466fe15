"""Working off the files that wait: claim a few rows with a lease, analyze each, bring their models up to date, repeat."""

import logging
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from models3d import analysis, derived, shapes
from models3d.models import ModelFile
from models3d.sandbox.pool import SandboxPool

logger = logging.getLogger(__name__)

# Few enough that the files left behind by a dead worker are soon tried again, many enough that claiming costs nothing.
_CLAIM_SIZE: Final = 8
_POLL_SECONDS: Final = 0.5

_CLAIM = """
UPDATE models3d_modelfile SET analysis_claimed_until = %(until)s
WHERE id IN (
  SELECT id FROM models3d_modelfile
  WHERE analysis_state = 'pending' AND missing_since IS NULL
    AND (analysis_claimed_until IS NULL OR analysis_claimed_until < %(now)s)
    AND (%(libraries)s::bigint[] IS NULL OR library_id = ANY(%(libraries)s))
  ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far working off is, for a person who watches."""

    done_count: int
    waiting_count: int


class _Shared:
    """What the threads of this process share: one pool of children, and the promise that one drain runs at a time."""

    pool: SandboxPool | None = None
    lock = threading.Lock()
    draining = threading.Lock()
    stopping = threading.Event()


def shared_pool() -> SandboxPool:
    """The pool of limited children of this process, made at its first use."""
    with _Shared.lock:
        if _Shared.pool is None:
            _Shared.pool = SandboxPool(environment={"NUMBA_CACHE_DIR": settings.KERNEL_CACHE_DIR})
        return _Shared.pool


def stop() -> None:
    """Let every thread of this process end after the file it is at, and give the claimed rest back. For good."""
    _Shared.stopping.set()


def work_for(*, seconds: float, threads: int) -> None:
    """Work off whatever waits for at most about `seconds`; at once a no-op if this process is at it already."""
    if not _Shared.draining.acquire(blocking=False):
        return
    try:
        deadline = time.monotonic() + seconds
        _in_threads(threads, lambda: _drain(None, until=lambda: time.monotonic() > deadline))
    finally:
        _Shared.draining.release()


def work_off(
    *, library_ids: Collection[int], threads: int, progress: Callable[[Progress], None] | None = None
) -> None:
    """Return once no file of these libraries waits any more, those that other workers are busy with included."""
    libraries = sorted(library_ids)
    finished = threading.Event()
    waiting = ModelFile.objects.waiting().filter(library__in=libraries)
    total = waiting.count()

    def follow() -> None:
        while left := waiting.count():
            if progress:
                progress(Progress(total - left, left))
            time.sleep(_POLL_SECONDS)
        finished.set()
        connection.close()

    def work() -> None:
        while not finished.is_set():
            _drain(libraries, until=finished.is_set)
            finished.wait(_POLL_SECONDS)  # others, or a pause before another try, hold the rest

    if total:
        _in_threads(threads + 1, *([work] * threads), follow)


def _in_threads(count: int, *jobs: Callable[[], None]) -> None:
    with ThreadPoolExecutor(count, thread_name_prefix="analysis") as executor:
        chosen = jobs if len(jobs) == count else jobs * count
        for future in [executor.submit(_then_close, job) for job in chosen]:
            future.result()


def _then_close(job: Callable[[], None]) -> None:
    try:
        job()
    finally:
        connection.close()  # back into the pool: connections belong to threads


def _drain(libraries: list[int] | None, *, until: Callable[[], bool]) -> None:
    while not (until() or _Shared.stopping.is_set()):
        files = _claim(libraries)
        if not files:
            shapes.settle_shapes()  # what a worker left that stopped between storing and settling
            return
        for place, file in enumerate(files):
            if _Shared.stopping.is_set():
                _release(files[place:])
                break
            if _begin(file):
                _analyze_one(file)
        shapes.settle_shapes()
        derived.refresh_models({file.model_id for file in files if file.model_id})


def _claim(libraries: list[int] | None) -> list[ModelFile]:
    now = timezone.now()
    claim = {"now": now, "until": now + _lease(), "libraries": libraries, "limit": _CLAIM_SIZE}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, claim)
        ids = [row[0] for row in cursor.fetchall()]
    return list(ModelFile.objects.filter(pk__in=ids).select_related("library").order_by("pk"))


def _begin(file: ModelFile) -> bool:
    """Count the attempt and renew the lease; False if another worker took the file over meanwhile.

    Attempts are counted here and not by the claim: a file that ends its worker must not use up those of its neighbors.
    """
    claimed_until, file.analysis_claimed_until = file.analysis_claimed_until, timezone.now() + _lease()
    file.analysis_attempts += 1
    mine = ModelFile.objects.filter(
        pk=file.pk, analysis_state="pending", analysis_claimed_until=claimed_until
    )
    return bool(
        mine.update(
            analysis_claimed_until=file.analysis_claimed_until, analysis_attempts=file.analysis_attempts
        )
    )


def _release(files: list[ModelFile]) -> None:
    for file in files:
        mine = ModelFile.objects.filter(pk=file.pk, analysis_claimed_until=file.analysis_claimed_until)
        mine.update(analysis_claimed_until=None)


def _lease() -> timedelta:
    return timedelta(seconds=settings.MAX_FILE_SECONDS + 60)


def _analyze_one(file: ModelFile) -> None:
    now = timezone.now()
    if file.analysis_attempts > analysis.MAX_ATTEMPTS:
        analysis.give_up(file, now=now)
        return
    try:
        analysis.analyze(file, pool=shared_pool(), now=now)
    except Exception:  # one file must not stop the others
        logger.exception("Analyzing file %s failed unexpectedly.", file.pk)
        analysis.record_crash(file, now=now)
