"""Days and ages, as people write them: `2026`, `2026-01`, `2026-01-31`, `today`, `7d`."""

import re
from datetime import date, timedelta
from typing import Final

from models3d.query_language.nodes import Age, Comparison, Days
from models3d.query_language.units import ValueNotRead

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_AGE: Final = re.compile(r"([0-9]{1,4})([dwmy])", re.IGNORECASE)
_DAYS_OF: Final = {"d": 1, "w": 7, "m": 30, "y": 365}
_NAMED: Final = {"today": 1, "yesterday": 2, "week": 7, "month": 30, "year": 365}
_HOW: Final = "Write a day, month or year such as 2026-01, or an age such as 30d."


def read_days(text: str, comparison: Comparison) -> Days | Age:
    """The days that fit. Raises ValueNotRead.

    >>> read_days("2026-01", ""), read_days("2026-01", ">=")
    (Days(first=datetime.date(2026, 1, 1), end=datetime.date(2026, 2, 1)), Days(first=datetime.date(2026, 1, 1), end=None))
    >>> read_days("30d", ""), read_days("1y", ">")
    (Age(days=30, is_older=False), Age(days=365, is_older=True))
    """
    if ".." in text:
        return _between(text, comparison)
    age = _age(text)
    if age is not None:
        return Age(age, is_older=comparison.startswith(">"))
    first, end = _span(text)
    return {
        "": Days(first, end),
        "=": Days(first, end),
        "<": Days(end=first),
        "<=": Days(end=end),
        ">": Days(end),
        ">=": Days(first),
    }[comparison]


def _between(text: str, comparison: Comparison) -> Days:
    first, _, last = text.partition("..")
    if comparison or not (first or last):
        raise ValueNotRead("A range is written as 2025-06..2026-01, 2026.. or ..2025.")
    start = _span(first)[0] if first else None
    end = _span(last)[1] if last else None
    if start and end and start >= end:
        raise ValueNotRead("A range begins with the earlier day.")
    return Days(start, end)


def _age(text: str) -> int | None:
    if found := _AGE.fullmatch(text):
        return int(found[1]) * _DAYS_OF[found[2].lower()]
    return _NAMED.get(text.lower())


def _span(text: str) -> tuple[date, date]:
    """The first day, and the one after the last, of a year, a month or a day."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueNotRead(_HOW)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first + timedelta(days=1)
        if month:
            return first, date(first.year + month // 12, month % 12 + 1, 1)
        return first, date(first.year + 1, 1, 1)
    except (ValueError, OverflowError) as error:
        raise ValueNotRead("There is no such day in the calendar.") from error
