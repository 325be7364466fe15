"""Scanning a library of ZIP files: listing what is in them, and the same unchanged, beside the standard library's reader."""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench_scan import scan_whole
from benchmarks.figures import Figure, seconds_of
from libraries.models import Library
from models3d.models import ModelFile

_ARCHIVES = 200
_MEMBERS = 100
_TARGET_SECONDS = 5.0


def run() -> Iterator[Figure]:
    """First and unchanged scan of 20,000 files in 200 archives."""
    number = _ARCHIVES * _MEMBERS
    with tempfile.TemporaryDirectory(prefix="layershelf-bench-") as folder:
        _make_archives(Path(folder))
        library = Library.objects.create(name="archives", path=folder)
        floor = seconds_of(lambda: _list_all(Path(folder)))
        first = seconds_of(lambda: scan_whole(library))
        assert ModelFile.objects.filter(library=library).exclude(archive=None).count() == number
        unchanged = seconds_of(lambda: scan_whole(library), repeat=3)
        library.delete()
    yield Figure(
        f"first scan of {number:,} files in {_ARCHIVES} zips",
        first,
        "s",
        _TARGET_SECONDS,
        floor,
        "zipfile.infolist",
    )
    yield Figure(f"unchanged scan of {number:,} files in {_ARCHIVES} zips", unchanged, "s", None, None, "")


def _make_archives(root: Path) -> None:
    for number in range(_ARCHIVES):
        folder = root / f"creator {number // 20}"
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(folder / f"drop_{number}.zip", "w") as archive:
            for member in range(_MEMBERS):
                archive.writestr(
                    f"kit {member // 10}/part_{member}.stl", b"%d" % (number * _MEMBERS + member)
                )


def _list_all(root: Path) -> None:
    for path in root.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            archive.infolist()
