"""Scanning a folder: the first time, unchanged, and with all folders renamed, beside what any program would need for it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from benchmarks.figures import Figure, seconds_of
from benchmarks.trees import iter_stats, make_tree
from libraries.hashing import sha256_of
from libraries.models import Library
from libraries.services import remove_libraries
from models3d.models import ModelFile
from scanning.models import Scan
from scanning.removal import clear_removed_libraries
from scanning.runner import request_scan, run_scan

# Seconds allowed for the first scan and an unchanged one; trees of other sizes are held to their ratio.
_TARGETS = {1_000: (0.05, 0.01), 100_000: (5.0, 1.5), 1_000_000: (60.0, 10.0)}
_RENAMED_TARGETS = {100_000: 30.0}


def run(sizes: tuple[int, ...]) -> Iterator[Figure]:
    """First and unchanged scans of trees of these numbers of files."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="layershelf-bench-") as folder:
            make_tree(Path(folder), size)
            yield from _figures(Path(folder), size)


def _figures(folder: Path, size: int) -> Iterator[Figure]:
    first_target, unchanged_target = _TARGETS.get(size, (None, None))
    walk = seconds_of(lambda: _exhaust(iter_stats(str(folder))), repeat=3)
    library = Library.objects.create(name=f"{size} files", path=str(folder))
    first = seconds_of(lambda: scan_whole(library))
    assert ModelFile.objects.filter(library=library).count() == size
    copy = seconds_of(lambda: _copy(library), repeat=2)
    unchanged = seconds_of(lambda: scan_whole(library), repeat=3)
    yield Figure(
        f"first scan of {size:,} files", first, "s", first_target, walk + copy, "walk with stat, and COPY"
    )
    yield Figure(
        f"unchanged scan of {size:,} files", unchanged, "s", unchanged_target, walk, "walk with stat"
    )
    yield _renamed(library, folder, size)
    remove_libraries([library.pk], now=timezone.now())
    clear_removed_libraries()


def _renamed(library: Library, folder: Path, size: int) -> Figure:
    """Every folder renamed at both levels: each row must be the same afterwards, with nothing left to analyze."""
    with connection.cursor() as cursor:
        for path, sha256 in _hashes(folder):
            cursor.execute(_ANALYZED, [sha256, library.pk, path])
        cursor.execute("VACUUM ANALYZE models3d_modelfile")
    before = _identities(library)
    for creator in list(folder.iterdir()):
        for model in list(creator.iterdir()):
            model.rename(creator / f"new {model.name}")
        creator.rename(folder / f"new {creator.name}")
    hashing = seconds_of(lambda: _exhaust(_hashes(folder)))
    seconds = seconds_of(lambda: scan_whole(library))
    assert _identities(library) == before, "a row or model changed"
    assert not ModelFile.objects.filter(library=library).waiting().exists(), "a file is to be analyzed again"
    target = _RENAMED_TARGETS.get(size)
    return Figure(
        f"scan of {size:,} files, all folders renamed", seconds, "s", target, hashing, "hashing them"
    )


_ANALYZED = """
UPDATE models3d_modelfile SET sha256 = %s, analysis_state = 'done'
WHERE library_id = %s AND md5(relative_path) = md5(%s)
"""


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), sha256_of(path)


def _identities(library: Library) -> list[tuple[int, int | None, str]]:
    rows = ModelFile.objects.filter(library=library, missing_since=None).order_by("pk")
    return list(rows.values_list("pk", "model_id", "sha256"))


def _exhaust(stats: Iterator[object]) -> None:
    for _ in stats:
        pass


def scan_whole(library: Library) -> None:
    """Ask for a scan and run it to its end."""
    scan = request_scan(library)
    run_scan(scan.pk)
    scan.refresh_from_db()
    assert scan.state == Scan.State.DONE, scan.error


def _copy(library: Library) -> None:
    """COPY the rows of the library into a table with the same columns and no index."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare AS SELECT * FROM models3d_modelfile WITH NO DATA")
        with cursor.copy(
            "COPY (SELECT * FROM models3d_modelfile WHERE library_id = %s) TO STDOUT", [library.pk]
        ) as out:
            content = b"".join(out)
        with cursor.copy("COPY bare FROM STDIN") as into:
            into.write(content)
        cursor.execute("DROP TABLE bare")
