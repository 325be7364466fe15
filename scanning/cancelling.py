"""Asking a scan to end before it is through."""

from datetime import datetime

from scanning.models import Scan


def cancel_scan(scan_id: int, *, now: datetime) -> None:
    """End a waiting scan at once, a running one within about a second; one that has ended stays as it is."""
    waiting = Scan.objects.filter(pk=scan_id, state=Scan.State.QUEUED)
    if not waiting.update(state=Scan.State.CANCELLED, finished_at=now):
        Scan.objects.active().filter(pk=scan_id).update(is_cancel_requested=True)
