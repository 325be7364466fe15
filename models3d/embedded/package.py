"""Pictures in ZIP files: plates of sliced 3MFs, package thumbnails, previews of SL1, FreeCAD and Cura's UFP."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from models3d.meshes.errors import UnreadableFile
from models3d.meshes.zipped import Zipped

_MOST_PICTURE_BYTES: Final = 16 << 20
_MOST_PICTURES: Final = 8
# In the order in which they are wanted: the first plate as it looks on the bed, then whatever is called a thumbnail.
_WANTED: Final = (
    re.compile(r"metadata/plate_\d+\.png"),
    re.compile(r"(.*/)?thumbnail[^/]*\.(png|jpe?g)", re.DOTALL),
    re.compile(r"thumbnails?/[^/]+\.(png|jpe?g)"),
    re.compile(r"metadata/[^/]*(plate|cover|preview)[^/]*\.(png|jpe?g)"),
)


def iter_pictures(file: BinaryIO) -> Iterator[bytes]:
    """Pictures by their usual names, best first; those that cannot be unpacked are left out.

    Raises the errors of models3d.meshes.zipped for the file as a whole.
    """
    package = Zipped(file, format_name="a ZIP package")
    for name in _wanted_names(package)[:_MOST_PICTURES]:
        try:
            yield package.read(name, most_bytes=_MOST_PICTURE_BYTES)
        except UnreadableFile:
            continue


def _wanted_names(package: Zipped) -> list[str]:
    """Names in the order of `_WANTED`; among plates by number, among others the largest first."""
    ranked = []
    for name in package.names():
        rank = next((n for n, pattern in enumerate(_WANTED) if pattern.fullmatch(name.lower())), None)
        if rank is not None:
            ranked.append((rank, _number_in(name) if rank == 0 else -package.size_of(name), name))
    return [name for _, _, name in sorted(ranked)]


def _number_in(name: str) -> int:
    return int("".join(filter(str.isascii, re.findall(r"\d", name)))[:9] or 0)
