"""Problems that people choose not to be told about again, or want to see after all."""

from datetime import datetime
from typing import Any

from scanning.querysets import ProblemQuerySet


def ignore(problems: ProblemQuerySet, *, by: Any, now: datetime) -> int:
    """Hide these problems from the open ones for everybody; return how many were open."""
    return problems.open().update(ignored_at=now, ignored_by=by)


def bring_back(problems: ProblemQuerySet) -> int:
    """Show ignored problems among the open ones again; return how many there were."""
    return problems.exclude(ignored_at=None).update(ignored_at=None, ignored_by=None)
