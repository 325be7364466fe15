"""The room in which a printer prints, and whether a thing has its place there."""

from dataclasses import dataclass
from typing import Literal

Sides = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Bed:
    """The width, depth and height that a printer can print, in mm."""

    name: str
    x_mm: float
    y_mm: float
    z_mm: float

    @property
    def sides_mm(self) -> Sides:
        """The three lengths, the shortest first."""
        shortest, middle, longest = sorted((self.x_mm, self.y_mm, self.z_mm))
        return shortest, middle, longest

    @property
    def outline(self) -> str:
        """Width and depth as the viewer in the browser reads them.

        >>> Bed("Mini", 180, 180.5, 180).outline
        '180,180.5'
        """
        return f"{self.x_mm:g},{self.y_mm:g}"


@dataclass(frozen=True, slots=True)
class Fit:
    """How a thing fits on a bed: as it lies in its file, turned by right angles, or not: then it is `over_mm` too long."""

    how: Literal["lying", "turned", "over"]
    bed_name: str
    over_mm: float = 0.0


def fit_of(size_mm: Sides, bed: Bed) -> Fit:
    """How a box of these sides fits on `bed`.

    >>> bed = Bed("Mini", 180, 180, 200)
    >>> fit_of((10, 20, 30), bed).how, fit_of((190, 20, 30), bed).how, fit_of((190, 190, 212), bed).over_mm
    ('lying', 'turned', 12)
    """
    if all(side <= room for side, room in zip(size_mm, (bed.x_mm, bed.y_mm, bed.z_mm), strict=True)):
        return Fit("lying", bed.name)
    # Longest side along the longest, and so on, leaves the least over.
    over = max(side - room for side, room in zip(sorted(size_mm), bed.sides_mm, strict=True))
    return Fit("over", bed.name, over) if over > 0 else Fit("turned", bed.name)
