"""Uploads as a browser sends them, for tests: tus requests by the plain client."""

import base64
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from models3d.models import Model3D
from scanning.models import Upload, UploadBatch
from scanning.runner import run_scan
from scanning.tasks import work_on_uploads
from tests.integration.scanning.shelf import Shelf

TUS = {"Tus-Resumable": "1.0.0"}
CONTENT = b"solid part\n" + b"facet\n" * 500 + b"endsolid part\n"


class Sender:
    """Uploads into the library of a shelf in the name of a signed-in client."""

    def __init__(self, client: Client, shelf: Shelf) -> None:
        self.client = client
        self.shelf = shelf
        self.batch: UploadBatch | None = None

    def begin(self, **wanted: Any) -> UploadBatch:
        """Open a batch, as the script does with the first file."""
        form = {"library": self.shelf.library.pk, "begin": "1", **wanted}
        response: Any = self.client.post("/uploads/", form)
        assert response.status_code == 302, response.content.decode()
        self.batch = UploadBatch.objects.get(pk=response.url.rstrip("/").rpartition("/")[2])
        return self.batch

    def announce(self, path: str, length: int, **headers: str) -> HttpResponse:
        """Announce a file."""
        batch = self.batch or self.begin()
        told = {"batch": str(batch.pk), "path": path}
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items()
        )
        sent = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata, **headers}
        return self._answer(self.client.post("/uploads/tus/", headers=sent))

    def piece(self, address: str, offset: int, content: bytes, **headers: str) -> HttpResponse:
        """Send a piece."""
        return self._answer(
            self.client.patch(
                address,
                content,
                content_type="application/offset+octet-stream",
                headers={**TUS, "Upload-Offset": str(offset), **headers},
            )
        )

    def offset(self, address: str) -> int:
        """How much has arrived."""
        return int(self.client.head(address, headers=TUS)["Upload-Offset"])

    def send(self, path: str, content: bytes = CONTENT) -> Upload:
        """Announce and send a file in one piece."""
        address = self.announce(path, len(content))["Location"]
        if content:
            assert self.piece(address, 0, content).status_code == 204
        return self.upload(address)

    def upload(self, address: str) -> Upload:
        """The row of an address."""
        return Upload.objects.get(pk=address.rstrip("/").rpartition("/")[2])

    def submit(self, **wanted: Any) -> None:
        """Add the batch to the library."""
        assert self.batch is not None
        form = {"library": self.shelf.library.pk, **wanted}
        assert self.client.post(f"/uploads/{self.batch.pk}/", form).status_code == 302

    def work(self) -> None:
        """What the worker does: check, file, scan, label."""
        work_on_uploads()
        for scan in self.shelf.library.scans.filter(state="queued"):
            run_scan(scan.pk)
        work_on_uploads()

    def states(self) -> dict[str, str]:
        """State of every upload of the batch, by path."""
        assert self.batch is not None
        return dict(self.batch.uploads.values_list("relative_path", "state"))

    def tree(self) -> dict[str, bytes]:
        """Everything in the library's folder."""
        root = self.shelf.root
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def staged(self, folder: Path) -> list[str]:
        """What lies in the staging folder."""
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def model(self, name: str) -> Model3D:
        """The model of that name."""
        return Model3D.objects.get(library=self.shelf.library, name=name)

    def _answer(self, response: Any) -> HttpResponse:
        assert isinstance(response, HttpResponse)
        return response
