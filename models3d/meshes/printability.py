"""How a mesh would print: figures with their places, and no verdicts. Each is defined in docs/printability.md."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from models3d.meshes.arrays import Float64, UInt32, WeldedMesh
from models3d.meshes.columns import below_overhangs
from models3d.meshes.estimates import PrintSettings, filament_mm3, grams_of, layers_of
from models3d.meshes.facts import MeshFacts
from models3d.meshes.islands import islands_of
from models3d.meshes.leaning import AS_IT_LIES, UPS, Leaning, leaning_of
from models3d.meshes.measure import measure
from models3d.meshes.topology import topology_of
from models3d.meshes.walls import Walls, walls_of

_STEPS_OF_COMPARISON = 100


@dataclass(frozen=True, slots=True)
class Printability:
    """Figures of a part as it lies in its file, in mm with z up; places are points of the file. None: not known."""

    overhang_45_mm2: float | None = None
    overhang_60_mm2: float | None = None
    overhang_at_mm: list[float] | None = None  # on the largest overhang
    bed_contact_mm2: float | None = None
    island_count: int | None = None
    island_at_mm: list[float] | None = None  # the lowest one
    thinnest_wall_mm: float | None = None
    thinnest_wall_at_mm: list[float] | None = None
    thin_wall_mm: float | None = None  # 5 % of the surface have a thinner wall
    best_up: str = ""  # one of models3d.meshes.leaning.UPS
    best_overhang_45_mm2: float | None = None
    support_volume_mm3: float | None = None
    estimated_filament_mm3: float | None = None
    estimated_filament_grams: float | None = None  # of PLA
    estimated_resin_ml: float | None = None
    estimated_layer_count: int | None = None
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON message, without the warnings."""
        return {name: value for name, value in asdict(self).items() if name != "warnings"}


def printability_of(mesh: WeldedMesh, facts: MeshFacts, settings: PrintSettings) -> Printability:
    """Measure how a mesh with these facts would print. Never raises for what the mesh is like.

    What would take too long stays None, and a warning says so.
    """
    if facts.triangle_count > settings.max_triangles:
        return Printability(
            warnings=[
                f"How it prints was not looked into: {facts.triangle_count:,} triangles, "
                f"the limit for this is {settings.max_triangles:,}."
            ]
        )
    if not facts.body_count or not facts.area_mm2 > 0:
        return Printability()
    return _Measuring(mesh, facts, settings).result()


def _outward_faces(mesh: WeldedMesh, facts: MeshFacts) -> UInt32:
    """The faces, with those of inside-out bodies turned over."""
    if not facts.inverted_body_count:
        return mesh.faces
    if facts.inverted_body_count == facts.body_count:
        return np.ascontiguousarray(mesh.faces[:, ::-1])
    topology = topology_of(mesh.faces, len(mesh.vertices))
    inverted = measure(mesh.vertices, mesh.faces, topology).inverted_bodies
    turned = np.isin(topology.body_of_vertex[mesh.faces[:, 0]], inverted)
    return np.ascontiguousarray(np.where(turned[:, None], mesh.faces[:, ::-1], mesh.faces))


class _Measuring:
    """One part that is being measured, until its time is up."""

    def __init__(self, mesh: WeldedMesh, facts: MeshFacts, settings: PrintSettings) -> None:
        self._until = time.monotonic() + settings.max_seconds
        self._facts, self._settings = facts, settings
        self._vertices = mesh.vertices
        self._faces = _outward_faces(mesh, facts)
        low = [facts.min_x_mm, facts.min_y_mm, facts.min_z_mm]
        self._size = np.array([facts.size_x_mm, facts.size_y_mm, facts.size_z_mm])
        self._box: Float64 = np.array([low, low + self._size])
        self._warnings: list[str] = []

    def result(self) -> Printability:
        layer_mm = self._settings.layer_height_mm
        leaning = leaning_of(self._vertices, self._faces, self._box, layer_mm=layer_mm)
        figures = self._lying(leaning)
        if self._has_time():
            below = below_overhangs(
                self._vertices, self._faces, leaning.is_overhang, self._box, layer_mm=layer_mm
            )
            if below:
                figures["support_volume_mm3"] = below.empty_mm3
                figures["overhang_45_mm2"] *= below.exposed_share
                figures["overhang_60_mm2"] *= below.exposed_share
        is_closed = not self._facts.boundary_edge_count or self._facts.is_closed_within_tolerance
        if is_closed and self._has_time():
            islands = islands_of(
                self._vertices, self._faces, layer_mm=layer_mm, body_count=self._facts.body_count
            )
            figures |= {"island_count": islands.count, "island_at_mm": _listed(islands.lowest_at)}
        walls = None
        if self._has_time():
            walls = walls_of(self._vertices, self._faces, self._box, area_mm2=self._facts.area_mm2)
        if walls and walls.thinnest:
            figures |= {
                "thinnest_wall_mm": walls.thinnest.thinnest,
                "thinnest_wall_at_mm": _listed(walls.thinnest.at),
                "thin_wall_mm": walls.thinnest.thin,
            }
        return Printability(**figures, **self._amounts(walls), warnings=self._warnings)

    def _has_time(self) -> bool:
        has_time = time.monotonic() < self._until
        if not has_time and not self._warnings:
            self._warnings.append(
                "How it prints was looked into only in part: it took longer than "
                f"{self._settings.max_seconds:g} seconds."
            )
        return has_time

    def _lying(self, leaning: Leaning) -> dict[str, Any]:
        best = self._best_up(leaning)
        return {
            "overhang_45_mm2": float(leaning.overhang_45[AS_IT_LIES]),
            "overhang_60_mm2": leaning.overhang_60,
            "overhang_at_mm": _listed(leaning.middle_of_largest_overhang),
            "bed_contact_mm2": float(leaning.contact[AS_IT_LIES]),
            "best_up": UPS[best],
            "best_overhang_45_mm2": float(leaning.overhang_45[best]),
        }

    def _best_up(self, leaning: Leaning) -> int:
        """Least overhang, then least height, each in steps of 1 %; then most contact; then as it lies."""
        area, largest = self._facts.area_mm2, max(float(self._size.max()), 1e-30)

        def order(up: int) -> tuple[int, int, int, bool]:
            return (
                round(float(leaning.overhang_45[up]) / area * _STEPS_OF_COMPARISON),
                round(float(self._size[up // 2]) / largest * _STEPS_OF_COMPARISON),
                -round(float(leaning.contact[up]) / area * _STEPS_OF_COMPARISON),
                up != AS_IT_LIES,
            )

        return min(range(len(UPS)), key=order)

    def _amounts(self, walls: Walls | None) -> dict[str, Any]:
        facts, settings = self._facts, self._settings
        layers = layers_of(facts.size_z_mm, settings)
        if not facts.volume_mm3 > 0:
            return {"estimated_layer_count": layers}
        thickness = settings.shell_mm
        if walls:  # thin walls are reached from both sides
            thickness = float(np.minimum(thickness, walls.samples / 2).mean())
        plastic = filament_mm3(facts.volume_mm3, facts.area_mm2 * thickness, settings)
        return {
            "estimated_filament_mm3": plastic,
            "estimated_filament_grams": grams_of(plastic, "PLA"),
            "estimated_resin_ml": facts.volume_mm3 / 1000,
            "estimated_layer_count": layers,
        }


def _listed(place: tuple[float, float, float] | None) -> list[float] | None:
    return list(place) if place else None
