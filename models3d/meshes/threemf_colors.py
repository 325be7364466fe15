"""Colors in a model part of a 3MF: base materials and color groups, and which of them objects and triangles use.

https://github.com/3MFConsortium/spec_core and spec_materials; pictures, mixtures and gradients are left out.
"""

import re
from array import array
from typing import Final

import numpy as np

from models3d.meshes.arrays import UInt8
from models3d.meshes.painting import PLAIN_COLOR

_COLOR: Final = re.compile(r"#([0-9A-Fa-f]{6})([0-9A-Fa-f]{2})?")

Color = tuple[int, int, int]


def color_of(text: str) -> Color | None:
    """sRGB of a color as 3MF writes it, without its transparency; None if it is none.

    >>> color_of("#FF8000"), color_of("#ff8000cc"), color_of("red")
    ((255, 128, 0), (255, 128, 0), None)
    """
    found = _COLOR.fullmatch(text.strip())
    if not found:
        return None
    number = int(found[1], 16)
    return number >> 16, number >> 8 & 255, number & 255


class Palettes:
    """Gathers colors while a part is parsed, and tells those of one object after another."""

    def __init__(self) -> None:
        self._groups: dict[str, list[Color]] = {}
        self._group: list[Color] = []
        self._object_group = ""
        self._object_index = ""
        self._painted = array("q")  # triangle and red, green, blue, again and again

    def start_group(self, attributes: dict[str, str]) -> None:
        """A list of colors begins."""
        self._group = self._groups.setdefault(attributes.get("id", ""), [])

    def add_color(self, attributes: dict[str, str]) -> None:
        """One more color of the list."""
        text = attributes.get("displaycolor") or attributes.get("color", "")
        self._group.append(color_of(text) or PLAIN_COLOR)

    def start_object(self, attributes: dict[str, str]) -> None:
        """An object begins, with the color of all triangles that have none of their own."""
        self._object_group, self._object_index = attributes.get("pid", ""), attributes.get("pindex", "")
        self._painted = array("q")

    def paint(self, triangle: int, values: list[str]) -> None:
        """A triangle has more attributes than its corners: six values for these, then names and values in turn."""
        attributes = dict(zip(values[6::2], values[7::2], strict=True))
        index = attributes.get("p1")
        if index is None:
            return
        color = self._find(attributes.get("pid", self._object_group), index)
        if color:
            self._painted.extend((triangle, *color))

    def colors_of(self, triangle_count: int) -> UInt8 | None:
        """(m, 3) or, of an object in one color, (3,); None if the object has none that are known."""
        whole = self._find(self._object_group, self._object_index)
        if not self._painted:
            return np.array(whole, np.uint8) if whole else None
        colors = np.empty((triangle_count, 3), np.uint8)
        colors[:] = whole or PLAIN_COLOR
        painted = np.array(self._painted, np.int64).reshape(-1, 4)
        colors[painted[:, 0]] = painted[:, 1:]
        return colors

    def _find(self, group: str, index: str) -> Color | None:
        colors = self._groups.get(group, [])
        if not (index.isascii() and index.isdigit() and len(index) < 10):
            return None
        return colors[int(index)] if int(index) < len(colors) else None
