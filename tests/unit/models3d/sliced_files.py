"""Small sliced files of every kind, made by hand."""

import base64
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO

from PIL import Image


def picture(width: int, height: int, color: str = "red", format: str = "PNG") -> bytes:
    stream = BytesIO()
    Image.new("RGB", (width, height), color).save(stream, format)
    return stream.getvalue()


def gcode_thumbnail(content: bytes, *, says: str = "220x124", kind: str = "thumbnail") -> str:
    text = base64.b64encode(content).decode()
    lines = [text[start : start + 78] for start in range(0, len(text), 78)]
    return "\n".join(
        [f"; {kind} begin {says} {len(text)}", *(f"; {line}" for line in lines), f"; {kind} end", ""]
    )


def zipped(members: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def bgcode_block(type: int, content: bytes, *, is_packed: bool = False, parameters: bytes = b"\0\0") -> bytes:
    stored = zlib.compress(content) if is_packed else content
    sizes = struct.pack("<HHI", type, int(is_packed), len(content))
    sizes += struct.pack("<I", len(stored)) if is_packed else b""
    return sizes + parameters + stored + b"\0\0\0\0"


def bgcode(blocks: Iterable[bytes]) -> bytes:
    return b"GCDE" + struct.pack("<IH", 1, 1) + b"".join(blocks)


def bgcode_thumbnail(content: bytes) -> bytes:
    return bgcode_block(5, content, parameters=struct.pack("<HHH", 0, 220, 124))


def ctb(*, magic: int = 0x12FD0086, layers: int = 42, columns: int = 40, rows: int = 30) -> bytes:
    """A CTB of no layers, with a machine name, resin, and a preview of one blue run."""
    name = b"ELEGOO MARS"
    header_size, extension_size, machine_size, image_size = 108, 24, 0x24, 32
    extension_at = header_size
    machine_at = extension_at + extension_size
    name_at = machine_at + machine_size
    preview_at = name_at + len(name)
    run = (columns * rows - 1) & 0xFFF
    code = struct.pack("<2H", 0x001F | 0x20, 0x3000 | run)
    header = struct.pack(
        "<2I3f2I5f12I2H2I", magic, 3, 68, 120, 150, 0, 0, 21, 0.05, 2.5, 30, 1, 5, 1440, 2560, preview_at, 0, layers, 0,
        3723, 1, extension_at, extension_size, 1, 255, 255, 0, machine_at,
    )  # fmt: skip
    extension = struct.pack("<6f", 5, 90, 5, 100, 150, 12.34)
    machine = bytes(0x1C) + struct.pack("<2I", name_at, len(name))
    image = struct.pack("<8I", columns, rows, preview_at + image_size, len(code), 0, 0, 0, 0)
    return header + extension + machine + name + image + code


def goo(*, layers: int = 42) -> bytes:
    """The header of a GOO file, field by field in the order of the format, with a blue preview."""
    names = struct.pack(
        ">32s24s24s32s32s32s", b"ELEGOO", b"1.2", b"2024-01-01", b"Mars 4", b"DLP", b"Standard Resin"
    )
    previews = bytes(2 * 116 * 116) + b"\r\n" + b"\x00\x1f" * 290 * 290 + b"\r\n"
    volume = struct.pack(">I2H2B3f", layers, 8520, 4320, 0, 0, 153.4, 77.8, 175.0)
    exposure = struct.pack(">2fB8fI16f2HB", 0.05, 2.5, 0, *[0.5] * 8, 5, *[1.0] * 16, 255, 255, 0)
    sums = struct.pack(">I3f8sIBH", 3723, 12.3, 13.5, 0.4, b"$", 195_477, 1, 10)
    return b"V3.0" + b"\x07\0\0\0DLP\0" + names + bytes(6) + previews + volume + exposure + sums
