"""Small pictures of image files.

Importing this module loads Pillow; the web process does not. What the picture shows is not interpreted.
"""

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from models3d.meshes.errors import Damaged, NotThisFormat, TooComplex, UnreadableFile, Unsupported
from models3d.meshes.limits import ReadLimits
from models3d.meshes.reading import open_source
from models3d.meshes.signatures import name_of_content

PICTURE_PIXELS = 512
SMALL_PIXELS = 256

# Only decoders meant for the files of a library: Pillow has forty more, some of which start other programs.
_DECODERS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "ICO", "TGA", "JPEG2000", "QOI")
_SOUND_BUT_NOT_DRAWN: Final = (
    (b"<svg", "SVG drawings"),
    (b"<?xml", "SVG drawings"),
    (b"8BPS", "Photoshop pictures"),
    (b"\xff\x0a", "JPEG XL pictures"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL pictures"),
)
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_EXIF_ORIENTATION: Final = 0x0112
_LYING_ORIENTATIONS: Final = (5, 6, 7, 8)
_DAMAGED: Final = "The picture is damaged or cut off, so no preview can be made. Download or export it again."

# Pillow's own limit gives no figure and only warns up to twice its value; _check_pixels is stricter.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """WebP files of at most 512² and 256² pixels, and the size of the original as it is shown."""

    width: int
    height: int
    picture: bytes
    small: bytes


def thumbnails_of(file: BinaryIO, *, limits: ReadLimits | None = None) -> Thumbnails:
    """Thumbnails of an image, turned as its camera says; of an animation, of its first frame.

    The pixel limit is checked before anything is decoded. Raises the errors of models3d.meshes.errors.
    """
    limits = limits or ReadLimits()
    source = open_source(file, limits)
    head = source.head(64)
    try:
        with Image.open(file, formats=_DECODERS) as image:
            _check_pixels(image.width, image.height, limits)
            return _thumbnails(image)
    except UnidentifiedImageError as error:
        raise _refusal(head) from error
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, EOFError) as error:
        # Pillow's decoders raise all of these on damaged files.
        raise Damaged(_DAMAGED) from error


def pixel_count_of(content: bytes) -> int:
    """How many pixels a picture file has by its own header, without decoding it; 0 if it is none."""
    try:
        with Image.open(io.BytesIO(content), formats=_DECODERS) as image:
            return image.width * image.height
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, EOFError, struct.error):
        return 0


def _refusal(head: bytes) -> UnreadableFile:
    """Why Pillow does not know a file that begins like this."""
    for signature, what in _SOUND_BUT_NOT_DRAWN:
        if head.lstrip().startswith(signature):
            return Unsupported(f"{what} are kept, but no preview is drawn of them.")
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return Unsupported("HEIC pictures are kept, but no preview is drawn of them.")
    content = name_of_content(head)
    if content and "picture" in content:
        return Damaged(_DAMAGED)
    return NotThisFormat(
        f"This is not a picture, but {content}." if content else "This is not a picture that can be read."
    )


def _check_pixels(width: int, height: int, limits: ReadLimits) -> None:
    if width * height > limits.max_pixels:
        raise TooComplex(
            f"The picture is too large to open: {width:,} × {height:,} pixels, the limit is "
            f"{limits.max_pixels / 1e6:,.0f} megapixels. Save a smaller copy."
        )


def _thumbnails(image: Image.Image) -> Thumbnails:
    width, height = image.size
    if image.getexif().get(_EXIF_ORIENTATION, 1) in _LYING_ORIENTATIONS:
        width, height = height, width
    # JPEGs are decoded at a fraction of their size; a no-op for every other format.
    image.draft("RGB", (2 * PICTURE_PIXELS, 2 * PICTURE_PIXELS))
    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((PICTURE_PIXELS, PICTURE_PIXELS), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = plain.copy()
    small.thumbnail((SMALL_PIXELS, SMALL_PIXELS), Image.Resampling.LANCZOS)
    return Thumbnails(width, height, _webp(plain), _webp(small))


def _webp(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=82, method=3, exif=b"", icc_profile=None)
    return stream.getvalue()
