"""The header of Elegoo's resin files, GOO 1.2: fixed places, big-endian."""

import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from models3d.meshes.errors import NotThisFormat, Truncated

_MAGIC: Final = b"\x07\x00\x00\x00DLP\x00"
_MAGIC_AT: Final = 4
_NAMES: Final = struct.Struct("> 12x 32s 24s 24x 32s 32x 32s")  # slicer, its version, printer, resin profile
_PREVIEW_SIDE: Final = 290
_PREVIEW_AT: Final = 27_108
_NUMBERS_AT: Final = 195_310
# Layer count, then layer height and exposure behind resolution and volume; then the print time behind 100 bytes of motion.
_NUMBERS: Final = struct.Struct("> I 18x 2f 106x I")
_HEADER_BYTES: Final = 195_477


@dataclass(frozen=True, slots=True)
class GooHeader:
    """What the header says, not yet believed. `preview` is rows of big-endian RGB565 words."""

    slicer: bytes
    slicer_version: bytes
    printer_name: bytes
    material: bytes
    layer_height_mm: float
    exposure_seconds: float
    layer_count: int
    print_seconds: int
    preview_side: int
    preview: bytes


def read_goo_header(file: BinaryIO) -> GooHeader:
    """Read the header; raises NotThisFormat and Truncated."""
    file.seek(0)
    head = file.read(_HEADER_BYTES)
    if head[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] != _MAGIC:
        raise NotThisFormat("This is not a GOO file: it does not begin as such files do.")
    if len(head) < _HEADER_BYTES:
        raise Truncated("The file ends early, within its header. Download, copy or slice it again.")
    slicer, slicer_version, printer_name, material = (
        text.partition(b"\0")[0] for text in _NAMES.unpack_from(head)
    )
    layer_count, layer_height_mm, exposure_seconds, print_seconds = _NUMBERS.unpack_from(head, _NUMBERS_AT)
    return GooHeader(
        slicer=slicer,
        slicer_version=slicer_version,
        printer_name=printer_name,
        material=material,
        layer_height_mm=layer_height_mm,
        exposure_seconds=exposure_seconds,
        layer_count=layer_count,
        print_seconds=print_seconds,
        preview_side=_PREVIEW_SIDE,
        preview=head[_PREVIEW_AT : _PREVIEW_AT + 2 * _PREVIEW_SIDE**2],
    )
