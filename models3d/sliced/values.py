"""Numbers, durations and names as slicers write them, believed only where they make sense."""

import math
import re
from typing import Final

_MOST_CHARACTERS: Final = 120
_LONGEST_PRINT_SECONDS: Final = 366 * 86_400
_SECONDS_OF_UNIT: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION_PART: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(d|h|m|s)[a-z]*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*([-+]?\d{1,15}(?:\.\d{0,15})?(?:e[-+]?\d{1,2})?)", re.IGNORECASE)


def number(text: str, *, most: float = 1e9) -> float | None:
    """The positive number at the beginning of a text; None if there is none, or more than `most`.

    >>> number("4622.08"), number("6473.4 mm (6.47 m)"), number("nil"), number("0"), number("9e99")
    (4622.08, 6473.4, None, None, None)
    """
    match = _NUMBER.match(text)
    value = float(match.group(1)) if match else math.nan
    return value if 0 < value <= most else None


def numbers(text: str) -> list[float]:
    """The numbers of a list as written for several tools, nothing as 0.

    >>> numbers("23.43,8.70"), numbers("0.50m, 0m"), numbers("")
    ([23.43, 8.7], [0.5, 0.0], [])
    """
    return [number(piece) or 0.0 for piece in re.split("[,;]", text)[:64]] if text.strip() else []


def total(text: str, *, most: float = 1e9) -> float | None:
    """The sum of a list; None if nothing is left of it."""
    value = sum(numbers(text))
    return round(value, 6) if 0 < value <= most else None


def duration_seconds(text: str) -> int | None:
    """A duration in words or in plain seconds; None if there is none or it is longer than a year.

    >>> duration_seconds("1d 2h 3m 4s"), duration_seconds("1 hour 24 minutes"), duration_seconds("5210")
    (93784, 5040, 5210)
    >>> duration_seconds("99999999d"), duration_seconds("unknown")
    (None, None)
    """
    parts = _DURATION_PART.findall(text)
    seconds = sum(float(count) * _SECONDS_OF_UNIT[unit.lower()] for count, unit in parts)
    seconds = seconds if parts else number(text) or 0.0
    return round(seconds) if 0 < seconds <= _LONGEST_PRINT_SECONDS else None


def whole(text: str, *, most: int) -> int | None:
    """A count; None if there is none, or more than `most`."""
    value = number(text, most=most)
    return int(value) if value and value >= 1 else None


def name(text: str) -> str:
    """A name for people: printable, one line, without quotes around it, of a bearable length.

    >>> name(' "Generic PLA" '), name("a\\x00b\\nc")
    ('Generic PLA', 'a b c')
    """
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain.strip('"').strip()[:_MOST_CHARACTERS].strip()


def text_of(line: bytes) -> str:
    """UTF-8 where it is, Latin-1 where it is not.

    >>> text_of(b"D\\xc3\\xbcse"), text_of(b"D\\xfcse")
    ('Düse', 'Düse')
    """
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
