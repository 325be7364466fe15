"""glTF 2.0, in one file as GLB or as JSON with embedded buffers."""

from collections.abc import Callable, Iterator
from typing import Any

import DracoPy
import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int64, UInt8
from models3d.meshes.errors import Damaged, TooComplex
from models3d.meshes.gltf_document import Document, parse_glb, parse_gltf
from models3d.meshes.painting import from_linear, mean_of_corners
from models3d.meshes.reading import Paint, Part, Source, iter_triangles_of

_TRIANGLES, _STRIP, _FAN = 4, 5, 6


def read_glb(source: Source) -> Iterator[Float32]:
    """Yield the triangles of the scene of a GLB file, in its meters and with y up."""
    yield from _guarded(parse_glb, source)


def read_gltf(source: Source) -> Iterator[Float32]:
    """The same for a .gltf file; geometry in other files is refused with their name."""
    yield from _guarded(parse_gltf, source)


def _guarded(parse: Callable[[Source], Document], source: Source) -> Iterator[Float32]:
    """JSON may hold a list or a number where any other thing is expected: all of that is damage."""
    try:
        yield from _iter_scene(parse(source), source)
    except (TypeError, AttributeError, ValueError, KeyError, IndexError, OverflowError) as error:
        raise Damaged("The glTF file contradicts itself. Export it again from its source.") from error


def _iter_scene(document: Document, source: Source) -> Iterator[Float32]:
    """Walk the nodes without recursion; skins and morphs stay in their rest position."""
    nodes = document.content.get("nodes", [])
    waiting = [(index, np.eye(4), 0) for index in reversed(_roots(document))]
    instances = total = 0
    while waiting:
        index, outer, depth = waiting.pop()
        node = document.item("nodes", index)
        instances += 1
        if depth > len(nodes):
            raise Damaged("A node of the glTF file contains itself. Export it again from its source.")
        if instances > source.limits.max_instances:
            raise TooComplex(
                f"The glTF file has more than {source.limits.max_instances:,} parts in its scene."
            )
        transform = outer @ _transform(node)
        if "mesh" in node:
            first = total
            mesh = document.item("meshes", node["mesh"])
            for vertices, faces, colors in _iter_primitives(document, mesh):
                source.limits.check_triangles(total + len(faces))
                if colors is not None:
                    source.paints.append(Paint(total, len(faces), colors))
                total += len(faces)
                placed = vertices @ transform[:3, :3].T + transform[:3, 3]
                mirrored = np.linalg.det(transform[:3, :3]) < 0
                yield from iter_triangles_of(placed, faces[:, ::-1] if mirrored else faces)
            name = str(node.get("name") or mesh.get("name") or f"Part {len(source.parts) + 1}")
            source.parts.append(Part(name[:200], first, total - first))
        for child in reversed(_list(node, "children")):
            waiting.append((child, transform, depth + 1))


def _roots(document: Document) -> list[Any]:
    scenes = document.content.get("scenes")
    if scenes:
        return _list(document.item("scenes", document.content.get("scene", 0)), "nodes")
    nodes = _list(document.content, "nodes")
    children = {child for node in nodes if isinstance(node, dict) for child in _list(node, "children")}
    return [index for index in range(len(nodes)) if index not in children]


def _list(container: dict[str, Any], name: str) -> list[Any]:
    value = container.get(name, [])
    if not isinstance(value, list):
        raise Damaged(f'The glTF file has a "{name}" that is no list. Export it again from its source.')
    return value


def _numbers(node: dict[str, Any], name: str, default: list[float]) -> Float64:
    try:
        numbers = np.array(node.get(name, default), np.float64)
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.shape != (len(default),) or not np.isfinite(numbers).all():
        raise Damaged(f'A node of the glTF file has a wrong "{name}". Export it again from its source.')
    return numbers


def _transform(node: dict[str, Any]) -> Float64:
    """The (4, 4) matrix of a node, for column vectors."""
    if "matrix" in node:
        return _numbers(node, "matrix", [0.0] * 16).reshape(4, 4).T
    x, y, z, w = _numbers(node, "rotation", [0.0, 0.0, 0.0, 1.0])
    matrix = np.eye(4)
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix[:3, :3] = turn * _numbers(node, "scale", [1.0, 1.0, 1.0])
    matrix[:3, 3] = _numbers(node, "translation", [0.0, 0.0, 0.0])
    return matrix


def _iter_primitives(
    document: Document, mesh: dict[str, Any]
) -> Iterator[tuple[Float64, Int64, UInt8 | None]]:
    """Vertices, triangles and their colors, if any, of the primitives of a mesh; points and lines are left out."""
    for primitive in _list(mesh, "primitives"):
        if not isinstance(primitive, dict):
            raise Damaged("A mesh of the glTF file has a primitive that means nothing. Export it again.")
        mode = primitive.get("mode", _TRIANGLES)
        if mode not in (_TRIANGLES, _STRIP, _FAN):
            continue
        draco = document.draco_of(primitive)
        if draco is not None:
            vertices, faces, at_vertices = _decompressed(draco)
        else:
            vertices = document.positions(primitive)
            faces = _triangles(document.indices(primitive, len(vertices)), mode)
            at_vertices = document.vertex_colors(primitive)
        yield vertices, faces, _colors(document.base_color(primitive), at_vertices, vertices, faces)


def _colors(
    base: Float64 | None, at_vertices: Float64 | None, vertices: Float64, faces: Int64
) -> UInt8 | None:
    """Colors of faces, or one for all of them, out of linear values of the material and at vertices."""
    if at_vertices is None or len(at_vertices) != len(vertices):
        return None if base is None else from_linear(base)
    if len(faces) and not 0 <= faces.min() <= faces.max() < len(vertices):
        return None  # whoever uses the vertices will tell
    colors = at_vertices if base is None else at_vertices * base
    return mean_of_corners(from_linear(colors), faces)


def _decompressed(draco: bytes) -> tuple[Float64, Int64, Float64 | None]:
    """Vertices, triangles and linear colors of the vertices, where there are any."""
    try:
        mesh = DracoPy.decode(draco)
        faces = np.asarray(mesh.faces, np.int64).reshape(-1, 3)
        colors = None if mesh.colors is None else mesh.colors[:, :3].astype(np.float64) / 255
        return mesh.points.astype(np.float64), faces, colors
    except (DracoPy.FileTypeException, ValueError, AttributeError, TypeError) as error:
        raise Damaged("The compressed geometry inside the glTF file is damaged. Export it again.") from error


def _triangles(indices: Int64, mode: int) -> Int64:
    if mode == _TRIANGLES:
        return indices[: len(indices) // 3 * 3].reshape(-1, 3)
    count = max(0, len(indices) - 2)
    faces = np.stack([indices[:count], indices[1 : count + 1], indices[2 : count + 2]], axis=1)
    if mode == _FAN:
        faces[:, 0] = indices[0] if count else 0
    else:
        faces[1::2] = faces[1::2, ::-1]
    return faces
