"""Names of folders that belong to the folder above them: `STL`, `images`, `supported` and what an owner adds. Pure."""

import re
from collections.abc import Callable, Collection
from typing import Final

_ABSORBED_WORDS: Final = """
    stl 3mf obj step stp cad f3d freecad scad source src file part model asset image img picture photo render preview
    thumb supported unsupported presupported presup sup nosup lys lychee ctb chitubox sliced gcode print resin fdm plate
    variant extra doc instruction
"""
ABSORBED: Final = frozenset(_ABSORBED_WORDS.split())
_WORDS: Final = re.compile(r"[^\W_]+")

IsAbsorbed = Callable[[str], bool]


def absorbed_by(own_names: Collection[str] = (), *, separate: Collection[str] = ()) -> IsAbsorbed:
    """Return the test for names of folders that belong to the one above: the built-in words and the owner's `own_names`.

    Case does not count, nor does a plural s; a name of several words is absorbed if each of them is. Names in `separate`
    are not absorbed, whatever else would say so.

    >>> is_absorbed = absorbed_by(["LOD"], separate=["Prints"])
    >>> [is_absorbed(name) for name in ("STLs", "stl_files", "Pre-Supported", "lod", "Left arm", "print")]
    [True, True, True, True, False, False]
    """
    apart = {_singular(name) for name in separate}
    words = (ABSORBED | {name.casefold().strip() for name in own_names}) - apart
    known: dict[str, bool] = {}

    def is_word(text: str) -> bool:
        return text in words or (text.endswith("s") and text[:-1] in words)

    def is_absorbed(name: str) -> bool:
        if name not in known:
            folded = name.casefold().strip()
            parts = _WORDS.findall(folded)
            known[name] = _singular(folded) not in apart and (
                is_word(folded) or is_word("".join(parts)) or (bool(parts) and all(map(is_word, parts)))
            )
        return known[name]

    return is_absorbed


def _singular(name: str) -> str:
    return name.casefold().strip().removesuffix("s")
