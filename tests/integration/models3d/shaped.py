"""Measured files as rows: what the analysis would have stored of a solid, without the file."""

import hashlib
from typing import Any

from libraries.models import Library
from models3d.meshes.arrays import Float64
from models3d.meshes.fingerprint import fingerprint_of
from models3d.meshes.histogram import distance_histogram_of
from models3d.models import Model3D, ModelFile
from models3d.shapes import settle_shapes
from tests.factories import Model3DFactory, ModelFileFactory
from tests.unit.models3d.solids import binary_stl
from tests.unit.models3d.varied import welded


def shaped_file(
    model: Model3D, solid: Float64, name: str = "part.stl", *, salt: str = "", **columns: Any
) -> ModelFile:
    """A file of this solid with its shape settled. `salt` stands for bytes that are not geometry, such as a header."""
    mesh = welded(solid)
    fingerprint, histogram = fingerprint_of(mesh), distance_histogram_of(mesh)
    assert fingerprint is not None
    content = binary_stl(solid) + salt.encode()
    file: ModelFile = ModelFileFactory(
        model=model,
        relative_path=f"{model.relative_path}/{name}",
        extension=name.rpartition(".")[2],
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        analysis_state="done",
        triangle_count=len(solid),
        area_mm2=1.0,
        shape_invariants=fingerprint.invariants,
        shape_chirality=fingerprint.chirality,
        shape_scale_mm=fingerprint.scale_mm,
        shape_histogram=histogram,
        **columns,
    )
    settle_shapes()
    file.refresh_from_db()
    return file


def model_with(solid: Float64, library: Library, name: str, **columns: Any) -> Model3D:
    """A model of its own that holds nothing but this solid."""
    model: Model3D = Model3DFactory(library=library, name=name)
    shaped_file(model, solid, f"{name}.stl", **columns)
    return model
