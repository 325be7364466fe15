"""The header of resin files that ChiTuBox made usual (https://github.com/cbiffle/catibo/blob/master/doc/cbddlp-ctb.adoc)."""

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from models3d.meshes.errors import Damaged, NotThisFormat, Truncated, Unsupported

_HEADER: Final = struct.Struct("<2I3f2I5f12I2H2I")
_PREVIEW: Final = struct.Struct("<4I")
_MAGICS: Final = frozenset({0x12FD0019, 0x12FD0086, 0x12FD0106})
_LOCKED_MAGIC: Final = 0x12FD0107
_RESIN_AT: Final = 20  # bytes into the print parameters
_MACHINE_NAME_AT: Final = 0x1C  # bytes into the second extension
_MOST_NAME_BYTES: Final = 200


@dataclass(frozen=True, slots=True)
class ResinFile:
    """What the header says, not yet believed. Previews are (columns, rows, offset, byte count)."""

    layer_height_mm: float
    exposure_seconds: float
    layer_count: int
    print_seconds: int
    resin_ml: float | None
    printer_name: bytes
    previews: list[tuple[int, int, int, int]]


def read_resin_file(file: BinaryIO) -> ResinFile:
    """Read the header; raises NotThisFormat, Truncated, Damaged, and Unsupported for encrypted files."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(_HEADER.size)
    magic = int.from_bytes(head[:4], "little")
    if magic == _LOCKED_MAGIC:
        raise Unsupported(
            "The settings and pictures of this CTB file are encrypted, so they cannot be shown."
        )
    if magic not in _MAGICS:
        raise NotThisFormat(
            "This is not a resin file of the ChiTuBox kind: it does not begin as such files do."
        )
    if len(head) < _HEADER.size:
        raise Truncated("The file ends early, within its header. Download, copy or slice it again.")
    values = _HEADER.unpack(head)
    version, layer_height_mm, exposure_seconds = values[1], values[8], values[9]
    large_preview_at, _, layer_count, small_preview_at, print_seconds, _, parameters_at = values[15:22]
    machine_at = values[27]
    if layer_count > size:
        raise Damaged(f"The file announces {layer_count:,} layers, more than fit into it. Slice it again.")
    is_extended = version > 1
    resin = _at(file, parameters_at + _RESIN_AT, 4) if is_extended and parameters_at else b""
    previews = [
        _PREVIEW.unpack(head)
        for offset in (large_preview_at, small_preview_at)
        if offset and len(head := _at(file, offset, _PREVIEW.size)) == _PREVIEW.size
    ]
    return ResinFile(
        layer_height_mm=layer_height_mm,
        exposure_seconds=exposure_seconds,
        layer_count=layer_count,
        print_seconds=print_seconds if is_extended else 0,
        resin_ml=struct.unpack("<f", resin)[0] if len(resin) == 4 else None,
        printer_name=_machine_name(file, machine_at) if is_extended and machine_at else b"",
        previews=previews,
    )


def _machine_name(file: BinaryIO, machine_at: int) -> bytes:
    place = _at(file, machine_at + _MACHINE_NAME_AT, 8)
    if len(place) < 8:
        return b""
    offset, count = struct.unpack("<2I", place)
    return _at(file, offset, count) if count <= _MOST_NAME_BYTES else b""


def _at(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)
