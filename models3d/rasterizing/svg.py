"""SVG drawings, by resvg. It knows no scripts, but opens files that a drawing names: such names are cut beforehand."""

import re
from typing import BinaryIO, Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import resvg_py

from models3d.meshes.errors import Damaged, NotThisFormat, TooComplex, Unsupported

_PIXELS: Final = 1024
_MOST_BYTES: Final = 24 << 20
_MOST_DEPTH: Final = 200  # resvg calls itself for each level, and crashes at about 900
_LEFT_OUT: Final = frozenset({"script", "foreignObject", "feImage"})
_OWN_PICTURE: Final = re.compile(r"\s*data:image/(png|jpe?g|gif|webp)[;,]", re.IGNORECASE)


def rasterize(file: BinaryIO) -> bytes:
    """The drawing on white as a PNG file, without text that needs a font, and without anything that is in other files."""
    file.seek(0)
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise TooComplex(f"The drawing is too large to preview: more than {_MOST_BYTES >> 20} MB.")
    drawing = self_contained(content)
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=drawing, width=_PIXELS, height=_PIXELS, background="white", skip_system_fonts=True
            )
        )
    except ValueError as error:
        raise Damaged("The drawing could not be drawn: it has no size, or contradicts itself.") from error


def self_contained(content: bytes) -> str:
    """The drawing without scripts, foreign content and references to anything outside itself.

    >>> self_contained(b'<svg><image href="/etc/passwd"/><use href="#a"/></svg>')
    '<svg><image></image><use href="#a"></use></svg>'
    """
    writer = _Writer()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.EntityDeclHandler = writer.refuse_entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        if b"<svg" in content[:4096]:
            raise Damaged(
                "The drawing is damaged or cut off, so no preview can be made. Download or export it again."
            ) from error
        raise NotThisFormat("This is not an SVG drawing.") from error
    if not writer.is_svg:
        raise NotThisFormat("This is not an SVG drawing, but an XML document of another kind.")
    return "".join(writer.pieces)


class _Writer:
    """Writes again what a parser reads, less what must not be drawn."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.is_svg = False
        self._depth = 0
        self._left_out_since = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise TooComplex(
                f"The drawing is too complex: groups within groups, more than {_MOST_DEPTH} deep."
            )
        if self._depth == 1:
            self.is_svg = _local(name) == "svg"
        if not self._left_out_since and _local(name) in _LEFT_OUT:
            self._left_out_since = self._depth
        if not self._left_out_since:
            kept = "".join(
                f" {key}={quoteattr(value)}"
                for key, value in attributes.items()
                if _stays_inside(name, key, value)
            )
            self.pieces.append(f"<{name}{kept}>")

    def end(self, name: str) -> None:
        if not self._left_out_since:
            self.pieces.append(f"</{name}>")
        elif self._left_out_since == self._depth:
            self._left_out_since = 0
        self._depth -= 1

    def text(self, text: str) -> None:
        if not self._left_out_since:
            self.pieces.append(escape(text))

    def refuse_entity(self, *_: object) -> None:
        raise Unsupported(
            "The drawing declares entities, which attacks use, so no preview is drawn. Save it as plain SVG."
        )


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _stays_inside(element: str, key: str, value: str) -> bool:
    """Whether an attribute refers to nothing outside the drawing."""
    if _local(key) != "href" or value.lstrip().startswith("#"):
        return True
    return _local(element) == "image" and bool(_OWN_PICTURE.match(value))
