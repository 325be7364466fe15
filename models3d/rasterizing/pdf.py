"""The first page of a PDF, by PDFium, which is built without scripts and reads nothing but the file it is given."""

import io
from typing import BinaryIO, Final

import pypdfium2
from pypdfium2 import PdfiumError

from models3d.meshes.errors import Damaged, Encrypted, NotThisFormat, Unsupported
from models3d.meshes.signatures import name_of_content

_PIXELS: Final = 1024
_HEAD_BYTES: Final = 1024  # readers allow for some noise before the first mark
_PASSWORD: Final = "password"


def rasterize(file: BinaryIO) -> bytes:
    """The first page on white as a PNG file."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if b"%PDF" not in head:
        real = name_of_content(head)
        raise NotThisFormat("This is not a PDF document" + (f", but {real}." if real else "."))
    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
    except PdfiumError as error:
        if _PASSWORD in str(error).lower():
            raise Encrypted(
                "The PDF is locked with a password. Save it without one to see a preview."
            ) from error
        raise Damaged("The PDF is damaged or cut off. Download or export it again.") from error
    with document:
        if not len(document):
            raise Unsupported("The PDF is sound, but has no page, so no preview is drawn.")
        return _first_page(document)


def _first_page(document: pypdfium2.PdfDocument) -> bytes:
    try:
        page = document[0]
        scale = _PIXELS / max(*page.get_size(), 1.0)
        bitmap = page.render(scale=scale, may_draw_forms=False)
    except PdfiumError as error:
        raise Damaged("The first page of the PDF could not be drawn: it is damaged.") from error
    stream = io.BytesIO()
    bitmap.to_pil().save(stream, "PNG", compress_level=1)
    return stream.getvalue()
