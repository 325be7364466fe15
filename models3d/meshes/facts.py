"""The facts of a mesh: everything about it that is a number, without looking at it."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from models3d.meshes.errors import NoGeometry
from models3d.meshes.formats import UpAxis
from models3d.meshes.load import LoadedMesh
from models3d.meshes.measure import measure
from models3d.meshes.parts import PartFacts, parts_of
from models3d.meshes.topology import topology_of
from models3d.meshes.units import SuspectedUnit, suspected_unit
from models3d.meshes.weld import welded_within

_TOLERANCE_OF_DIAGONAL = 1e-5


@dataclass(frozen=True, slots=True)
class MeshFacts:
    """Facts about one file, in millimeters with z up; every float is finite."""

    triangle_count: int  # as in the file, without dropped ones
    vertex_count: int  # different places
    min_x_mm: float
    min_y_mm: float
    min_z_mm: float
    size_x_mm: float
    size_y_mm: float
    size_z_mm: float
    volume_mm3: float  # of the solid, never negative
    volume_is_approximate: bool  # the surface is open or badly wound; holes count as if closed by lids
    area_mm2: float
    center_of_mass: tuple[float, float, float]
    is_watertight: bool  # every edge joins two faces in opposite directions
    is_closed_within_tolerance: bool  # the same once corners closer than 1e-5 of the diagonal are joined
    is_winding_consistent: bool
    edge_count: int
    boundary_edge_count: int
    nonmanifold_edge_count: int
    hole_count: int
    body_count: int
    inverted_body_count: int  # turned inside out, hollows not counted
    degenerate_count: int  # triangles with two corners at one place
    duplicate_triangle_count: int  # looked for only where edges have more than two faces
    dropped_triangle_count: int  # a coordinate was NaN or infinite
    up_axis: UpAxis  # of the file; the figures here are z up already
    suspected_unit: SuspectedUnit  # only where the format does not say its unit
    parts: list[PartFacts] = field(default_factory=list)  # of formats that hold several things
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON message."""
        return asdict(self)


def facts_of(loaded: LoadedMesh) -> MeshFacts:
    """Measure a mesh; raises NoGeometry if it has not a single usable triangle."""
    mesh = loaded.mesh
    warnings = loaded.warnings
    if not len(mesh.faces):
        if mesh.dropped:
            raise NoGeometry(
                f"None of the {mesh.dropped:,} triangles can be used: their coordinates are not numbers. "
                "Export the file again from its source."
            )
        raise NoGeometry("The file is sound, but there is no triangle in it, so there is nothing to show.")
    topology = topology_of(mesh.faces, len(mesh.vertices))
    measures = measure(mesh.vertices, mesh.faces, topology)
    size = [high - low for low, high in zip(measures.low, measures.high, strict=True)]
    if topology.body_count == 0:
        warnings = [*warnings, "All triangles have collapsed to lines or points."]
    if mesh.dropped:
        warnings = [*warnings, _dropped_warning(mesh.dropped)]
    after_joining = topology
    if topology.boundary_edge_count:
        joined = welded_within(mesh, max(math.hypot(*size) * _TOLERANCE_OF_DIAGONAL, 1e-300))
        after_joining = topology_of(joined.faces, len(joined.vertices))
    return MeshFacts(
        triangle_count=len(mesh.faces),
        vertex_count=len(mesh.vertices),
        min_x_mm=measures.low[0],
        min_y_mm=measures.low[1],
        min_z_mm=measures.low[2],
        size_x_mm=size[0],
        size_y_mm=size[1],
        size_z_mm=size[2],
        volume_mm3=measures.volume_mm3,
        volume_is_approximate=after_joining.unbalanced_edge_count > 0 or topology.body_count == 0,
        area_mm2=measures.area_mm2,
        center_of_mass=measures.center_of_mass,
        is_watertight=topology.is_watertight,
        is_closed_within_tolerance=after_joining.is_watertight,
        is_winding_consistent=topology.badly_wound_edge_count == 0,
        edge_count=topology.edge_count,
        boundary_edge_count=topology.boundary_edge_count,
        nonmanifold_edge_count=topology.nonmanifold_edge_count,
        hole_count=topology.hole_count,
        body_count=topology.body_count,
        inverted_body_count=len(measures.inverted_bodies),
        degenerate_count=topology.degenerate_count,
        duplicate_triangle_count=measures.duplicate_face_count,
        dropped_triangle_count=mesh.dropped,
        up_axis=loaded.up_axis,
        suspected_unit="" if loaded.has_unit else suspected_unit((size[0], size[1], size[2])),
        parts=parts_of(loaded.mesh, loaded.parts),
        warnings=warnings,
    )


def _dropped_warning(count: int) -> str:
    what = "1 triangle was" if count == 1 else f"{count:,} triangles were"
    return f"{what} left out: a coordinate is not a number."
