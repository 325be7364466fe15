"""The facts of a sliced file, as columns of a file have them."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SlicerFacts:
    """What a sliced file says about itself; empty or None where it says nothing. Numbers are positive and finite.

    Lengths, masses and times are those of the whole file, all tools and plates together.
    """

    slicer: str = ""  # with its version
    printer_name: str = ""
    material: str = ""  # of the tools that are used, joined by " + "
    layer_height_mm: float | None = None
    nozzle_mm: float | None = None
    print_seconds: int | None = None
    filament_mm: float | None = None
    filament_grams: float | None = None
    filament_cost: float | None = None  # in whatever currency the slicer was set to
    resin_ml: float | None = None
    exposure_seconds: float | None = None  # of a normal layer
    layer_count: int | None = None
    plate_count: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What is known, as plain values for a JSON message."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}
