"""Pictures inside sliced and CAD files are found, the best first, and what is said about them is not believed."""

from io import BytesIO

import pytest
from PIL import Image

from models3d.embedded.finding import pictures_in
from models3d.images import pixel_count_of, thumbnails_of
from models3d.meshes.errors import NotThisFormat, Truncated, UnreadableFile
from tests.unit.models3d.sliced_files import (
    bgcode,
    bgcode_block,
    bgcode_thumbnail,
    ctb,
    gcode_thumbnail,
    goo,
    picture,
    zipped,
)

SMALL, LARGE = picture(16, 16), picture(220, 124)


def found(content: bytes, extension: str) -> list[bytes]:
    return pictures_in(BytesIO(content), extension, pixels_of=pixel_count_of)


def test_largest_thumbnail_of_gcode_comes_first() -> None:
    text = gcode_thumbnail(SMALL, says="16x16") + "G28\n" + gcode_thumbnail(LARGE)

    assert found(text.encode(), "gcode") == [LARGE, SMALL]


@pytest.mark.parametrize(("kind", "format"), [("thumbnail_JPG", "JPEG"), ("thumbnail_QOI", "QOI")])
def test_thumbnails_come_in_other_formats(kind: str, format: str) -> None:
    content = picture(64, 48, "blue", format)

    (thumbnail,) = found(gcode_thumbnail(content, kind=kind).encode(), "gcode")

    assert thumbnails_of(BytesIO(thumbnail)).width == 64


def test_windows_line_ends_do_not_matter() -> None:
    text = gcode_thumbnail(LARGE).replace("\n", "\r\n")

    assert found(text.encode(), "gcode") == [LARGE]


def test_announced_size_is_not_believed() -> None:
    text = gcode_thumbnail(SMALL, says="99999x99999") + gcode_thumbnail(LARGE, says="1x1")

    assert found(text.encode(), "gcode")[0] == LARGE


@pytest.mark.parametrize(
    "text",
    [
        "; thumbnail begin 16x16 20\n; not base64!\n; thumbnail end\n",
        "; thumbnail begin 16x16 20\n" + "; iVBORw0KGgoAAAANSUhEUgAA\n" * 1000,
        "; thumbnail end\n",
        "G28 ; thumbnail begin\n",
    ],
)
def test_broken_thumbnails_are_left_out(text: str) -> None:
    assert found(text.encode(), "gcode") == []


def test_thumbnail_within_the_moves_is_not_looked_for() -> None:
    moves = b"G1 X10\n" * 400_000
    text = moves + gcode_thumbnail(LARGE).encode() + moves

    assert found(text, "gcode") == []


def test_thumbnails_of_binary_gcode() -> None:
    content = bgcode([bgcode_block(0, b"Producer=X"), bgcode_thumbnail(SMALL), bgcode_thumbnail(LARGE)])

    assert found(content, "bgcode") == [LARGE, SMALL]


def test_binary_gcode_that_lies_about_a_block_is_truncated() -> None:
    content = bgcode([bgcode_thumbnail(LARGE)[:-100]])

    with pytest.raises(Truncated, match="bytes"):
        found(content, "bgcode")


def test_first_plate_stands_for_a_sliced_3mf() -> None:
    other = picture(30, 30, "blue")
    package = zipped(
        {
            "Metadata/plate_10.png": picture(90, 90),
            "Metadata/plate_2.png": other,
            "Metadata/plate_1.png": LARGE,
            "Metadata/plate_1_small.png": SMALL,
        }
    )

    assert found(package, "gcode.3mf")[:2] == [LARGE, other]


@pytest.mark.parametrize(
    ("extension", "name"),
    [
        ("sl1", "thumbnail/thumbnail400x400.png"),
        ("fcstd", "thumbnails/Thumbnail.png"),
        ("3mf", "Metadata/thumbnail.png"),
        ("3mf", "Thumbnails/cover.jpg"),
        ("ufp", "/Metadata/thumbnail.png"),
    ],
)
def test_packages_have_their_own_places(extension: str, name: str) -> None:
    assert found(zipped({name: LARGE, "part00001.png": SMALL}), extension) == [LARGE]


def test_text_called_a_thumbnail_is_left_out() -> None:
    assert found(zipped({"Metadata/thumbnail.png": b"no picture"}), "3mf") == []


def test_package_that_is_none_is_told() -> None:
    with pytest.raises(NotThisFormat):
        found(b"solid cube", "fcstd")


def test_preview_of_a_resin_file_is_unrolled() -> None:
    (preview,) = found(ctb(columns=41, rows=30), "ctb")

    image = Image.open(BytesIO(preview)).convert("RGB")
    assert image.size == (41, 30)
    assert image.getpixel((40, 29)) == (0, 0, 255)


def test_preview_of_a_goo_file_is_upright() -> None:
    (preview,) = found(goo(), "goo")

    image = Image.open(BytesIO(preview)).convert("RGB")
    assert image.size == (290, 290)
    assert image.getpixel((289, 0)) == (0, 0, 255)


def test_preview_that_announces_too_much_is_left_out() -> None:
    assert found(ctb(columns=60_000, rows=60_000), "ctb") == []


@pytest.mark.parametrize("extension", ["gcode", "bgcode", "3mf", "sl1", "ctb", "goo", "fcstd"])
@pytest.mark.parametrize("content", [b"", b"\0" * 300, b"GCDE", b"PK\x03\x04", bytes(range(256)) * 9])
def test_whatever_it_is_the_answer_is_a_list_or_a_sentence(content: bytes, extension: str) -> None:
    try:
        pictures = found(content, extension)
    except UnreadableFile as error:
        assert error.sentence.endswith(".")
    else:
        assert pictures == []
