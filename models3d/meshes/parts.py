"""The things in one file, each measured for itself: build items of a 3MF, nodes of a GLB, groups of an OBJ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models3d.meshes.arrays import UInt32, WeldedMesh
from models3d.meshes.measure import measure_stretch
from models3d.meshes.reading import Part
from models3d.meshes.topology import topology_of

_MOST_PARTS: Final = 200


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One thing of a file; the volume is exact if its surface is closed."""

    name: str
    triangle_count: int
    size_x_mm: float
    size_y_mm: float
    size_z_mm: float
    area_mm2: float
    volume_mm3: float
    is_watertight: bool


def parts_of(mesh: WeldedMesh, parts: Sequence[Part]) -> list[PartFacts]:
    """Measure the first 200 parts of a mesh; none if triangles were dropped, for then nobody knows where each begins."""
    if mesh.dropped:
        return []
    one_body = np.zeros(len(mesh.vertices) if parts else 0, np.int32)
    found = []
    for part in parts[:_MOST_PARTS]:
        faces = mesh.faces[part.first_triangle : part.first_triangle + part.triangle_count]
        if len(faces):
            size, area, volume = measure_stretch(mesh.vertices, faces, one_body)
            x, y, z = (float(side) for side in size)
            found.append(PartFacts(part.name, len(faces), x, y, z, area, volume, _is_watertight(faces)))
    return found


def _is_watertight(faces: UInt32) -> bool:
    """Whether these faces alone are; vertices are numbered as they are met, so that those of a part lie close together."""
    first = faces.min()
    return topology_of(faces - first, int(faces.max() - first) + 1).is_watertight
