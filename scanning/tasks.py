"""Alarm clocks of scanning: what is to be done stands in the rows."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config.lib.bell import ring
from models3d import changing
from models3d.tasks import analyze_waiting
from scanning import changes, filing, labeling, metadata, problems, removal, runner, uploads


@shared_task
def start_due_scans() -> None:
    """Ring for every scan that can be started: waiting ones, abandoned ones, libraries whose interval is over."""
    for scan_id in runner.request_due_scans(now=timezone.now()):
        run_scan.apply_async(args=[scan_id], expires=25)  # beat rings again


@shared_task
def run_scan(scan_id: int) -> None:
    """Run one scan, unless it is done or somebody else is at it."""
    if runner.run_scan(scan_id):
        ring(fill_metadata)
        ring(work_on_uploads)
        ring(analyze_waiting)


@shared_task
def fill_metadata() -> None:
    """Put what paths and papers tell onto models whose files changed."""
    metadata.fill_waiting_models()


@shared_task
def clear_removed_libraries() -> None:
    """Delete the rows of libraries that were removed."""
    removal.clear_removed_libraries()


@shared_task
def settle_problems() -> None:
    """Raise and clear the problems of files whose facts changed."""
    problems.settle_all()


@shared_task
def work_on_uploads() -> None:
    """Check files that arrived, put them into their libraries, and give their models what was typed."""
    filing.check_received(clock=timezone.now)
    for scan_id in filing.file_waiting(clock=timezone.now):
        ring(run_scan, scan_id)
    labeling.label_placed(now=timezone.now())


@shared_task
def clear_stale_uploads() -> None:
    """Forget uploads that nobody finishes."""
    uploads.clear_stale(now=timezone.now())


@shared_task
def work_on_changes() -> None:
    """Move, bin, restore and delete files as people asked for, and have it looked at."""
    for scan_id in changes.work_on_changes(clock=timezone.now):
        ring(run_scan, scan_id)


@shared_task
def empty_bins() -> None:
    """Delete for good what has been in the bin for as long as it is kept."""
    changing.empty_old(now=timezone.now(), days=settings.BIN_DAYS)
    ring(work_on_changes)
