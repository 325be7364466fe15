"""Files of plain forms, streamed into the data folder; a full disk is a sentence instead of an error page."""

import errno
import shutil
import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler


class ArrivedFile(TemporaryUploadedFile):
    """A file of a form, on the disk that uploads are on, so that taking it is renaming it."""

    def __init__(
        self, name: str, content_type: str | None, size: int | None, charset: str | None, extra: Any = None
    ) -> None:
        settings.UPLOADS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(settings.UPLOADS_DIR).free < settings.UPLOAD_SPARE_BYTES:
            raise OSError(errno.ENOSPC, "No room is left.")
        file = tempfile.NamedTemporaryFile(dir=settings.UPLOADS_DIR)  # noqa: SIM115  # lives as long as this
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)


class DataFolderUploadHandler(TemporaryFileUploadHandler):
    """Makes an ArrivedFile of each file. What hinders it stands in `request.META["UPLOAD_REFUSED"]`."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        try:
            self.file = ArrivedFile(
                self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
            )
        except OSError as error:
            raise self._refusal() from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as error:
            raise self._refusal() from error

    def _refusal(self) -> StopUpload:
        assert self.request is not None
        self.request.META["UPLOAD_REFUSED"] = (
            "The disk of Layershelf's data folder has no room left. Free some space, then upload again."
        )
        return StopUpload(connection_reset=False)
