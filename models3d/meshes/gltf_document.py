"""The document of a glTF 2.0 file: its JSON, its buffers, and arrays out of them. Nothing else is opened.

https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html
"""

import base64
import binascii
import json
import struct
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models3d.meshes.arrays import Float64, Int64
from models3d.meshes.errors import Damaged, NotThisFormat, TooComplex, Truncated, Unsupported
from models3d.meshes.reading import Source
from models3d.meshes.signatures import name_of_content

_MOST_JSON_BYTES: Final = 64 << 20
_TYPE_OF_COMPONENT: Final = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTH_OF_TYPE: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_DRACO: Final = "KHR_draco_mesh_compression"
_KNOWN_EXTENSIONS: Final = (_DRACO, "KHR_mesh_quantization", "KHR_texture_transform", "KHR_texture_basisu")


class Document:
    """Access to a parsed file by index; wrong indices and sizes raise Damaged."""

    def __init__(self, content: dict[str, Any], binary: bytes | None) -> None:
        self.content = content
        self._binary = binary
        self._buffers: dict[int, bytes] = {}
        version = str(self.entry("asset").get("version", ""))
        if not version.startswith("2."):
            raise Unsupported(f'This glTF file is of version "{version[:20]}"; only version 2 is read.')
        for name in content.get("extensionsRequired", []):
            if name not in _KNOWN_EXTENSIONS and "mesh" in str(name):
                raise Unsupported(
                    f"The glTF file needs {str(name)[:60]}, which is not read. Export it without."
                )

    def entry(self, name: str) -> dict[str, Any]:
        """A member of the document that is an object."""
        value = self.content.get(name)
        if not isinstance(value, dict):
            raise Damaged(f'The glTF file lacks its "{name}". Export it again from its source.')
        return value

    def item(self, name: str, index: object) -> dict[str, Any]:
        """One object of a list of the document."""
        items = self.content.get(name, [])
        if not isinstance(index, int) or not isinstance(items, list) or not 0 <= index < len(items):
            raise Damaged(f"The glTF file refers to something in its {name} that is not there.")
        if not isinstance(items[index], dict):
            raise Damaged(f"The glTF file has an entry in its {name} that means nothing.")
        item: dict[str, Any] = items[index]
        return item

    def positions(self, primitive: dict[str, Any]) -> Float64:
        """(n, 3) vertex coordinates of a primitive without Draco."""
        return self._accessor(primitive.get("attributes", {}).get("POSITION"), width=3)

    def indices(self, primitive: dict[str, Any], vertex_count: int) -> Int64:
        """Vertex numbers of a primitive, as they are or, if it has none, in order."""
        if "indices" not in primitive:
            return np.arange(vertex_count)
        return self._accessor(primitive["indices"], width=1).reshape(-1).astype(np.int64)

    def vertex_colors(self, primitive: dict[str, Any]) -> Float64 | None:
        """(n, 3) linear colors of the vertices of a primitive without Draco, if they have any."""
        index = primitive.get("attributes", {}).get("COLOR_0")
        if index is None:
            return None
        has_alpha = self.item("accessors", index).get("type") == "VEC4"
        return self._accessor(index, width=4 if has_alpha else 3)[:, :3]

    def base_color(self, primitive: dict[str, Any]) -> Float64 | None:
        """(3,) linear color of the material of a primitive, if it says one; what it has as a picture is not read."""
        if "material" not in primitive:
            return None
        material = self.item("materials", primitive["material"])
        factor = material.get("pbrMetallicRoughness", {}).get("baseColorFactor")
        if not isinstance(factor, list) or len(factor) != 4:
            return None
        return np.array(factor[:3], np.float64)

    def draco_of(self, primitive: dict[str, Any]) -> bytes | None:
        """The Draco buffer of a primitive that has one."""
        extension = primitive.get("extensions", {}).get(_DRACO)
        return self._view(extension.get("bufferView")) if isinstance(extension, dict) else None

    def _accessor(self, index: object, *, width: int) -> Float64:
        accessor = self.item("accessors", index)
        if "sparse" in accessor:
            raise Unsupported("The glTF file has sparse accessors, which are not read. Export it without.")
        component = _TYPE_OF_COMPONENT.get(accessor.get("componentType", 0))
        if component is None or _WIDTH_OF_TYPE.get(accessor.get("type", "")) != width:
            raise Damaged("The glTF file has an accessor of a wrong type. Export it again from its source.")
        view = self.item("bufferViews", accessor.get("bufferView"))
        data = self._view(accessor.get("bufferView"))
        dtype = np.dtype(component)
        count, offset = _size(accessor, "count"), _size(accessor, "byteOffset")
        stride = _size(view, "byteStride") or width * dtype.itemsize
        if stride < width * dtype.itemsize:
            raise Damaged("The glTF file has rows that overlap. Export it again from its source.")
        reach = stride * (count - 1) + width * dtype.itemsize if count else 0
        if offset + reach > len(data):
            raise Damaged("The glTF file has an accessor that reaches past the end of its buffer.")
        raw: npt.NDArray[Any] = np.ndarray((count, width), dtype, data, offset, (stride, dtype.itemsize))
        values = raw.astype(np.float64)
        if accessor.get("normalized") and dtype.kind in "iu":
            values = np.maximum(values / np.iinfo(dtype).max, -1.0)
        return values

    def _view(self, index: object) -> bytes:
        view = self.item("bufferViews", index)
        if any("meshopt" in name for name in view.get("extensions", {})):
            raise Unsupported(
                "The glTF file is compressed by meshopt, which is not read. Export it with Draco."
            )
        buffer = self._buffer(view.get("buffer"))
        start, size = _size(view, "byteOffset"), _size(view, "byteLength")
        if start + size > len(buffer):
            raise Damaged(
                "The glTF file is shorter than its parts: a view reaches past the end of its buffer."
            )
        return buffer[start : start + size]

    def _buffer(self, index: object) -> bytes:
        buffer = self.item("buffers", index)
        number = int(str(index))
        if number not in self._buffers:
            self._buffers[number] = self._load_buffer(number, buffer.get("uri"))
        return self._buffers[number]

    def _load_buffer(self, number: int, uri: object) -> bytes:
        if uri is None:
            if number == 0 and self._binary is not None:
                return self._binary
            raise Damaged("The glTF file has a buffer without content. Export it again from its source.")
        header, comma, data = str(uri).partition(",")
        if not header.startswith("data:") or not comma:
            raise Unsupported(
                f'The geometry is in another file ("{str(uri)[:80]}"), which is not opened. '
                "Export the model as GLB, which is one file."
            )
        try:
            return base64.b64decode(data, validate=True)
        except binascii.Error as error:
            raise Damaged("The data inside the glTF file is damaged. Export it again.") from error


def _size(container: dict[str, Any], name: str) -> int:
    value = container.get(name, 0)
    if not isinstance(value, int) or value < 0:
        raise Damaged(f'The glTF file has a "{name}" that is no size. Export it again from its source.')
    return value


def parse_gltf(source: Source) -> Document:
    """A .gltf file, whose buffers must be inside it."""
    if source.size_bytes > 8 * _MOST_JSON_BYTES:
        raise TooComplex(
            f"The glTF file is too large as text: {source.size_bytes >> 20:,} MB. Export it as GLB."
        )
    return Document(_parse_json(source.file.read()), None)


def parse_glb(source: Source) -> Document:
    """A .glb file; its lengths are believed only as far as there are bytes."""
    head = source.head(20)
    if head[:4] != b"glTF":
        other = name_of_content(source.head(64))
        raise NotThisFormat(f"This is not a GLB file, but {other}." if other else "This is not a GLB file.")
    if len(head) < 20:
        raise Truncated("The file ends early: its header is not whole. Download, copy or export it again.")
    version, length, json_length = struct.unpack_from("<III", head, 4)
    if version != 2:
        raise Unsupported(f"This GLB file is of version {version}; only version 2 is read.")
    if length > source.size_bytes or json_length > length - 20:
        raise Truncated(
            f"The file ends early: it announces {max(length, json_length):,} bytes, but has "
            f"{source.size_bytes:,}. Download, copy or export it again."
        )
    if json_length > _MOST_JSON_BYTES:
        raise TooComplex(f"The description inside the GLB file is too large: {json_length >> 20:,} MB.")
    source.file.seek(20)
    content = _parse_json(source.file.read(json_length))
    chunk = source.file.read(8)
    binary = None
    if len(chunk) == 8:
        binary_length, kind = struct.unpack("<I4s", chunk)
        binary = source.file.read(min(binary_length, source.size_bytes)) if kind == b"BIN\0" else None
    return Document(content, binary)


def _parse_json(text: bytes) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Damaged("The description inside the glTF file is damaged. Export it again.") from error
    if not isinstance(content, dict):
        raise NotThisFormat("This is not a glTF file.")
    return content
