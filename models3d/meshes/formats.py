"""The table of readable formats: extension to reader, axes and units.

Importing this module loads no numpy: readers are imported when the first file of their format is opened.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from models3d.meshes.errors import Unsupported

if TYPE_CHECKING:
    from models3d.meshes.arrays import Float32
    from models3d.meshes.reading import Source

    Reader: TypeAlias = Callable[[Source], Iterator[Float32]]

UpAxis = Literal["y", "z"]


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one format are read. `reader` is "module:function" in this package.

    Where the format has no unit (`has_unit`), numbers are taken as millimeters.
    """

    name: str
    reader: str
    up_axis: UpAxis = "z"
    mm_per_unit: float = 1.0
    has_unit: bool = True

    def load_reader(self) -> "Reader":
        """The reader function; imports its module."""
        module, function = self.reader.split(":")
        reader: Reader = getattr(import_module(f"models3d.meshes.{module}"), function)
        return reader


FORMATS: Final[dict[str, Format]] = {
    "stl": Format("STL", "stl:read_stl", has_unit=False),
    "3mf": Format("3MF", "threemf:read_3mf"),
    "obj": Format("OBJ", "obj:read_obj", has_unit=False),
    "ply": Format("PLY", "ply:read_ply", has_unit=False),
    "off": Format("OFF", "off:read_off", has_unit=False),
    "glb": Format("GLB", "gltf:read_glb", up_axis="y", mm_per_unit=1000.0),
    "gltf": Format("glTF", "gltf:read_gltf", up_axis="y", mm_per_unit=1000.0),
    "amf": Format("AMF", "amf:read_amf"),
    "dae": Format("COLLADA", "collada:read_collada", up_axis="y"),
    "3ds": Format("3DS", "studio:read_3ds", has_unit=False),
    "step": Format("STEP", "cad:read_step", mm_per_unit=1000.0),
    "stp": Format("STEP", "cad:read_step", mm_per_unit=1000.0),
    "iges": Format("IGES", "cad:read_iges"),
    "igs": Format("IGES", "cad:read_iges"),
}


def is_readable(extension: str) -> bool:
    """Whether geometry can be read from files with this extension (lower case, no dot).

    >>> is_readable("stl"), is_readable("fbx")
    (True, False)
    """
    return extension in FORMATS


def format_of(extension: str) -> Format:
    """The format of an extension (lower case, no dot); raises Unsupported with a sentence."""
    try:
        return FORMATS[extension]
    except KeyError:
        readable = ", ".join(dict.fromkeys(format.name for format in FORMATS.values()))
        raise Unsupported(
            f"Layershelf keeps {extension.upper() or 'such'} files, but cannot read their geometry. "
            f"It reads {readable}: export the model in one of these to see and measure it."
        ) from None
