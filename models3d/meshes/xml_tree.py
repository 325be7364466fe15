"""A whole XML document as a tree of plain elements, for scene formats whose parts refer to one another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

import numpy as np

from models3d.meshes.arrays import Float64, Int64
from models3d.meshes.errors import Damaged, NotThisFormat, TooComplex, Truncated
from models3d.meshes.reading import Source
from models3d.meshes.safe_xml import safe_parser
from models3d.meshes.signatures import name_of_content

_MOST_BYTES: Final = 256 << 20
_MOST_ELEMENTS: Final = 500_000
_PIECE_BYTES: Final = 1 << 18


@dataclass(slots=True)
class Element:
    """An element without its namespace; `text` is what stands directly in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> Iterator["Element"]:
        """Children of that name."""
        return (child for child in self.children if child.tag == tag)

    def first(self, *path: str) -> "Element | None":
        """The first descendant along a path of names."""
        found: Element | None = self
        for tag in path:
            found = next(found.all(tag), None) if found else None
        return found

    def numbers(self) -> Float64:
        """The numbers in its text; raises ValueError."""
        return np.array(self.text.split(), np.float64)

    def integers(self) -> Int64:
        """The whole numbers in its text; raises ValueError and OverflowError."""
        return np.array(self.text.split(), np.int64)


def parse_tree(source: Source, *, format_name: str, root: str) -> Element:
    """The root element of the file; raises the errors of models3d.meshes.errors."""
    if source.size_bytes > _MOST_BYTES:
        raise TooComplex(
            f"The {format_name} file is too large as text: {source.size_bytes >> 20:,} MB, "
            f"the limit is {_MOST_BYTES >> 20:,} MB."
        )
    builder = _Builder(format_name)
    parser = safe_parser()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.add_text
    try:
        while piece := source.file.read(_PIECE_BYTES):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        head = source.head(4096)
        if b"<" not in head[:512]:
            real = name_of_content(head)
            raise NotThisFormat(
                f"This is not a {format_name} file" + (f", but {real}." if real else ".")
            ) from error
        if builder.depth:
            raise Truncated(
                f"The file ends early or is damaged, at line {error.lineno:,}. Download, copy or export it again."
            ) from error
        raise Damaged(f"The XML of the {format_name} file is damaged at line {error.lineno:,}.") from error
    if builder.root.tag != root:
        raise NotThisFormat(f"This is not a {format_name} file, but an XML document of another kind.")
    return builder.root


class _Builder:
    """Makes the tree; text comes in pieces, which are joined when their element ends."""

    def __init__(self, format_name: str) -> None:
        self.root = Element("", {})
        self._format_name = format_name
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0

    @property
    def depth(self) -> int:
        return len(self._open)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise TooComplex(f"The {self._format_name} file has more than {_MOST_ELEMENTS:,} elements.")
        element = Element(name.rpartition(" ")[2], attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._texts.append([])

    def add_text(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())
