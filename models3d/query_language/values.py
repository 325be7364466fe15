"""What stands after a field, read by the kind of the field."""

import re
from typing import Final

from models3d.query_language import units
from models3d.query_language.dates import read_days
from models3d.query_language.fields import NO, YES, FieldInfo
from models3d.query_language.nodes import Box, Comparison, Flag, Text, Value
from models3d.query_language.units import ValueNotRead

_LEAST_HASH: Final = 8
_HASH: Final = re.compile(r"[0-9a-f]{8,64}")
_TIMES: Final = re.compile(r"\s*[x×*]\s*", re.IGNORECASE)
_WORD: Final = re.compile(r"\w[\w.-]{0,39}")


def read_value(
    field: FieldInfo, comparison: Comparison, text: str, *, is_quoted: bool, is_open: bool
) -> Value:
    """What `text` means for `field`. Raises ValueNotRead."""
    text = text.strip()
    if not text:
        raise ValueNotRead(f"Say what to look for, such as {field.examples[0]}.")
    if field.quantity is not None:
        return units.read_range(text, comparison, field.quantity)
    if field.kind == "days":
        return read_days(text, comparison)
    if comparison not in {"", "="}:
        raise ValueNotRead(f"“{field.name}” is no number. Leave out the “{comparison}”.")
    if field.kind == "flag":
        return _flag(text)
    if field.kind == "box":
        return _box(text) if text[0].isdigit() else Text(text, is_exact=is_quoted, is_open=is_open)
    if field.kind == "word":
        return _word(field, text)
    if field.name == "hash" and not _HASH.fullmatch(text.lower()):
        raise ValueNotRead(f"A hash has from {_LEAST_HASH} to 64 digits from 0 to 9 and a to f.")
    return Text(text, is_exact=is_quoted, is_open=is_open)


def _flag(text: str) -> Flag:
    if text.lower() not in YES + NO:
        raise ValueNotRead("Write yes or no.")
    return Flag(text.lower() in YES)


def _word(field: FieldInfo, text: str) -> Text:
    if not _WORD.fullmatch(text):
        raise ValueNotRead(f"Write one word, such as {field.examples[0]}.")
    word = text.lower()
    # Further words of `has` are file types, those of `problem` are kinds that rooms above know.
    if field.name == "in" and word not in field.words:
        raise ValueNotRead(f"Files lie in {', '.join(field.words)}.")
    return Text(word)


def _box(text: str) -> Box:
    parts = _TIMES.split(text)
    if len(parts) != 3:
        raise ValueNotRead("Write the room as width x depth x height, such as 220x220x250.")
    unit = units.unit_of(parts[-1])
    shortest, middle, longest = sorted(units.read_number(part, units.LENGTH, unit=unit) for part in parts)
    return Box((shortest, middle, longest))
