"""Changes of files meet scans: they are carried out under the same lock."""

from collections.abc import Callable
from datetime import datetime

from config.lib.locks import library_lock
from libraries.models import Library
from models3d import changing, moving
from models3d.models import FileChange
from scanning.filing import common_folder
from scanning.following import follow
from scanning.models import Scan
from scanning.runner import request_scan


def work_on_changes(*, clock: Callable[[], datetime]) -> list[int]:
    """Plan and carry out what people asked for; return the ids of the scans that look at what came of it.

    A library that is being scanned keeps its changes waiting until the scan is over.
    """
    for change in FileChange.objects.filter(state=FileChange.State.PLANNING).order_by("id"):
        changing.plan(change)
    scans = []
    waiting = FileChange.objects.filter(state__in=["queued", "running"])
    for library in Library.objects.kept().filter(pk__in=waiting.values("library")):
        with library_lock(library.pk) as is_held:
            if not is_held:
                continue
            folders = moving.run_changes(library, clock=clock, follow=follow)
            if folders:
                _let_regroup(library)
                scans.append(request_scan(library, folder=common_folder(folders)).pk)
    return scans


def _let_regroup(library: Library) -> None:
    """Let the next scan look at the model of every file: what lies where is another matter now."""
    last = Scan.objects.filter(library=library, is_dry_run=False).order_by("-id").values("pk")[:1]
    Scan.objects.filter(pk__in=last).update(rules="")
