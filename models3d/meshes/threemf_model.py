"""One model part of a 3MF, from XML to objects, components and build items.

https://github.com/3MFConsortium/spec_core, with the paths of the production extension.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

import numpy as np

from models3d.meshes.arrays import Float64, Int64, UInt8
from models3d.meshes.errors import Damaged
from models3d.meshes.reading import Source
from models3d.meshes.safe_xml import safe_parser
from models3d.meshes.threemf_colors import Palettes

_MM_PER_UNIT: Final = {
    "micron": 0.001,
    "millimeter": 1.0,
    "centimeter": 10.0,
    "inch": 25.4,
    "foot": 304.8,
    "meter": 1000.0,
}
_KNOWN_NAMESPACES: Final = ("http://schemas.microsoft.com/3dmanufacturing/", "http://schemas.bambulab.com/")


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of an object, in a build or inside another object. An empty path means the same part.

    `transform` is (4, 3): a point (x, y, z, 1) times it is the point in the place of use.
    """

    object_id: str
    path: str
    transform: Float64


@dataclass(slots=True)
class ObjectResource:
    """A mesh, or an assembly of references to other objects."""

    name: str = ""
    vertices: Float64 = field(default_factory=lambda: np.empty((0, 3)))
    faces: Int64 = field(default_factory=lambda: np.empty((0, 3), np.int64))
    colors: UInt8 | None = None  # (m, 3) sRGB of the faces, or (3,) of all
    components: list[Reference] = field(default_factory=list)


@dataclass(slots=True)
class ModelPart:
    """The content of one .model file."""

    mm_per_unit: float = 1.0
    objects: dict[str, ObjectResource] = field(default_factory=dict)
    items: list[Reference] = field(default_factory=list)


def parse_model(pieces: Iterable[bytes], source: Source) -> ModelPart:
    """Parse the XML of a model part as it streams in; raises Damaged and TooComplex."""
    builder = _Builder(source)
    parser = safe_parser()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.StartNamespaceDeclHandler = builder.declare_namespace
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Damaged(
            f"The XML inside the 3MF is damaged at line {error.lineno:,} "
            f"({expat.ErrorString(error.code)}). Export the file again from its source."
        ) from error
    except (ValueError, OverflowError) as error:
        raise Damaged(
            f"A number inside the 3MF is not one, at line {parser.CurrentLineNumber:,}. "
            "Export the file again from its source."
        ) from error
    return builder.model


class _Builder:
    """Collects what the parser meets. Vertices and triangles come by the million: they have the short path."""

    def __init__(self, source: Source) -> None:
        self.model = ModelPart()
        self._source = source
        self._object: ObjectResource | None = None
        self._vertices = array("d")
        self._triangles = array("q")
        self._palettes = Palettes()
        self._namespace_of: dict[str, str] = {}
        self._handlers: dict[str, Callable[[dict[str, str]], None]] = {
            "model": self._start_model,
            "object": self._start_object,
            "component": self._start_component,
            "item": self._start_item,
            "basematerials": self._palettes.start_group,
            "colorgroup": self._palettes.start_group,
            "base": self._palettes.add_color,
            "color": self._palettes.add_color,
        }

    def declare_namespace(self, prefix: str | None, uri: str) -> None:
        self._namespace_of[prefix or ""] = uri

    def start(self, name: str, values: list[str]) -> None:
        local = name[name.rfind(" ") + 1 :]
        if local == "triangle":
            if values[0:5:2] != ["v1", "v2", "v3"]:
                values = _ordered(values, ("v1", "v2", "v3"))
            if len(values) > 6:
                self._palettes.paint(len(self._triangles) // 3, values)
            self._triangles.extend((int(values[1]), int(values[3]), int(values[5])))
        elif local == "vertex":
            if values[0:5:2] != ["x", "y", "z"]:
                values = _ordered(values, ("x", "y", "z"))
            self._vertices.extend((float(values[1]), float(values[3]), float(values[5])))
        elif local in self._handlers:
            attributes = {
                key[key.rfind(" ") + 1 :]: value for key, value in zip(values[::2], values[1::2], strict=True)
            }
            self._handlers[local](attributes)

    def end(self, name: str) -> None:
        if name.endswith(" object") and self._object is not None:
            self._source.limits.check_triangles(len(self._triangles) // 3)
            self._object.vertices = np.array(self._vertices).reshape(-1, 3)
            self._object.faces = np.array(self._triangles, np.int64).reshape(-1, 3)
            self._check(self._object)
            self._object.colors = self._palettes.colors_of(len(self._object.faces))
            self._vertices, self._triangles, self._object = array("d"), array("q"), None

    def _check(self, resource: ObjectResource) -> None:
        if not np.isfinite(resource.vertices).all():
            raise Damaged("A vertex inside the 3MF is not a finite number. Export it again from its source.")
        faces = resource.faces
        if len(faces) and (faces.min() < 0 or faces.max() >= len(resource.vertices)):
            raise Damaged(
                f"A triangle inside the 3MF refers to a vertex that is not there "
                f"(there are {len(resource.vertices):,}). Export the file again from its source."
            )

    def _start_model(self, attributes: dict[str, str]) -> None:
        unit = attributes.get("unit", "millimeter")
        if unit not in _MM_PER_UNIT:
            self._source.warn(f'The 3MF is in an unknown unit ("{unit[:40]}"); millimeters were assumed.')
        self.model.mm_per_unit = _MM_PER_UNIT.get(unit, 1.0)
        for prefix in attributes.get("requiredextensions", "").split():
            if not self._namespace_of.get(prefix, "").startswith(_KNOWN_NAMESPACES):
                self._source.warn(
                    f'The 3MF needs an extension that is not known here ("{prefix[:40]}"); '
                    "what is shown may not be all of it."
                )

    def _start_object(self, attributes: dict[str, str]) -> None:
        self._object = ObjectResource(name=attributes.get("name", "")[:200])
        self.model.objects[attributes.get("id", "")] = self._object
        self._palettes.start_object(attributes)

    def _start_component(self, attributes: dict[str, str]) -> None:
        if self._object is not None:
            self._object.components.append(_reference(attributes))
            if len(self._object.components) > self._source.limits.max_instances:
                raise Damaged("An object inside the 3MF has an absurd number of components.")

    def _start_item(self, attributes: dict[str, str]) -> None:
        if attributes.get("printable", "1") != "0":
            self.model.items.append(_reference(attributes))


def _ordered(values: list[str], names: tuple[str, str, str]) -> list[str]:
    """Attributes as a flat list of names and values, those of `names` first and in their order."""
    attributes = dict(zip(values[::2], values[1::2], strict=True))
    if not all(name in attributes for name in names):
        raise Damaged(
            f"A vertex or triangle inside the 3MF lacks one of {', '.join(names)}. "
            "Export the file again from its source."
        )
    first = [text for name in names for text in (name, attributes.pop(name))]
    return first + [text for pair in attributes.items() for text in pair]


def _reference(attributes: dict[str, str]) -> Reference:
    return Reference(
        attributes.get("objectid", ""), attributes.get("path", ""), _transform(attributes.get("transform"))
    )


def _transform(text: str | None) -> Float64:
    if not text:
        return np.eye(4, 3)
    numbers = [float(word) for word in text.split()]
    if len(numbers) != 12 or not np.isfinite(numbers).all():
        raise Damaged(
            f"A transform inside the 3MF has {len(numbers)} usable numbers, where there should be 12. "
            "Export the file again from its source."
        )
    return np.array(numbers).reshape(4, 3)
