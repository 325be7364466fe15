"""Colors from the material file (.mtl) of an OBJ: how matte surfaces look (Kd); shine, glass and textures are left out."""

import math
from collections.abc import Sequence

import numpy as np

from models3d.meshes.reading import Paint

Color = tuple[int, int, int]


def matte_colors(content: bytes) -> dict[str, Color]:
    """Colors by name of material; what is damaged is left out. The last of the same name counts.

    >>> matte_colors(b"newmtl Red  # a comment\\nKd 1 0 0\\nnewmtl Gray\\nKd 0.5\\nnewmtl Odd\\nKd spectral gray.rfl")
    {'Red': (255, 0, 0), 'Gray': (127, 127, 127)}
    """
    colors: dict[str, Color] = {}
    name = ""
    for line in content.decode("utf-8", "replace").splitlines():
        words = line.partition("#")[0].split(maxsplit=1)
        if len(words) != 2:
            continue
        if words[0] == "newmtl":
            name = words[1].strip()
        elif words[0] == "Kd" and (color := _color(words[1].split())):
            colors[name] = color
    return colors


def paints_of(uses: Sequence[tuple[str, int]], triangle_count: int, materials: bytes) -> list[Paint]:
    """Paints from the places where the materials named in an OBJ begin to be used; none for those without a color."""
    if not uses or not materials:
        return []
    colors = matte_colors(materials)
    ends = [first for _, first in uses[1:]] + [triangle_count]
    return [
        Paint(first, end - first, np.array(colors[name], np.uint8))
        for (name, first), end in zip(uses, ends, strict=True)
        if end > first and name in colors
    ]


def _color(words: list[str]) -> Color | None:
    """Eight-bit values of one or three shares of one; None if that is not what the words are."""
    try:
        shares = [float(word) for word in words[:3]]
    except ValueError:
        return None
    if len(shares) not in (1, 3) or not all(map(math.isfinite, shares)):
        return None
    red, green, blue = (int(min(max(share, 0.0), 1.0) * 255) for share in (shares * 3)[:3])
    return red, green, blue
