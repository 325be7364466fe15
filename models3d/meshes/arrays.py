"""The array types that pass between the modules of this package."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bool: TypeAlias = npt.NDArray[np.bool_]
Float32: TypeAlias = npt.NDArray[np.float32]
Float64: TypeAlias = npt.NDArray[np.float64]
Int32: TypeAlias = npt.NDArray[np.int32]
Int64: TypeAlias = npt.NDArray[np.int64]
UInt8: TypeAlias = npt.NDArray[np.uint8]
UInt32: TypeAlias = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class WeldedMesh:
    """A mesh whose corners at the very same place are one vertex.

    `vertices` is (n, 3) float32 in millimeters, z up; `faces` is (m, 3) uint32. `dropped` counts triangles
    left out because a coordinate was not a finite number. Faces may be degenerate (name a vertex twice).
    `colors`, where the file has any, is (m, 3) sRGB of the faces.
    """

    vertices: Float32
    faces: UInt32
    dropped: int = 0
    colors: UInt8 | None = None
