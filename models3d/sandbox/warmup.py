"""Compiling every kernel once, so that the first file of a user does not wait for it."""

import io
import struct
from collections.abc import Iterator

import numpy as np

from models3d.meshes.arrays import WeldedMesh
from models3d.meshes.estimates import PrintSettings
from models3d.meshes.facts import facts_of
from models3d.meshes.fingerprint import fingerprint_of
from models3d.meshes.histogram import distance_histogram_of
from models3d.meshes.lightmesh import light_mesh_of
from models3d.meshes.load import LoadedMesh, load
from models3d.meshes.printability import printability_of
from models3d.meshes.render import render

_CORNERS = ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))
_FACES = ((0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2))


def warm_up(*, from_the_end: bool = False) -> None:
    """Run every kernel on a tetrahedron. Takes a minute the first time, and no time with a full cache.

    A second process that goes `from_the_end` at the same time halves that: each finds done what the other has compiled.
    Readers come first, for only they have kernels of several signatures, which two processes must not store at once.
    """
    steps = (_read, _measure, _foresee_printing, _recognize, _lighten, _draw)
    for step in reversed(steps) if from_the_end else steps:
        step()


def _read() -> None:
    files = (("stl", _binary_stl()), ("stl", _text_stl()), ("obj", _obj()), ("off", _off()), ("ply", _ply()))
    for extension, content in files:
        load(io.BytesIO(content), extension)


def _measure() -> None:
    for loaded in _meshes():
        facts_of(loaded)


def _foresee_printing() -> None:
    for loaded in _meshes():
        printability_of(loaded.mesh, facts_of(loaded), PrintSettings())


def _recognize() -> None:
    for loaded in _meshes():
        fingerprint_of(loaded.mesh)
        distance_histogram_of(loaded.mesh)


def _lighten() -> None:
    for loaded in _meshes():
        light_mesh_of(loaded)


def _draw() -> None:
    for loaded in _meshes():
        render(loaded.mesh)


def _meshes() -> Iterator[LoadedMesh]:
    """Made without any reader: a sound mesh, an open one, one turned inside out and doubled, and one above another."""
    corners, faces = np.array(_CORNERS, np.float32), np.array(_FACES, np.uint32)
    lifted = corners + np.array([0, 0, 9], np.float32)
    for vertices, triangles in (
        (corners, faces),
        (corners, faces[1:].copy()),
        (-corners, np.concatenate([faces, faces])),
        (np.concatenate([corners, lifted]), np.concatenate([faces, faces + np.uint32(len(corners))])),
    ):
        yield LoadedMesh(WeldedMesh(vertices, triangles), [], [], "z", has_unit=True)


def _binary_stl() -> bytes:
    records = (
        struct.pack("<12fH", 0, 0, 0, *(value for corner in face for value in _CORNERS[corner]), 0)
        for face in _FACES
    )
    return bytes(80) + struct.pack("<I", len(_FACES)) + b"".join(records)


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
