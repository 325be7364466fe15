"""Numbers with units, as people write them: `5cm`, `1.5M`, `10..20mm`."""

import re
from dataclasses import dataclass
from typing import Final

from models3d.query_language.nodes import Comparison, Range


class ValueNotRead(ValueError):
    """The value of a field cannot be read; the text is a sentence that says what to write."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number counts: how many of the base unit each written unit is, and the unit of a bare number."""

    units: dict[str, float]
    bare: str
    example: str


LENGTH: Final = Quantity(
    {"mm": 1, "cm": 10, "m": 1000, "in": 25.4, "inch": 25.4, "ft": 304.8, "um": 0.001, "µm": 0.001},
    "mm",
    "<100mm",
)
AREA: Final = Quantity({"mm2": 1, "cm2": 100, "m2": 1e6, "in2": 645.16}, "cm2", ">50cm2")
VOLUME: Final = Quantity(
    {"mm3": 1, "cm3": 1000, "ml": 1000, "cc": 1000, "l": 1e6, "m3": 1e9, "in3": 16_387.064}, "cm3", ">5cm3"
)
MASS: Final = Quantity({"g": 1, "kg": 1000, "oz": 28.349523125, "lb": 453.59237}, "g", "<50g")
TIME: Final = Quantity({"s": 1, "min": 60, "h": 3600, "d": 86_400}, "h", "<2h")
BYTES: Final = Quantity({"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12}, "mb", ">100MB")
COUNT: Final = Quantity({"": 1, "k": 1e3, "m": 1e6}, "", "<1M")
PERCENT: Final = Quantity({"%": 1}, "%", "<10%")

# Fifteen digits are what a float holds exactly.
_NUMBER: Final = re.compile(r"(\d{1,15}|\d{0,15}\.\d{1,9})\s*([^\W\d_]*[23]?|%)", re.IGNORECASE)
_POWERS: Final = str.maketrans({"²": "2", "³": "3", "μ": "µ"})


def read_range(text: str, comparison: Comparison, quantity: Quantity) -> Range:
    """The numbers that fit. Without a comparison, those that are rounded to what was written. Raises ValueNotRead.

    >>> read_range("5cm", "<", LENGTH)
    Range(low=None, high=50.0, includes_low=True, includes_high=False)
    >>> read_range("20", "", LENGTH)
    Range(low=19.5, high=20.5, includes_low=True, includes_high=False)
    """
    if ".." in text:
        return _between(text, comparison, quantity)
    value, step = _number(text, quantity, unit="")
    if comparison in {"", "="}:
        return Range(value - step / 2, value + step / 2, includes_high=False)
    includes = comparison.endswith("=")
    if comparison.startswith("<"):
        return Range(high=value, includes_high=includes)
    return Range(low=value, includes_low=includes)


def read_number(text: str, quantity: Quantity, *, unit: str = "") -> float:
    """One number in the base unit; a bare one is in `unit`. Raises ValueNotRead."""
    return _number(text, quantity, unit=unit)[0]


def unit_of(text: str) -> str:
    """The unit that stands at the end of a number, or nothing.

    >>> unit_of("20 mm"), unit_of("20")
    ('mm', '')
    """
    found = _NUMBER.fullmatch(text.strip().translate(_POWERS))
    return found[2] if found else ""


def _between(text: str, comparison: Comparison, quantity: Quantity) -> Range:
    first, _, last = text.partition("..")
    if comparison or not (first or last):
        raise ValueNotRead("A range is written as 10..20, 10.. or ..20.")
    unit = unit_of(last)
    low = read_number(first, quantity, unit=unit) if first else None
    high = read_number(last, quantity) if last else None
    if low is not None and high is not None and low > high:
        raise ValueNotRead("A range begins with the smaller number.")
    return Range(low, high)


def _number(text: str, quantity: Quantity, *, unit: str) -> tuple[float, float]:
    """The number, and how much its last digit is worth, both in the base unit."""
    found = _NUMBER.fullmatch(text.strip().translate(_POWERS))
    if found is None:
        raise ValueNotRead(f"Write a number such as {quantity.example.lstrip('<>=')}.")
    digits, written = found[1], (found[2] or unit or quantity.bare).lower()
    factor = quantity.units.get(written)
    if factor is None:
        known = ", ".join(name for name in quantity.units if name)
        raise ValueNotRead(
            f"“{found[2]}” is not a unit of this. Use {known}." if known else "Leave out the unit."
        )
    decimals = len(digits.partition(".")[2])
    return float(digits) * factor, 10.0**-decimals * factor
