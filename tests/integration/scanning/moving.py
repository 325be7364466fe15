"""Asking for changes of files on a shelf and having them done, with kills where a test wants them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection
from django.utils import timezone

from libraries.path_template import PathTemplate
from models3d import changing
from models3d.models import FileChange, Model3D
from scanning.changes import work_on_changes
from scanning.models import Scan
from scanning.runner import run_scan
from tests.integration.scanning.shelf import Shelf, counts


class Killed(BaseException):
    """The worker is gone. Whatever is not committed is undone, and no handler runs but those of every exit."""


class _Killer:
    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(sql, params, many, context)


@contextmanager
def killed_before(statement: int) -> Iterator[_Killer]:
    """End the block, as a kill would, before its nth statement."""
    killer = _Killer(statement)
    with suppress(Killed), connection.execute_wrapper(killer):
        yield killer


def work(*, scans: bool = True) -> None:
    """Do what waits, and the scans that follow."""
    for scan_id in work_on_changes(clock=timezone.now):
        if scans:
            assert run_scan(scan_id)


def organize(shelf: Shelf, template: str, models: list[Model3D] | None = None) -> FileChange:
    """Plan and carry out a whole organising change."""
    PathTemplate(template)
    ids = None if models is None else [model.pk for model in models]
    change = changing.organize(shelf.library, template=template, model_ids=ids, by=None, now=timezone.now())
    work()
    assert changing.start(change)
    work()
    change.refresh_from_db()
    return change


def tree_of(shelf: Shelf) -> dict[str, bytes]:
    """Every file on the disk below the root, the bin included."""
    return {
        str(path.relative_to(shelf.root)): path.read_bytes()
        for path in sorted(shelf.root.rglob("*"))
        if path.is_file()
    }


def assert_scan_finds_nothing(shelf: Shelf) -> None:
    """Rows and disk agree, so that a scan has nothing to write."""
    scan = shelf.scan()
    assert scan.state == Scan.State.DONE
    assert counts(scan)[1:] == (0, 0, 0, 0)
    assert scan.moved_count == 0
