"""Writing GLB, the binary form of glTF 2.0, around meshes that Draco has compressed already.

https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html and its KHR_draco_mesh_compression.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any

_FLOAT, _UNSIGNED_INT, _UNSIGNED_BYTE = 5126, 5125, 5121


@dataclass(frozen=True, slots=True)
class CompressedPart:
    """One named mesh as a Draco buffer, with what glTF wants to know about its content.

    The numbers are those by which Draco knows its attributes; `color_number` is None where there are no colors.
    """

    name: str
    draco: bytes
    vertex_count: int
    index_count: int
    low: list[float]
    high: list[float]
    position_number: int = 0
    color_number: int | None = None


def glb_of(parts: list[CompressedPart], *, generator: str) -> bytes:
    """A GLB file with one node per part.

    Coordinates are millimeters with z up, which is not what glTF prescribes: `asset.extras` says so, and the
    file is meant for the viewer of this project.
    """
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": generator, "extras": {"unit": "mm", "upAxis": "z"}},
        "extensionsUsed": ["KHR_draco_mesh_compression"],
        "extensionsRequired": ["KHR_draco_mesh_compression"],
        "scene": 0,
        "scenes": [{"nodes": list(range(len(parts)))}],
        "nodes": [{"name": part.name, "mesh": number} for number, part in enumerate(parts)],
        "meshes": [],
        "accessors": [],
        "bufferViews": [],
    }
    binary = bytearray()
    for number, part in enumerate(parts):
        first_accessor = len(document["accessors"])
        document["meshes"].append(
            {"name": part.name, "primitives": [_primitive(part, view=number, accessor=first_accessor)]}
        )
        document["accessors"] += _accessors(part)
        document["bufferViews"].append(
            {"buffer": 0, "byteOffset": len(binary), "byteLength": len(part.draco)}
        )
        binary += part.draco + bytes(-len(part.draco) % 4)
    document["buffers"] = [{"byteLength": len(binary)}]
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join(
        [
            struct.pack("<4sII", b"glTF", 2, total),
            struct.pack("<I4s", len(text), b"JSON"),
            text,
            struct.pack("<I4s", len(binary), b"BIN\0"),
            binary,
        ]
    )


def _primitive(part: CompressedPart, *, view: int, accessor: int) -> dict[str, Any]:
    numbers = {"POSITION": part.position_number}
    accessors = {"POSITION": accessor}
    if part.color_number is not None:
        numbers["COLOR_0"], accessors["COLOR_0"] = part.color_number, accessor + 2
    compression = {"bufferView": view, "attributes": numbers}
    return {
        "attributes": accessors,
        "indices": accessor + 1,
        "mode": 4,
        "extensions": {"KHR_draco_mesh_compression": compression},
    }


def _accessors(part: CompressedPart) -> list[dict[str, Any]]:
    accessors: list[dict[str, Any]] = [
        {
            "componentType": _FLOAT,
            "count": part.vertex_count,
            "type": "VEC3",
            "min": part.low,
            "max": part.high,
        },
        {"componentType": _UNSIGNED_INT, "count": part.index_count, "type": "SCALAR"},
    ]
    if part.color_number is not None:
        accessors.append(
            {
                "componentType": _UNSIGNED_BYTE,
                "normalized": True,
                "count": part.vertex_count,
                "type": "VEC3",
            }
        )
    return accessors
