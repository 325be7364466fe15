"""Thumbnails show images the right way up, and bombs are not opened."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from models3d.images import thumbnails_of
from models3d.meshes.errors import (
    Damaged,
    EmptyFile,
    NotThisFormat,
    TooComplex,
    UnreadableFile,
    Unsupported,
)
from models3d.meshes.limits import ReadLimits


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    stream = BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGBA")


def halves(width: int = 800, height: int = 400) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def png_of_one_color(width: int, height: int) -> bytes:
    """A tiny file of a huge black picture with one bit per pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_image_gets_two_sizes(format: str) -> None:
    made = thumbnails_of(BytesIO(saved(halves(), format)))

    assert (made.width, made.height) == (800, 400)
    assert opened(made.picture).size == (512, 256)
    assert opened(made.small).size == (256, 128)


def test_small_image_is_not_blown_up() -> None:
    made = thumbnails_of(BytesIO(saved(halves(40, 20), "PNG")))

    assert opened(made.picture).size == (40, 20)


def test_picture_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned clockwise when shown

    made = thumbnails_of(BytesIO(saved(halves(), "JPEG", exif=exif)))

    assert (made.width, made.height) == (400, 800)
    picture = opened(made.picture)
    assert picture.size == (256, 512)
    top, bottom = picture.getpixel((128, 50)), picture.getpixel((128, 460))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 200 > 100 > top[2]
    assert bottom[2] > 200 > 100 > bottom[0]


def test_places_and_cameras_do_not_get_into_thumbnails() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"

    made = thumbnails_of(BytesIO(saved(halves(), "JPEG", exif=exif)))

    assert b"SecretCamera" not in made.picture + made.small


def test_animation_shows_its_first_frame() -> None:
    content = saved(
        Image.new("RGB", (64, 64), "red"),
        "GIF",
        save_all=True,
        append_images=[Image.new("RGB", (64, 64), "blue")],
    )

    pixel = opened(thumbnails_of(BytesIO(content)).picture).getpixel((30, 30))

    assert isinstance(pixel, tuple)
    assert pixel[0] > 200


def test_transparency_is_kept() -> None:
    made = thumbnails_of(BytesIO(saved(Image.new("RGBA", (600, 600), (0, 0, 0, 0)), "PNG")))

    assert opened(made.picture).getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", EmptyFile),
        (b"just text", NotThisFormat),
        (b"%PDF-1.4", NotThisFormat),
        (saved(halves(), "PNG")[:60], Damaged),
        (saved(halves(), "JPEG")[:700], Damaged),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', Unsupported),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), Unsupported),
        (png_of_one_color(24_000, 24_000), TooComplex),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_image_that_cannot_be_shown_has_a_reason(content: bytes, reason: type[UnreadableFile]) -> None:
    with pytest.raises(reason) as caught:
        thumbnails_of(BytesIO(content))

    assert caught.value.sentence.endswith(".")


def test_pixel_limit_has_its_figure() -> None:
    with pytest.raises(TooComplex, match="24,000 × 24,000 pixels, the limit is 1 megapixels"):
        thumbnails_of(BytesIO(png_of_one_color(24_000, 24_000)), limits=ReadLimits(max_pixels=1_000_000))
