"""AMF (ISO/ASTM 52915), plain or zipped: meshes and where constellations put them; colors and curved edges are left out."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

import numpy as np

from models3d.meshes.arrays import Float32, Float64
from models3d.meshes.errors import Damaged, NotThisFormat, TooComplex, Truncated
from models3d.meshes.reading import Part, Source, iter_triangles_of
from models3d.meshes.safe_xml import safe_parser
from models3d.meshes.signatures import name_of_content
from models3d.meshes.zipped import Zipped

_MM_PER_UNIT: Final = {"millimeter": 1.0, "inch": 25.4, "feet": 304.8, "meter": 1000.0, "micron": 0.001}
_MOST_DEPTH: Final = 50
_PIECE_BYTES: Final = 1 << 18
_FREE_EXPANSION_BYTES: Final = 64 << 20
_NUMBERS: Final = frozenset({"x", "y", "z", "v1", "v2", "v3", "deltax", "deltay", "deltaz", "rx", "ry", "rz"})
_ENDS_EARLY: Final = frozenset(
    expat.errors.codes[message]
    for message in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)
)


@dataclass(slots=True)
class _Object:
    """An object with its mesh; coordinates and corners one after the other."""

    coordinates: "array[float]" = field(default_factory=lambda: array("d"))
    corners: "array[int]" = field(default_factory=lambda: array("q"))


@dataclass(slots=True)
class _Instance:
    """A use of an object or constellation: moved by millimeters or whatever the unit is, turned by degrees."""

    of: str
    placing: dict[str, float] = field(default_factory=dict)

    def transform(self) -> Float64:
        """The (4, 4) matrix: turned about x, then y, then z, then moved."""
        matrix = np.eye(4)
        for axis, name in enumerate(("rx", "ry", "rz")):
            matrix = _turn(axis, self.placing.get(name, 0.0)) @ matrix
        matrix[:3, 3] = [self.placing.get(name, 0.0) for name in ("deltax", "deltay", "deltaz")]
        return matrix


def read_amf(source: Source) -> Iterator[Float32]:
    """Yield the triangles of every object where it is used, in the unit of the file, which `source` is told."""
    document = _parse(_pieces_of(source), source)
    source.mm_per_unit = document.mm_per_unit
    total = 0
    for object_id, transform in _iter_uses(document, source):
        part = document.objects[object_id]
        count = len(part.corners) // 3
        source.limits.check_triangles(total + count)
        vertices = np.array(part.coordinates, np.float64).reshape(-1, 3)
        placed = vertices @ transform[:3, :3].T + transform[:3, 3]
        yield from iter_triangles_of(placed, np.array(part.corners, np.int64).reshape(-1, 3))
        source.parts.append(Part(f"Object {object_id}", total, count))
        total += count


def _pieces_of(source: Source) -> Iterator[bytes]:
    """The XML as it streams in, unpacked where it is zipped."""
    head = source.head(64)
    if not head.startswith(b"PK\x03\x04"):
        while piece := source.file.read(_PIECE_BYTES):
            yield piece
        return
    package = Zipped(source.file, format_name="an AMF file")
    name = next((name for name in package.names() if name.lower().endswith((".amf", ".xml"))), None)
    if name is None:
        raise NotThisFormat("This is a ZIP archive, but not an AMF file: there is none in it.")
    allowed = max(_FREE_EXPANSION_BYTES, source.size_bytes * source.limits.max_expansion_ratio)
    yield from package.iter_pieces(name, most_bytes=min(allowed, source.limits.max_expanded_bytes))


class _Document:
    """What the XML says, gathered while it is parsed."""

    def __init__(self, source: Source) -> None:
        self.mm_per_unit = 1.0
        self.objects: dict[str, _Object] = {}
        self.constellations: dict[str, list[_Instance]] = {}
        self._source = source
        self._object = _Object()
        self._instances: list[_Instance] = []
        self._numbers: dict[str, float] = {}
        self._text: list[str] | None = None
        self._is_first = True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        if self._is_first:
            self._is_first = False
            self._start_root(tag, attributes)
        if tag == "object":
            self._object = self.objects.setdefault(attributes.get("id", ""), _Object())
        elif tag == "constellation":
            self._instances = self.constellations.setdefault(attributes.get("id", ""), [])
        elif tag == "instance":
            self._instances.append(_Instance(attributes.get("objectid", "")))
            self._numbers = self._instances[-1].placing
            if len(self._instances) > self._source.limits.max_instances:
                raise TooComplex(
                    f"The AMF file has more than {self._source.limits.max_instances:,} instances."
                )
        elif tag in {"coordinates", "triangle"}:
            self._numbers = {}
        elif tag in _NUMBERS:
            self._text = []

    def _start_root(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "amf":
            raise NotThisFormat("This is not an AMF file, but an XML document of another kind.")
        unit = attributes.get("unit", "millimeter").lower()
        if unit not in _MM_PER_UNIT:
            self._source.warn("The unit of the AMF file is not known; millimeters were taken.")
        self.mm_per_unit = _MM_PER_UNIT.get(unit, 1.0)

    def text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(" ")[2]
        if tag in _NUMBERS and self._text is not None:
            self._numbers[tag] = float("".join(self._text))
            self._text = None
        elif tag == "coordinates":
            self._object.coordinates.extend(self._numbers[axis] for axis in ("x", "y", "z"))
        elif tag == "triangle":
            self._object.corners.extend(int(self._numbers[corner]) for corner in ("v1", "v2", "v3"))
            self._source.limits.check_triangles(len(self._object.corners) // 3)


def _parse(pieces: Iterable[bytes], source: Source) -> _Document:
    document = _Document(source)
    parser = safe_parser()
    parser.buffer_text = True
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    parser.CharacterDataHandler = document.text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _refusal(error, source) from error
    except (ValueError, OverflowError, KeyError) as error:
        raise Damaged(
            "A vertex or triangle of the AMF file is not made of numbers. Export it again from its source."
        ) from error
    return document


def _refusal(error: expat.ExpatError, source: Source) -> Damaged | NotThisFormat | Truncated:
    head = source.head(512)
    if not head.startswith(b"PK") and b"<" not in head:
        real = name_of_content(head)
        return NotThisFormat("This is not an AMF file" + (f", but {real}." if real else "."))
    if error.code in _ENDS_EARLY:
        return Truncated(f"The file ends early, at line {error.lineno:,}. Download, copy or export it again.")
    return Damaged(
        f"The XML of the AMF file is damaged at line {error.lineno:,} ({expat.ErrorString(error.code)}). "
        "Export the file again from its source."
    )


def _iter_uses(document: _Document, source: Source) -> Iterator[tuple[str, Float64]]:
    """Every object with its place: by the constellations that no other one uses, and as it is if none has it."""
    used = {instance.of for instances in document.constellations.values() for instance in instances}
    waiting = [(object_id, np.eye(4), 0) for object_id in [*document.objects, *document.constellations]]
    waiting = [use for use in waiting if use[0] not in used]
    if not waiting and document.constellations:
        raise Damaged("Every constellation of the AMF file is part of another one. Export it again.")
    count = 0
    while waiting:
        of, outer, depth = waiting.pop(0)
        count += 1
        if depth > _MOST_DEPTH:
            raise Damaged("A constellation of the AMF file contains itself. Export it again from its source.")
        if count > source.limits.max_instances:
            raise TooComplex(f"The AMF file has more than {source.limits.max_instances:,} instances.")
        if of in document.objects:
            yield of, outer
        elif of not in document.constellations:
            raise Damaged(f"The AMF file uses an object “{of[:40]}” that is not in it. Export it again.")
        else:
            inner = document.constellations[of]
            if len(inner) + count + len(waiting) > source.limits.max_instances:
                raise TooComplex(f"The AMF file has more than {source.limits.max_instances:,} instances.")
            waiting += [(instance.of, outer @ instance.transform(), depth + 1) for instance in inner]


def _turn(axis: int, degrees: float) -> Float64:
    """A turn about one axis by the right-hand rule."""
    angle = np.radians(degrees)
    matrix = np.eye(4)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    matrix[first, first] = matrix[second, second] = np.cos(angle)
    matrix[second, first] = np.sin(angle)
    matrix[first, second] = -matrix[second, first]
    return matrix
