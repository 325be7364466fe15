"""From an open file to one welded mesh in millimeters, z up."""

from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from models3d.meshes.arrays import Float32, WeldedMesh
from models3d.meshes.formats import UpAxis, format_of
from models3d.meshes.limits import ReadLimits
from models3d.meshes.painting import face_colors
from models3d.meshes.reading import Part, open_source
from models3d.meshes.weld import Welder


@dataclass(frozen=True, slots=True)
class LoadedMesh:
    """A mesh with what its file told besides."""

    mesh: WeldedMesh
    parts: list[Part]
    warnings: list[str]
    up_axis: UpAxis
    has_unit: bool  # the format says what unit its numbers are in


def load(
    file: BinaryIO,
    extension: str,
    *,
    limits: ReadLimits | None = None,
    up_axis: UpAxis | None = None,
    materials: bytes = b"",
) -> LoadedMesh:
    """Read a mesh file of the named extension, in one pass and without ever opening another file.

    `up_axis` overrides the format's own. `materials` is the content of an OBJ's material file.
    Raises one of the errors in models3d.meshes.errors.
    """
    format = format_of(extension)
    source = open_source(file, limits or ReadLimits())
    source.mm_per_unit = format.mm_per_unit
    source.materials = materials
    welder: Welder | None = None
    for triangles in format.load_reader()(source):
        up = up_axis or source.up_axis or format.up_axis
        welder = welder or Welder(min(source.expected_triangles, source.limits.max_triangles))
        welder.add(_in_mm_z_up(triangles, source.mm_per_unit, up))
        source.limits.check_triangles(welder.triangles_seen)
    mesh = (welder or Welder()).finish()
    if not mesh.dropped:  # dropped triangles shift the numbers that colors go by
        mesh = replace(mesh, colors=face_colors(source.paints, len(mesh.faces)))
    up = up_axis or source.up_axis or format.up_axis
    return LoadedMesh(mesh, source.parts, source.warnings, up, format.has_unit)


def _in_mm_z_up(triangles: Float32, mm_per_unit: float, up: UpAxis) -> Float32:
    if mm_per_unit != 1.0:
        with np.errstate(over="ignore"):
            triangles = (triangles * mm_per_unit).astype(np.float32)
    if up == "y":
        triangles = triangles[..., (0, 2, 1)] * np.array([1, -1, 1], np.float32)
    return triangles
