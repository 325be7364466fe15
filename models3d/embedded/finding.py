"""The table of formats that carry pictures, and the way from a file to the picture that stands for it."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from models3d.embedded import bgcode, chitubox, gcode, goo, package

_FINDERS: Final[dict[Callable[[BinaryIO], Iterator[bytes]], str]] = {
    gcode.iter_pictures: "gcode gco g gx",
    bgcode.iter_pictures: "bgcode bgc",
    package.iter_pictures: "gcode.3mf 3mf ufp sl1 sl1s fcstd",
    chitubox.iter_pictures: "ctb cbddlp photon",
    goo.iter_pictures: "goo",
}
_FINDER_BY_EXTENSION: Final = {
    extension: finder for finder, extensions in _FINDERS.items() for extension in extensions.split()
}
# Formats whose best picture comes first; in the others the same picture comes in several sizes.
_IS_BEST_FIRST: Final = frozenset({package.iter_pictures})


def may_carry_pictures(extension: str) -> bool:
    """Whether files with this extension (lower case, no dot) may hold a picture that is found here.

    >>> may_carry_pictures("bgcode"), may_carry_pictures("scad")
    (True, False)
    """
    return extension in _FINDER_BY_EXTENSION


def pictures_in(file: BinaryIO, extension: str, *, pixels_of: Callable[[bytes], int]) -> list[bytes]:
    """The picture files inside a file, the one that should stand for it first; it may yet be damaged.

    `pixels_of` tells how large a picture file really is, 0 if it is none. Raises the errors of
    models3d.meshes.errors if the file around the pictures is not what its extension says.
    """
    finder = _FINDER_BY_EXTENSION[extension]
    pictures = {picture: pixels for picture in finder(file) if (pixels := pixels_of(picture))}
    return list(pictures) if finder in _IS_BEST_FIRST else sorted(pictures, key=lambda it: -pictures[it])
