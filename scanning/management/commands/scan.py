"""Scan libraries in this process, and with --wait measure and picture their files too."""

import json
import os
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from config.lib.bell import ring
from libraries.models import Library
from libraries.paths import disk_path, display_path, row_path
from models3d.tasks import analyze_waiting
from models3d.working_off import Progress, work_off
from scanning import problems, reports
from scanning.metadata import fill_waiting_models
from scanning.models import Scan, ScanList
from scanning.runner import request_scan, run_scan
from scanning.steering import resume_scan

_BAD_ARGUMENTS: Final = 2
_POLL_SECONDS: Final = 0.3
_COUNTED: Final = ("found", "new", "changed", "moved", "missing", "returned", "skipped")
# Of each list, this many files are printed; all that are kept come with --json and on the page of the scan.
_PRINTED: Final = 20


class Command(BaseCommand):
    help = (
        "Bring libraries in line with their files. Exit code 0: done, 1: failed or refused, 2: bad arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help="id, name or folder of a library")
        parser.add_argument("--folder", default="", help="only this folder of the library, and all below it")
        parser.add_argument("--all", action="store_true", help="every library")
        parser.add_argument(
            "--wait", action="store_true", help="return when files are measured and pictured too"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--confirm", action="store_true", help="go on though many files would go missing")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_quiet: bool = options["json"]
        libraries = _chosen(options["libraries"], is_all=options["all"])
        folder = _folder_in(libraries, options["folder"])
        scans = [
            self._scan(library, folder=folder, is_dry_run=options["dry_run"], is_confirmed=options["confirm"])
            for library in libraries
        ]
        if not options["dry_run"]:
            fill_waiting_models()
        if options["wait"] and not options["dry_run"]:
            ids = [library.pk for library in libraries]
            work_off(library_ids=ids, threads=settings.MESH_CHILDREN, progress=self._show_analysis)
            self._clear_line()
            problems.settle_all()
        elif not options["dry_run"]:
            ring(analyze_waiting)  # a worker that runs goes on from here
        if options["json"]:
            self.stdout.write(json.dumps({"scans": [_as_json(scan) for scan in scans]}, indent=2))
        bad = [scan for scan in scans if scan.state != Scan.State.DONE]
        if bad:
            raise CommandError("; ".join(_complaint(scan) for scan in bad))

    def _scan(self, library: Library, *, folder: str, is_dry_run: bool, is_confirmed: bool) -> Scan:
        wanted = partial(
            request_scan, library, folder=folder, is_dry_run=is_dry_run, is_confirmed=is_confirmed
        )
        scan = wanted()
        resume_scan(scan.pk)
        scan.refresh_from_db()
        self._follow(scan)
        if scan.is_dry_run != is_dry_run:  # another one was under way
            scan = wanted()
            self._follow(scan)
        self._clear_line()
        if not self.is_quiet:
            self.stdout.write(_summary(scan))
            if is_dry_run:
                self.stdout.write("".join(_lists(scan)), ending="")
        return scan

    def _follow(self, scan: Scan) -> None:
        """Run the scan here, or watch it while another process runs it."""
        while scan.is_active:
            if not run_scan(scan.pk, told=self._show_scan):
                self._show_scan(scan)
                time.sleep(_POLL_SECONDS)
            scan.refresh_from_db()

    def _show_scan(self, scan: Scan) -> None:
        phase = scan.get_phase_display() if scan.phase else "Waiting"
        self._show(f"{scan.library}: {phase.lower()} · {scan.found_count:,} files · {scan.current_path}")

    def _show_analysis(self, progress: Progress) -> None:
        total = progress.done_count + progress.waiting_count
        self._show(f"Measuring and drawing: {progress.done_count:,} of {total:,} files")

    def _show(self, text: str) -> None:
        if not self.is_quiet and self.stdout.isatty():
            self.stdout.write(f"\r\033[K{text[:100]}", ending="")
            self.stdout.flush()

    def _clear_line(self) -> None:
        self._show("")


def _chosen(wanted: Iterable[str], *, is_all: bool) -> list[Library]:
    names = list(wanted)
    if is_all == bool(names):
        raise CommandError(
            "Name the libraries to scan, or say --all for every one.", returncode=_BAD_ARGUMENTS
        )
    if is_all:
        return list(Library.objects.kept().order_by("pk"))
    return list(dict.fromkeys(_library_called(name) for name in names))


def _folder_in(libraries: list[Library], text: str) -> str:
    """The folder to scan, relative to the root of the only library named; `text` may be a full path too."""
    if not text:
        return ""
    if len(libraries) != 1:
        raise CommandError("A folder can be scanned in one library at a time.", returncode=_BAD_ARGUMENTS)
    root = disk_path(libraries[0].path)
    inside = os.path.relpath(os.path.realpath(Path(root, text)), root)
    if inside == os.pardir or inside.startswith(f"{os.pardir}/"):
        raise CommandError(f"“{text}” is no folder of {libraries[0]}.", returncode=_BAD_ARGUMENTS)
    return "" if inside == os.curdir else row_path(inside)


def _library_called(text: str) -> Library:
    called = Q(name__iexact=text) | Q(path=row_path(os.path.realpath(text)))
    if text.isdecimal() and len(text) < 18:
        called |= Q(pk=int(text))
    found = list(Library.objects.kept().filter(called))
    if len(found) != 1:
        known = (
            "; ".join(f"{library.pk} {library.name}" for library in Library.objects.kept().order_by("pk"))
            or "none"
        )
        count = "Several libraries are" if found else "No library is"
        raise CommandError(f"{count} called “{text}”. There are: {known}.", returncode=_BAD_ARGUMENTS)
    return found[0]


def _summary(scan: Scan) -> str:
    library = scan.library
    if scan.state != Scan.State.DONE:
        return _complaint(scan)
    changes = {name: getattr(scan, f"{name}_count") for name in _COUNTED[1:]}
    told = ", ".join(f"{number:,} {name}" for name, number in changes.items() if number) or "nothing changed"
    would = "a scan would find " if scan.is_dry_run else ""
    inside = (
        f" Looked into {scan.archive_count:,} archives: {scan.member_count:,} files."
        if scan.member_count
        else ""
    )
    return f"{library}: {would}{scan.found_count:,} files ({told}), {scan.model_count:,} models.{inside}"


def _complaint(scan: Scan) -> str:
    return f"{scan.library}: {scan.error or scan.get_state_display()}"


def _as_json(scan: Scan) -> dict[str, Any]:
    counts = {name: getattr(scan, f"{name}_count") for name in _COUNTED}
    return {
        "id": scan.pk,
        "library": {"id": scan.library_id, "name": scan.library.name},
        "state": scan.state,
        "is_dry_run": scan.is_dry_run,
        "error": scan.error,
        "models": scan.model_count,
        "archives": {"opened": scan.archive_count, "files": scan.member_count},
        "counts": counts,
        "lists": {found.what: _list_as_json(scan, found) for found in reports.summaries(scan)},
    }


def _list_as_json(scan: Scan, found: reports.Summary) -> dict[str, Any]:
    entries = reports.page(scan, found.what, limit=reports.LISTED).entries
    detail = {"moved": "from", "ignored": "rule", "regroup": "models"}.get(found.what, "reason")
    rows = [
        {"path": display_path(entry.path)} | ({detail: _detail(found, entry)} if entry.detail else {})
        for entry in entries
    ]
    return {"total": found.total, "files": rows}


def _lists(scan: Scan) -> Iterator[str]:
    """The report in lines: for each kind of change the first files."""
    for found in reports.summaries(scan):
        yield f"\n{found.label}: {found.total:,}\n"
        for entry in reports.page(scan, found.what, limit=_PRINTED).entries:
            came = "from " if found.what == "moved" else ""
            told = f" ({came}{_detail(found, entry)})" if entry.detail else ""
            yield f"  {display_path(entry.path)}{told}\n"
        if found.total > _PRINTED:
            yield f"  … and {found.total - _PRINTED:,} more\n"


def _detail(found: reports.Summary, entry: reports.Entry) -> str:
    if found.what == ScanList.What.REGROUPED:
        return " → ".join(display_path(path) or "no model" for path in entry.models)
    return display_path(entry.detail)
