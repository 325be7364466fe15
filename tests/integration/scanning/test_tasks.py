"""The tasks of scanning: twice is the same as once, and a row that is gone is a normal end."""

from datetime import timedelta

from django.utils import timezone

from libraries.models import Library
from models3d.models import ModelFile
from scanning import tasks
from scanning.models import Problem, Scan
from scanning.runner import request_scan
from tests.integration.scanning.shelf import Shelf


def test_running_a_scan_twice_scans_once(shelf: Shelf) -> None:
    shelf.write("orc.stl")
    scan = request_scan(shelf.library)

    tasks.run_scan(scan.pk)
    shelf.write("elf.stl")
    tasks.run_scan(scan.pk)

    assert [file.relative_path for file in ModelFile.objects.all()] == ["orc.stl"]


def test_a_scan_that_is_gone_is_a_normal_end(shelf: Shelf) -> None:
    tasks.run_scan(request_scan(shelf.library).pk + 1)

    assert Scan.objects.get().state == Scan.State.QUEUED


def test_due_libraries_get_a_scan(shelf: Shelf) -> None:
    Library.objects.update(next_scan_at=timezone.now() - timedelta(seconds=1))

    tasks.start_due_scans()
    tasks.start_due_scans()

    assert Scan.objects.get().library == shelf.library


def test_problems_are_settled(shelf: Shelf) -> None:
    shelf.write("empty.stl", content=b"")
    shelf.scan()

    tasks.settle_problems()
    tasks.settle_problems()

    assert Problem.objects.get().kind == "empty_file"
