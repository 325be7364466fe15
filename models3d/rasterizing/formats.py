"""The table of drawn formats: extension to rasterizer. Importing it loads none of them."""

from collections.abc import Callable
from importlib import import_module
from typing import BinaryIO, Final

_RASTERIZERS: Final = {"svg": "svg:rasterize", "pdf": "pdf:rasterize"}


def is_drawn(extension: str) -> bool:
    """Whether files with this extension (lower case, no dot) are pages to be drawn.

    >>> is_drawn("pdf"), is_drawn("png")
    (True, False)
    """
    return extension in _RASTERIZERS


def picture_of(file: BinaryIO, extension: str) -> bytes:
    """A picture file of the drawing or first page, at most 1024 pixels on a side.

    Opens nothing but `file`. Raises the errors of models3d.meshes.errors.
    """
    module, function = _RASTERIZERS[extension].split(":")
    rasterize: Callable[[BinaryIO], bytes] = getattr(import_module(f"{__package__}.{module}"), function)
    return rasterize(file)
