"""SVG drawings and PDF pages are drawn from their own bytes only, and whatever is wrong with them is told."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from models3d.meshes.errors import (
    Damaged,
    Encrypted,
    NotThisFormat,
    TooComplex,
    UnreadableFile,
    Unsupported,
)
from models3d.rasterizing.formats import picture_of
from models3d.rasterizing.svg import self_contained
from tests.unit.models3d.sliced_files import picture

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
RED, LIME, PAPER = (255, 0, 0, 255), (0, 255, 0, 255), (255, 255, 255, 255)


def svg(inside: str, *, size: str = 'width="20" height="10"', before: str = "") -> bytes:
    return f"{before}<svg {XMLNS} {size}>{inside}</svg>".encode()


def drawn(content: bytes, extension: str = "svg") -> Image.Image:
    return Image.open(BytesIO(picture_of(BytesIO(content), extension))).convert("RGBA")


def middle_of(image: Image.Image) -> object:
    return image.getpixel((image.width // 2, image.height // 2))


def pdf(*, pages: str = "[3 0 R]", count: int = 1, box: str = "0 0 200 100") -> bytes:
    """One page that is red all over. It has no table of contents: readers make one."""
    drawing = b"1 0 0 rg 0 0 9999 9999 re f"
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids%s/Count %d>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
        % (pages.encode(), count, box.encode(), len(drawing), drawing)
    )


def test_drawing_keeps_its_proportions() -> None:
    image = drawn(svg('<rect width="20" height="10" fill="red"/>'))

    assert image.size == (1024, 512)
    assert middle_of(image) == RED


def test_ordinary_document_type_is_no_obstacle() -> None:
    before = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    )

    assert middle_of(drawn(svg('<rect width="20" height="10" fill="red"/>', before=before))) == RED


@pytest.mark.parametrize("scheme", ["", "file://"])
@pytest.mark.parametrize("attribute", ["href", "xlink:href"])
def test_other_files_are_not_opened(tmp_path: Path, attribute: str, scheme: str) -> None:
    (tmp_path / "secret.png").write_bytes(picture(20, 10, "lime"))

    image = drawn(svg(f'<image width="20" height="10" {attribute}="{scheme}{tmp_path}/secret.png"/>'))

    assert middle_of(image) == PAPER


def test_drawing_within_a_drawing_opens_no_file_either(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture(20, 10, "lime"))
    inner = base64.b64encode(svg(f'<image width="20" height="10" href="{tmp_path}/secret.png"/>')).decode()

    image = drawn(svg(f'<image width="20" height="10" href="data:image/svg+xml;base64,{inner}"/>'))

    assert middle_of(image) == PAPER


def test_picture_inside_the_drawing_is_shown() -> None:
    inner = base64.b64encode(picture(20, 10, "lime")).decode()

    assert (
        middle_of(drawn(svg(f'<image width="20" height="10" href="data:image/png;base64,{inner}"/>'))) == LIME
    )


def test_scripts_and_foreign_content_are_cut() -> None:
    text = self_contained(
        svg("<script>alert(1 &lt; 2)</script><foreignObject><b>x</b></foreignObject><g>a &amp; b</g>")
    )

    assert text == f'<svg {XMLNS} width="20" height="10"><g>a &amp; b</g></svg>'


def test_huge_drawing_costs_no_more_than_a_small_one() -> None:
    image = drawn(svg('<rect width="1e6" height="1e6" fill="red"/>', size='width="1e6" height="1e6"'))

    assert image.size == (1024, 1024)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"hello", NotThisFormat),
        (b"<html></html>", NotThisFormat),
        (svg("<rect/>")[:-3], Damaged),
        (svg("", size='width="0" height="-1"'), Damaged),
        (svg("&a;", before='<!DOCTYPE svg [<!ENTITY a "aaaa">]>'), Unsupported),
        (svg("&a;", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), Unsupported),
        (svg("<g>" * 50_000 + "</g>" * 50_000), TooComplex),
        (b" " * (25 << 20), TooComplex),
    ],
    ids=["text", "html", "cut", "no size", "entity", "external entity", "deep", "large"],
)
def test_bad_drawings_are_told(content: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error) as told:
        drawn(content)
    assert told.value.sentence.endswith(".")


def test_first_page_of_a_pdf_is_drawn() -> None:
    image = drawn(pdf(), "pdf")

    assert image.size == (1024, 512)
    assert middle_of(image) == RED


def test_narrow_page_stays_within_bounds() -> None:
    assert max(drawn(pdf(box="0 0 1 14400"), "pdf").size) <= 1024


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"hello", NotThisFormat),
        (b"\x89PNG\r\n\x1a\n", NotThisFormat),
        (b"%PDF-1.4\n" + b"x" * 500, Damaged),
        (pdf()[:60], Damaged),
        (pdf(pages="[]", count=0), (Unsupported, Damaged)),
        (pdf(pages="[2 0 R]"), (Unsupported, Damaged)),
    ],
    ids=["text", "png", "noise", "cut", "no page", "page tree of itself"],
)
def test_bad_documents_are_told(content: bytes, error: type[UnreadableFile]) -> None:
    with pytest.raises(error) as told:
        drawn(content, "pdf")
    assert told.value.sentence.endswith(".")


def test_locked_document_says_so() -> None:
    encryption = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]" % (
        b"11" * 32,
        b"22" * 32,
    )

    with pytest.raises(Encrypted, match="password"):
        drawn(pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R" + encryption), "pdf")
