"""Scanning a folder: the first time and unchanged, beside a bare walk with stat and a bare COPY of the same rows."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from benchmarks.figures import Figure, seconds_of
from benchmarks.trees import iter_stats, make_tree
from libraries.models import Library
from models3d.models import ModelFile
from scanning.models import Scan
from scanning.runner import request_scan, run_scan

# Seconds that the issue of the first slice allows; larger trees are held to their ratio.
_TARGETS = {1_000: (0.1, 0.02)}


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
    library.delete()


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
