"""PLY, the Stanford polygon format: text, and binary of either byte order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from models3d.meshes.arrays import Float32, Int64
from models3d.meshes.errors import Damaged, NoGeometry, NotThisFormat, Unsupported
from models3d.meshes.painting import mean_of_corners
from models3d.meshes.ply_binary import iter_polygon_triangles, read_points, skip_rows
from models3d.meshes.reading import Paint, Source, iter_triangles_of
from models3d.meshes.rows import CORNERS, LIST, SCALAR, RowReader
from models3d.meshes.signatures import name_of_content

_MOST_HEADER_BYTES: Final = 1 << 16
_MOST_DIGITS: Final = 12
_CODE_OF_TYPE: Final = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1",
    "short": "i2", "int16": "i2", "ushort": "u2", "uint16": "u2",
    "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4",
    "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
_COLORS: Final = ("red", "green", "blue")
_CORNER_LISTS: Final = ("vertex_indices", "vertex_index")


@dataclass(frozen=True, slots=True)
class Property:
    """A column: a scalar of type code `code`, or a list with a count of type `count_code`."""

    name: str
    code: str
    count_code: str = ""


@dataclass(slots=True)
class Element:
    """A table of the file."""

    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    @property
    def has_lists(self) -> bool:
        return any(one.count_code for one in self.properties)

    def kinds(self) -> list[int]:
        """The kinds of its columns, as models3d.meshes.rows has them."""
        return [
            SCALAR if not one.count_code else (CORNERS if one.name in _CORNER_LISTS else LIST)
            for one in self.properties
        ]


@dataclass(slots=True)
class _Header:
    byte_order: str = ""  # "" is text
    elements: list[Element] = field(default_factory=list)
    size_bytes: int = 0


def read_ply(source: Source) -> Iterator[Float32]:
    """Yield the triangles of a PLY file, with the colors of its vertices; polygons are cut into fans."""
    header = _read_header(source)
    names = [element.name for element in header.elements]
    faces_at = names.index("face") if "face" in names else -1
    if "tristrips" in names and faces_at < 0:
        raise Unsupported(
            "The triangles of this PLY file are in strips, which are not read. Save it otherwise."
        )
    if "vertex" not in names:
        raise Damaged("The PLY file announces no vertices. Export it again from its source.")
    if faces_at < 0 or header.elements[faces_at].count == 0:
        count = header.elements[names.index("vertex")].count
        raise NoGeometry(f"The file is a cloud of {count:,} points, with no surface between them.")
    if faces_at < names.index("vertex"):
        raise Unsupported("This PLY file lists its faces before its vertices, which is not read.")
    if CORNERS not in header.elements[faces_at].kinds():
        raise Damaged("The faces of the PLY file name no vertices. Export it again from its source.")
    read = _read_binary if header.byte_order else _read_text
    vertices, faces = read(source, header, faces_at)
    source.expected_triangles = len(faces)
    yield from iter_triangles_of(vertices[:, :3], faces)
    if vertices.shape[1] > 3:
        vertex = header.elements[names.index("vertex")]
        scale = 255.0 if vertex.properties[_columns(vertex)[3]].code.startswith("f") else 1.0
        colors = np.clip(np.nan_to_num(vertices[:, 3:] * scale), 0, 255).astype(np.uint8)
        source.paints.append(Paint(0, len(faces), mean_of_corners(colors, faces)))


def _read_text(source: Source, header: _Header, faces_at: int) -> tuple[Float32, Int64]:
    rows = RowReader(source, skip_bytes=header.size_bytes)
    vertices = np.empty((0, 3), np.float32)
    for element in header.elements[:faces_at]:
        if element.name == "vertex":
            vertices = rows.points(element.count, _columns(element), what="vertices")
        else:
            rows.skip(element.count)
    faces = header.elements[faces_at]
    return vertices, rows.polygons(faces.count, faces.kinds(), what="faces")


def _read_binary(source: Source, header: _Header, faces_at: int) -> tuple[Float32, Int64]:
    source.file.seek(header.size_bytes)
    vertices = np.empty((0, 3), np.float32)
    for element in header.elements[:faces_at]:
        if element.has_lists:
            raise Unsupported("This PLY file has lists before its faces, which are not read.")
        row = np.dtype([(f"f{i}", header.byte_order + one.code) for i, one in enumerate(element.properties)])
        if element.name == "vertex":
            columns = [f"f{column}" for column in _columns(element)]
            vertices = read_points(source, row, columns, element.count)
        else:
            skip_rows(source, row.itemsize * element.count)
    faces = header.elements[faces_at]
    corner_code = next(one.code for one in faces.properties if one.name in _CORNER_LISTS and one.count_code)
    if corner_code.startswith("f"):
        raise Damaged("The faces of the PLY file name their vertices by fractions, which cannot be.")
    columns_of_faces = [
        (one.code, one.count_code, kind) for one, kind in zip(faces.properties, faces.kinds(), strict=True)
    ]
    found = list(iter_polygon_triangles(source, columns_of_faces, faces.count, header.byte_order == ">"))
    return vertices, np.concatenate(found)


def _columns(vertex: Element) -> list[int]:
    """Where the coordinates stand, followed by red, green and blue if all of them are there."""
    names = [one.name for one in vertex.properties]
    if vertex.has_lists:
        raise Unsupported("The vertices of this PLY file have lists of values, which are not read.")
    try:
        columns = [names.index(axis) for axis in ("x", "y", "z")]
    except ValueError:
        raise Damaged("The vertices of the PLY file lack a coordinate. Export it again.") from None
    has_colors = all(color in names for color in _COLORS)
    return columns + [names.index(color) for color in _COLORS if has_colors]


def _read_header(source: Source) -> _Header:
    head = source.head(_MOST_HEADER_BYTES)
    if not head.startswith((b"ply\n", b"ply\r", b"ply ")):
        content = name_of_content(head)
        raise NotThisFormat(
            f"This is not a PLY file, but {content}." if content else "This is not a PLY file."
        )
    end = head.find(b"end_header")
    if end < 0:
        raise Damaged("The header of the PLY file does not end. Download or export the file again.")
    header = _Header()
    after = head[end + 10 : end + 12]
    header.size_bytes = end + 10 + (2 if after == b"\r\n" else 1)
    for line in head[:end].decode("ascii", "replace").splitlines()[1:]:
        _read_header_line(line.split(), header)
    return header


def _read_header_line(words: list[str], header: _Header) -> None:
    match words:
        case ["format", "ascii", *_]:
            header.byte_order = ""
        case ["format", "binary_little_endian", *_]:
            header.byte_order = "<"
        case ["format", "binary_big_endian", *_]:
            header.byte_order = ">"
        case ["element", name, count] if count.isdecimal() and len(count) <= _MOST_DIGITS:
            header.elements.append(Element(name, int(count)))
        case ["property", "list", count_type, item_type, name] if header.elements:
            header.elements[-1].properties.append(Property(name, _code(item_type), _code(count_type)))
        case ["property", type_name, name] if header.elements:
            header.elements[-1].properties.append(Property(name, _code(type_name)))
        case ["comment" | "obj_info", *_] | []:
            pass
        case _:
            line = " ".join(words)[:80]
            raise Damaged(f'The header of the PLY file has a line that means nothing: "{line}".')


def _code(type_name: str) -> str:
    if type_name not in _CODE_OF_TYPE:
        raise Damaged(f'The header of the PLY file names a type that there is not: "{type_name[:40]}".')
    return _CODE_OF_TYPE[type_name]
