"""Sets of scans and problems, named after what they are for."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from libraries.models import Library

if TYPE_CHECKING:
    from scanning.models import Problem, Scan

# A running scan writes its heartbeat about every second; a minute of silence means that its worker is gone.
STALE_AFTER = timedelta(minutes=1)


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, user: Any) -> Self:
        """Scans of libraries that `user` may see."""
        return self.filter(library__in=Library.objects.visible_to(user))

    def active(self) -> Self:
        """Scans that wait or run."""
        return self.filter(state__in=["queued", "running"])

    def unfinished(self) -> Self:
        """Scans that wait, run or rest: a library has one of them at most."""
        return self.filter(state__in=["queued", "running", "paused"])

    def startable(self, now: datetime) -> Self:
        """Scans that wait, and running ones whose worker went silent."""
        stale = models.Q(state="running", heartbeat_at__lt=now - STALE_AFTER)
        return self.filter(models.Q(state="queued") | stale)


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: Any) -> Self:
        """Problems in libraries that `user` may see."""
        return self.filter(library__in=Library.objects.visible_to(user))

    def open(self) -> Self:
        """Problems that nobody chose to ignore."""
        return self.filter(ignored_at=None)
