"""Whether a file that does not say its unit was probably drawn in inches or meters. A rule of thumb, without numpy."""

from typing import Final, Literal

SuspectedUnit = Literal["", "inch", "meter"]

MM_PER_UNIT: Final[dict[SuspectedUnit, float]] = {"inch": 25.4, "meter": 1000.0}
_LEAST_METERS = 0.005
_MOST_INCHES = 10.0
_INCH_STEPS = 64
_MM_STEPS = 20
_ROUNDING = 2e-4


def suspected_unit(sizes: tuple[float, float, float]) -> SuspectedUnit:
    """The unit that box sizes in supposed millimeters look like; empty where millimeters are as likely.

    Meters: the largest side is below 1 (a part below a millimeter), but not below 0.005. Inches: the largest side is
    below 10, every side is a whole number of 64ths, and one at least is no whole number of twentieths, which is
    what sides drawn in millimeters are.

    >>> suspected_unit((0.12, 0.08, 0.05)), suspected_unit((2.5, 1.0, 0.375)), suspected_unit((8, 5, 2.5))
    ('meter', 'inch', '')
    """
    largest = max(sizes)
    if _LEAST_METERS <= largest < 1:
        return "meter"
    if not 1 <= largest < _MOST_INCHES:
        return ""
    if all(_is_whole(side * _INCH_STEPS) for side in sizes) and not all(
        _is_whole(side * _MM_STEPS) for side in sizes
    ):
        return "inch"
    return ""


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) <= _ROUNDING * _INCH_STEPS
