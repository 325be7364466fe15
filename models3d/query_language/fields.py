"""The fields of the search box: what each is called, what may stand after it, and how that reads to a person."""

from dataclasses import dataclass
from typing import Final, Literal

from models3d.query_language import units
from models3d.query_language.units import Quantity

FieldKind = Literal["name", "word", "number", "days", "flag", "box"]


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field. `words` are all that may stand after it (empty: anything); `others` are further names of it."""

    name: str
    kind: FieldKind
    about: str
    examples: tuple[str, ...]
    group: str
    others: tuple[str, ...] = ()
    quantity: Quantity | None = None
    words: tuple[str, ...] = ()


THINGS: Final = (
    *("picture", "notes", "licence", "creator", "tags", "collection", "links", "problems"),
    *("mesh", "cad", "sliced", "image", "document", "video", "archive", "supported"),
)
ARCHIVES: Final = ("archive", "zip", "rar", "7z", "tar")
YES: Final = ("yes", "true", "1")
NO: Final = ("no", "false", "0")

_WORDS: Final = "Names and words"
_SIZES: Final = "Size and shape"
_PRINTING: Final = "Printing"
_FILES: Final = "Files"


def _number(
    name: str, about: str, quantity: Quantity, example: str, group: str, *others: str, more: str = ""
) -> FieldInfo:
    examples = tuple(f"{name}:{text}" for text in (example, more) if text)
    return FieldInfo(name, "number", about, examples, group, others, quantity)


_ALL_FIELDS: Final = (
    FieldInfo("tag", "name", "Has this tag", ("tag:fantasy", 'tag:"low poly"', "tag:dra*"), _WORDS, ("tags",)),
    FieldInfo("creator", "name", "Creator’s name, or part of it", ("creator:fates",), _WORDS, ("by",)),
    FieldInfo("collection", "name", "In this collection or below it", ("collection:tabletop",), _WORDS, ("in_collection",)),
    FieldInfo("library", "name", "In this library", ("library:workshop",), _WORDS),
    FieldInfo("licence", "name", "Licence, or its beginning", ("licence:CC-BY", "licence:none"), _WORDS, ("license",)),
    FieldInfo("path", "name", "Words of the model’s path or a file’s name, side by side", ("path:downloads",), _WORDS),
    FieldInfo(
        "has", "word", "Has a file of this type, or such a thing", ("has:3mf", "has:picture", "-has:notes"), _FILES,
        ("ext", "type"), words=THINGS,
    ),
    FieldInfo("in", "word", "Lies in an archive", ("in:zip",), _FILES, words=ARCHIVES),
    FieldInfo("problem", "word", "Has a problem of this kind", ("problem:any", "problem:not_watertight"), _FILES, ("problems",)),
    FieldInfo("hash", "name", "SHA-256 of a file, or its first eight digits or more", ("hash:9f86d081",), _FILES, ("sha256",)),
    FieldInfo("added", "days", "When it was found", ("added:7d", "added:>=2026-01", "added:2025"), _FILES, ("date",)),
    _number("files", "How many files", units.COUNT, ">10", _FILES),
    _number("bytes", "Space on the disk", units.BYTES, ">100MB", _FILES),
    _number("size", "Longest side of the model", units.LENGTH, "<100mm", _SIZES, more="50..80mm"),
    _number("x", "Width of a file", units.LENGTH, "<=22cm", _SIZES, "width"),
    _number("y", "Depth of a file", units.LENGTH, "<8in", _SIZES, "depth"),
    _number("z", "Height of a file", units.LENGTH, ">30", _SIZES, "height"),
    FieldInfo(
        "fits", "box", "Every mesh fits your printer, a printer or a room, turned by right angles",
        ("fits:mine", 'fits:"Prusa MK4"', "fits:220x220x250"), _SIZES,
    ),
    _number("volume", "Volume of a file", units.VOLUME, ">5cm3", _SIZES, more="10..20ml"),
    _number("area", "Surface of a file", units.AREA, ">50cm2", _SIZES),
    _number("triangles", "Triangles of a file", units.COUNT, "<1M", _SIZES),
    _number("bodies", "Separate bodies of a file", units.COUNT, "1", _SIZES),
    _number("holes", "Holes in the surface of a file", units.COUNT, ">0", _SIZES),
    FieldInfo("watertight", "flag", "Every mesh is closed", ("watertight:yes", "watertight:no"), _SIZES),
    _number("overhang", "Steep part of a file’s surface", units.PERCENT, "<10%", _PRINTING),
    _number("grams", "Filament of a file, sliced or estimated", units.MASS, "<50g", _PRINTING),
    _number("resin", "Resin of a file, sliced or estimated", units.VOLUME, "<30ml", _PRINTING),
    _number("layer", "Layer height of a sliced file", units.LENGTH, "0.2mm", _PRINTING, "layer_height"),
    _number("time", "Print time of a sliced file", units.TIME, "<2h", _PRINTING),
    FieldInfo("material", "name", "Material of a sliced file", ("material:PETG",), _PRINTING),
    FieldInfo("printer", "name", "Printer of a sliced file", ('printer:"MK4"',), _PRINTING),
    FieldInfo("slicer", "name", "Slicer of a sliced file", ("slicer:orca",), _PRINTING),
    FieldInfo("sensitive", "flag", "Marked as sensitive", ("sensitive:no",), _WORDS),
    FieldInfo("favourite", "flag", "One of your favourites", ("favourite:yes",), _WORDS, ("favorite", "fav")),
    _number("rating", "Your rating, from 1 to 5", units.COUNT, ">=4", _WORDS),
)  # fmt: skip

FIELDS: Final = {info.name: info for info in _ALL_FIELDS}
GROUPS: Final = (_WORDS, _SIZES, _PRINTING, _FILES)
_BY_ANY_NAME: Final = FIELDS | {other: info for info in _ALL_FIELDS for other in info.others}


def field_of(written: str) -> FieldInfo | None:
    """The field that is called so, whatever the case; None where there is none.

    >>> field_of("License").name, field_of("author")
    ('licence', None)
    """
    return _BY_ANY_NAME.get(written.lower())


def names() -> list[str]:
    """Every name that a field may be called by."""
    return list(_BY_ANY_NAME)
