"""Asking scans to end, to pause and to go on: a word in the row, which whoever runs the scan reads about every second."""

from datetime import datetime

from scanning.models import Scan


def cancel_scan(scan_id: int, *, now: datetime) -> None:
    """End a waiting or paused scan at once, a running one within about a second; one that has ended stays as it is."""
    idle = Scan.objects.filter(pk=scan_id, state__in=[Scan.State.QUEUED, Scan.State.PAUSED])
    if not idle.update(state=Scan.State.CANCELLED, finished_at=now):
        Scan.objects.active().filter(pk=scan_id).update(is_cancel_requested=True)


def pause_scan(scan_id: int) -> None:
    """Let a scan rest until somebody resumes or cancels it. It keeps no lock; what it wrote stays."""
    waiting = Scan.objects.filter(pk=scan_id, state=Scan.State.QUEUED)
    if not waiting.update(state=Scan.State.PAUSED):
        Scan.objects.active().filter(pk=scan_id).update(is_pause_requested=True)


def resume_scan(scan_id: int) -> None:
    """Let a paused scan wait for a worker, which scans again: what is in the rows already costs a look at each file."""
    paused = Scan.objects.filter(pk=scan_id, state=Scan.State.PAUSED)
    paused.update(state=Scan.State.QUEUED, is_pause_requested=False)
    Scan.objects.active().filter(pk=scan_id).update(is_pause_requested=False)
