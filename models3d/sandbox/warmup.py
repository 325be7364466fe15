"""Compiling every kernel once, so that the first file of a user does not wait for it."""

import io
import struct

from models3d.meshes.estimates import PrintSettings
from models3d.meshes.facts import facts_of
from models3d.meshes.fingerprint import fingerprint_of
from models3d.meshes.histogram import distance_histogram_of
from models3d.meshes.lightmesh import light_mesh_of
from models3d.meshes.load import load
from models3d.meshes.printability import printability_of
from models3d.meshes.render import render

_CORNERS = ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))
_FACES = ((0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2))


def _binary_stl(scale: float, *, is_open: bool, times: int = 1) -> bytes:
    faces = (_FACES[1:] if is_open else _FACES) * times
    records = (
        struct.pack("<12fH", 0, 0, 0, *(scale * value for corner in face for value in _CORNERS[corner]), 0)
        for face in faces
    )
    return bytes(80) + struct.pack("<I", len(faces)) + b"".join(records)


def _two_bodies_stl() -> bytes:
    """One tetrahedron in the air above another: it overhangs and is an island."""
    records = _binary_stl(1, is_open=False)[84:]
    lifted = bytearray(records)
    for start in range(0, len(lifted), 50):
        for at in range(start + 20, start + 48, 12):
            struct.pack_into("<f", lifted, at, struct.unpack_from("<f", lifted, at)[0] + 9)
    return bytes(80) + struct.pack("<I", 2 * len(_FACES)) + records + lifted


def _text_stl() -> bytes:
    lines = ["solid warm"]
    for face in _FACES:
        lines += ["facet normal 0 0 0", "outer loop"]
        lines += ["vertex {} {} {}".format(*_CORNERS[corner]) for corner in face]
        lines += ["endloop", "endfacet"]
    return "\n".join([*lines, "endsolid"]).encode()


def _obj() -> bytes:
    lines = ["v {} {} {}".format(*corner) for corner in _CORNERS]
    lines += ["f {} {} {}".format(*(corner + 1 for corner in face)) for face in _FACES]
    return "\n".join(lines).encode()


def _off() -> bytes:
    lines = ["OFF", f"{len(_CORNERS)} {len(_FACES)} 0"]
    lines += ["{} {} {}".format(*corner) for corner in _CORNERS]
    lines += ["3 {} {} {}".format(*face) for face in _FACES]
    return "\n".join(lines).encode()


def _ply() -> bytes:
    header = (
        f"ply\nformat ascii 1.0\nelement vertex {len(_CORNERS)}\nproperty float x\nproperty float y\n"
        f"property float z\nelement face {len(_FACES)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    return header.encode() + _off().split(b"\n", 2)[2]


def warm_up() -> None:
    """Run every kernel on a tetrahedron. Takes half a minute the first time, and no time with a full cache."""
    samples = (
        ("stl", _binary_stl(1, is_open=False)),
        ("stl", _binary_stl(1, is_open=True)),
        ("stl", _binary_stl(-1, is_open=False, times=2)),
        ("stl", _two_bodies_stl()),
        ("stl", _text_stl()),
        ("obj", _obj()),
        ("off", _off()),
        ("ply", _ply()),
    )
    for extension, content in samples:
        loaded = load(io.BytesIO(content), extension)
        printability_of(loaded.mesh, facts_of(loaded), PrintSettings())
        fingerprint_of(loaded.mesh)
        distance_histogram_of(loaded.mesh)
        render(loaded.mesh)
        light_mesh_of(loaded)
