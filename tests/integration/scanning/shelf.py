"""A library on a real folder, for tests of scanning."""

import os
from pathlib import Path
from typing import Any

from libraries.models import Library
from models3d.models import Model3D, ModelFile
from scanning.models import Scan
from scanning.runner import request_scan, run_scan
from tests.factories import LibraryFactory


class Shelf:
    """Writes small files and scans them."""

    def __init__(self, root: Path, **settings: Any) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.library: Library = LibraryFactory(path=str(root), **settings)

    def write(self, *paths: str, content: bytes = b"solid\nendsolid\n") -> None:
        """Write files of that content, with the folders they need."""
        for path in paths:
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    def touch(self, path: str, *, mtime_ns: int) -> None:
        """Set the time of change of a file."""
        os.utime(self.root / path, ns=(mtime_ns, mtime_ns))

    def scan(self, **wanted: Any) -> Scan:
        """Scan, and return the row as it is afterwards."""
        self.library.refresh_from_db()
        scan = request_scan(self.library, **wanted)
        assert run_scan(scan.pk)
        scan.refresh_from_db()
        return scan

    def file(self, path: str) -> ModelFile:
        """The row of the file at `path`."""
        return ModelFile.objects.get(library=self.library, relative_path=path)

    def model(self, path: str) -> Model3D:
        """The row of the model at `path`."""
        return Model3D.objects.get(library=self.library, relative_path=path)

    def models(self) -> dict[str, set[str]]:
        """The present files of each model, by paths; files without a model under an empty path."""
        found: dict[str, set[str]] = {}
        rows = ModelFile.objects.filter(library=self.library, missing_since=None)
        for model, path in rows.values_list("model__relative_path", "relative_path"):
            found.setdefault(model or "", set()).add(path)
        return found


def counts(scan: Scan) -> tuple[int, int, int, int, int]:
    """Found, new, changed, missing, returned."""
    return (
        scan.found_count,
        scan.new_count,
        scan.changed_count,
        scan.missing_count,
        scan.returned_count,
    )
