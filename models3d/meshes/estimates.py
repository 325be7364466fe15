"""What a print takes, estimated from volume, surface and settings. Plain arithmetic without numpy; see docs/printability.md."""

import math
from dataclasses import dataclass
from typing import Final

# g/cm³, as makers of filament publish it for the plain kinds.
FILAMENT_DENSITIES: Final = {
    "PLA": 1.24,
    "PETG": 1.27,
    "ABS": 1.04,
    "ASA": 1.07,
    "TPU": 1.21,
    "PA": 1.14,
    "PC": 1.20,
}


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """How things are printed, and how much work a file may make to find out how it would print.

    `infill` is a fraction. A mesh of more than `max_triangles` is not looked at; after `max_seconds` the rest is left out.
    """

    walls: int = 3
    line_width_mm: float = 0.45
    infill: float = 0.15
    layer_height_mm: float = 0.2
    max_triangles: int = 5_000_000
    max_seconds: float = 10.0

    @property
    def shell_mm(self) -> float:
        """Thickness of the solid walls."""
        return self.walls * self.line_width_mm


def filament_mm3(volume_mm3: float, shell_mm3: float, settings: PrintSettings) -> float:
    """Plastic of a part with solid walls of `shell_mm3` and infill in the rest; never more than the part.

    >>> round(filament_mm3(8000, 2000, PrintSettings(infill=0.15)))
    2900
    """
    shell = min(max(shell_mm3, 0.0), volume_mm3)
    return shell + settings.infill * (volume_mm3 - shell)


def grams_of(plastic_mm3: float, material: str) -> float:
    """Weight of plastic of one of FILAMENT_DENSITIES; raises KeyError for any other.

    >>> grams_of(100_000, "PLA")
    124.0
    """
    return plastic_mm3 / 1000 * FILAMENT_DENSITIES[material]


def layers_of(height_mm: float, settings: PrintSettings) -> int:
    """Layers of a part of this height; a hair's breadth above a whole number is rounding of the file, and no layer.

    >>> layers_of(20.00001, PrintSettings()), layers_of(20.1, PrintSettings()), layers_of(0, PrintSettings())
    (100, 101, 1)
    """
    return max(1, math.ceil(height_mm / settings.layer_height_mm - 1e-3))
