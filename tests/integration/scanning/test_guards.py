"""When most files seem to be gone, the scan changes nothing and says why."""

import shutil
from collections.abc import Iterator

import pytest

from libraries.listing import FileSeen, Ignores, Skipped
from libraries.models import Library
from libraries.storage import LibraryStorage, LocalStorage
from models3d.models import ModelFile
from scanning.models import Scan
from scanning.reconcile import Reconciliation
from scanning.walking import RootVanished
from tests.integration.scanning.shelf import Shelf, counts


class Silent:
    def tick(
        self,
        *,
        phase: str = "",
        path: str = "",
        found: int | None = None,
        inside: tuple[int, int] | None = None,
    ) -> None: ...


@pytest.fixture
def full(shelf: Shelf) -> Shelf:
    """A shelf of twelve scanned files."""
    shelf.write(*(f"Dragon {n}/dragon.stl" for n in range(12)))
    shelf.scan()
    return shelf


def _assert_nothing_missing(shelf: Shelf) -> None:
    assert not ModelFile.objects.filter(library=shelf.library).exclude(missing_since=None).exists()


def test_root_that_is_gone_is_refused_even_if_confirmed(full: Shelf) -> None:
    shutil.move(full.root, full.root.parent / "unmounted")

    scan = full.scan(is_confirmed=True)

    assert scan.state == Scan.State.REFUSED
    assert "is not there. Is its disk mounted? Nothing was changed." in scan.error
    _assert_nothing_missing(full)
    full.library.refresh_from_db()
    assert full.library.next_scan_at is not None


def test_empty_root_is_refused_until_confirmed(full: Shelf) -> None:
    shutil.rmtree(full.root)
    full.root.mkdir()

    refused = full.scan()
    _assert_nothing_missing(full)
    confirmed = full.scan(is_confirmed=True)

    assert refused.state == Scan.State.REFUSED
    assert "is empty, but it held 12 files" in refused.error
    assert (confirmed.state, confirmed.missing_count) == (Scan.State.DONE, 12)


def test_losing_more_than_half_is_refused_until_confirmed(full: Shelf) -> None:
    for number in range(7):
        shutil.rmtree(full.root / f"Dragon {number}")

    refused = full.scan()
    _assert_nothing_missing(full)
    confirmed = full.scan(is_confirmed=True)

    assert refused.state == Scan.State.REFUSED
    assert refused.error.startswith("7 of 12 files would go missing.")
    assert counts(confirmed) == (5, 0, 0, 7, 0)


def test_another_disk_with_most_files_gone_is_named(full: Shelf) -> None:
    Library.objects.filter(pk=full.library.pk).update(root_device=1)
    for number in range(8):
        shutil.rmtree(full.root / f"Dragon {number}")

    scan = full.scan()

    assert scan.state == Scan.State.REFUSED
    assert "another disk" in scan.error


def test_another_disk_with_the_same_files_is_welcome(full: Shelf) -> None:
    Library.objects.filter(pk=full.library.pk).update(root_device=1)

    assert full.scan().state == Scan.State.DONE
    full.library.refresh_from_db()
    assert full.library.root_device == full.root.stat().st_dev


def test_a_folder_nobody_may_look_into_loses_no_files(full: Shelf) -> None:
    class Closed(LocalStorage):
        """Stands for a disk that refuses one folder: the superuser, as whom tests may run, is refused nothing."""

        def iter_files(
            self, scope: str = "", *, ignores: Ignores | None = None
        ) -> Iterator[FileSeen | Skipped]:
            for entry in super().iter_files(scope, ignores=ignores):
                if not entry.row_path.startswith("Dragon 3/"):
                    yield entry
            yield Skipped("Dragon 3", "The folder cannot be listed: permission denied.", True)

    (full.root / "Dragon 4/dragon.stl").unlink()
    work = Reconciliation(
        full.library, LibraryStorage(Closed(str(full.root))), watch=Silent(), now=full.library.created_at
    )

    report = work.run(is_confirmed=False, is_dry_run=False, regroups=False)

    assert report.diff.missing == 1
    assert full.file("Dragon 3/dragon.stl").missing_since is None
    assert full.file("Dragon 4/dragon.stl").missing_since is not None
    assert report.skipped == [("Dragon 3", "The folder cannot be listed: permission denied.")]


def test_root_that_vanishes_during_the_scan_changes_nothing(full: Shelf) -> None:
    class Pulled(LocalStorage):
        """A disk that is pulled out after the first file."""

        def iter_files(
            self, scope: str = "", *, ignores: Ignores | None = None
        ) -> Iterator[FileSeen | Skipped]:
            walk = super().iter_files(scope, ignores=ignores)
            yield next(walk)
            shutil.move(self.root, f"{self.root}-pulled")
            yield from walk

    work = Reconciliation(
        full.library, LibraryStorage(Pulled(str(full.root))), watch=Silent(), now=full.library.created_at
    )

    with pytest.raises(RootVanished, match="went away during the scan, so nothing was changed"):
        work.run(is_confirmed=True, is_dry_run=False, regroups=False)
    _assert_nothing_missing(full)
