"""Tags and filters that every template has: icons, versioned static files, and numbers as people read them."""

import hashlib
import re
from collections.abc import Hashable, Iterable
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_NOTHING = "–"
_KEPT_BYTE = re.compile("[\U0010ff80-\U0010ffff]")
_UNREADABLE = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@register.simple_tag
@cache
def asset(path: str) -> str:
    """The address of a static file with a version made of its content, so that browsers may keep it."""
    found = finders.find(path)
    if not found:
        return static(path)
    version = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8]
    return f"{static(path)}?v={version}"


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """An icon of static/icons.svg, hidden from screen readers: the text beside it or an aria-label says the same."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {css}".strip(),
        asset("icons.svg"),
        name,
    )


@register.simple_tag
def remembered(template_name: str, row: dict[str, Hashable]) -> SafeString:
    """A small template rendered with `row` alone, kept by everything in it: a page shows a hundred, mostly shown before."""
    return _rendered(template_name, tuple(row.items()))


# Some 2 kB each with its key.
@lru_cache(maxsize=2_000)
def _rendered(template_name: str, items: Iterable[tuple[str, Any]]) -> SafeString:
    return SafeString(get_template(template_name).render({"row": dict(items)}))


@register.filter
def file_size(size_bytes: int | None) -> str:
    """Bytes in decimal units (1 MB = 1,000,000 bytes).

    >>> file_size(0), file_size(999), file_size(25_940_000), file_size(1_200_000_000_000)
    ('0 B', '999 B', '25.9 MB', '1.2 TB')
    >>> file_size(999_960)
    '1.0 MB'
    """
    if size_bytes is None:
        return _NOTHING
    if size_bytes < 1000:
        return f"{size_bytes} B"
    size = float(size_bytes)
    for unit in ("kB", "MB", "GB", "TB"):
        size /= 1000
        if size < 999.95:
            return f"{size:.1f} {unit}"
    return f"{size / 1000:,.1f} PB"


@register.filter
def count(number: int | None) -> str:
    """A whole number with separators.

    >>> count(1234567), count(None)
    ('1,234,567', '–')
    """
    return _NOTHING if number is None else f"{number:,}"


@register.filter
def mm(length_mm: float | None) -> str:
    """Millimeters without their unit, with as many digits as matter.

    >>> mm(186.42), mm(38.04), mm(7.96), mm(0.4), mm(0.046), mm(12_345.6), mm(None)
    ('186', '38', '8', '0.4', '0.05', '12,346', '–')
    """
    return _NOTHING if length_mm is None else _shortened(length_mm, 0)


def _inches(length_mm: float | None) -> str:
    # An inch is 25 mm: one more digit tells as much.
    return _NOTHING if length_mm is None else _shortened(length_mm / 25.4, 1)


def _shortened(number: float, more_digits: int) -> str:
    size = abs(number)
    digits = more_digits + (0 if size >= 99.95 else 1 if size >= 0.95 else 2)
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def length_in(length_mm: float | None, units: str) -> str:
    """A length with its unit: in inches where `units` (of a person) is "in".

    >>> length_in(0.84, "mm"), length_in(0.84, "in"), length_in(254.0, "in"), length_in(None, "in")
    ('0.84 mm', '0.033 in', '10 in', '–')
    """
    if length_mm is None:
        return _NOTHING
    return f"{_inches(length_mm)} in" if units == "in" else f"{mm(length_mm)} mm"


@register.filter
def volume_in(volume_mm3: float | None, units: str) -> str:
    """A volume in cubic centimeters, tiny ones in cubic millimeters, or all in cubic inches, with the unit.

    >>> volume_in(134_812.0, "mm"), volume_in(8_000.0, "mm"), volume_in(3.2, "mm"), volume_in(None, "mm")
    ('135 cm³', '8 cm³', '3.2 mm³', '–')
    >>> volume_in(134_812.0, "in"), volume_in(3.2, "in")
    ('8.23 in³', '0.0002 in³')
    """
    if volume_mm3 is None:
        return _NOTHING
    if units == "in":
        volume = volume_mm3 / 25.4**3
        return f"{volume:.1g} in³" if 0 < abs(volume) < 0.001 else f"{_shortened(volume, 1)} in³"
    volume = volume_mm3 / 1000
    if 0 < abs(volume) < 0.01:
        return f"{mm(volume_mm3)} mm³"
    return f"{mm(volume)} cm³"


@register.filter
def area_in(area_mm2: float | None, units: str) -> str:
    """An area in square centimeters, tiny ones in square millimeters, or all in square inches, with the unit.

    >>> area_in(9_431.0, "mm"), area_in(31.0, "mm"), area_in(0, "mm"), area_in(None, "mm")
    ('94.3 cm²', '31 mm²', '0 mm²', '–')
    >>> area_in(9_431.0, "in"), area_in(31.0, "in")
    ('14.62 in²', '0.048 in²')
    """
    if area_mm2 is None:
        return _NOTHING
    if units == "in":
        return f"{_shortened(area_mm2 / 25.4**2, 1)} in²"
    return f"{mm(area_mm2)} mm²" if area_mm2 < 100 else f"{mm(area_mm2 / 100)} cm²"


@register.simple_tag
def dimensions(x_mm: float | None, y_mm: float | None, z_mm: float | None, units: str) -> str:
    """A box as "186 × 142 × 38", without the unit: inches where `units` is "in". Empty where it is not known.

    >>> dimensions(186.4, 142.0, 38.25, "mm"), dimensions(None, None, None, "mm")
    ('186 × 142 × 38.2', '')
    >>> dimensions(186.4, 142.0, 38.25, "in")
    '7.34 × 5.59 × 1.51'
    """
    if x_mm is None or y_mm is None or z_mm is None:
        return ""
    shown = _inches if units == "in" else mm
    return f"{shown(x_mm)} × {shown(y_mm)} × {shown(z_mm)}"


@register.filter
def display_path(row_path: str) -> str:
    r"""A path held by a row as people may read it: bytes that are no text, controls and direction marks as `\xNN`.

    The two slashes between an archive and a file in it become one.

    >>> display_path("caf\U0010ffe9/two\nlines\u202e.stl")
    'caf\\xe9/two\\x0alines\\u202e.stl'
    """
    shown = _KEPT_BYTE.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", row_path.replace("//", "/"))
    return _UNREADABLE.sub(_escaped, shown)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


@register.filter
def initials(name: str) -> str:
    """Up to two letters standing for a person or creator.

    >>> initials("Mara Lind"), initials("cinderwing"), initials("  ")
    ('ML', 'CI', '?')
    """
    words = name.split()
    if not words:
        return "?"
    return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()


@register.filter
def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long before `now` (or this moment) something was: "just now", "5 min ago", "3 h ago", "12 d ago", then its date."""
    if moment is None:
        return "never"
    seconds = ((now or timezone.now()) - moment).total_seconds()
    if seconds < 60:
        return "just now"
    for limit, unit_seconds, unit in ((3600, 60, "min"), (86_400, 3600, "h"), (30 * 86_400, 86_400, "d")):
        if seconds < limit:
            return f"{int(seconds // unit_seconds)} {unit} ago"
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y}"


@register.filter
def duration(seconds: float | None) -> str:
    """A length of time in its two largest units.

    >>> duration(4.2), duration(83), duration(7_500), duration(93_600), duration(None)
    ('4 s', '1 min 23 s', '2 h 5 min', '1 d 2 h', '–')
    """
    if seconds is None:
        return _NOTHING
    left, parts = int(seconds), []
    for unit_seconds, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        amount, left = divmod(left, unit_seconds)
        if amount:
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2]) or "0 s"
