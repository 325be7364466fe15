"""COLLADA (.dae): the meshes of its scene, where its nodes put them. Materials, skins and animations are left out.

https://www.khronos.org/files/collada_spec_1_4.pdf
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from models3d.meshes.arrays import Float32, Float64, Int64
from models3d.meshes.errors import Damaged, TooComplex
from models3d.meshes.reading import Part, Source, iter_triangles_of
from models3d.meshes.xml_tree import Element, parse_tree

_SURFACES: Final = ("triangles", "polylist", "polygons")
_CONTRADICTS: Final = "The COLLADA file contradicts itself. Export it again from its source."


def read_collada(source: Source) -> Iterator[Float32]:
    """Yield the triangles of the scene, or of all geometries if there is none, in the unit that `source` is told."""
    try:
        yield from _iter_scene(parse_tree(source, format_name="COLLADA", root="COLLADA"), source)
    except (ValueError, OverflowError, IndexError) as error:
        raise Damaged(_CONTRADICTS) from error


def _iter_scene(root: Element, source: Source) -> Iterator[Float32]:
    unit, up = root.first("asset", "unit"), root.first("asset", "up_axis")
    meters = float(unit.attributes.get("meter", "1")) if unit else 1.0
    if not 1e-9 < meters < 1e9:
        raise Damaged("The COLLADA file has an absurd unit. Export it again from its source.")
    source.mm_per_unit = 1000.0 * meters
    source.up_axis = "z" if up and up.text.strip() == "Z_UP" else "y"
    meshes = {
        geometry.attributes.get("id", ""): geometry
        for library in root.all("library_geometries")
        for geometry in library.all("geometry")
    }
    total = 0
    for geometry_id, name, transform in _iter_placed(root, source, list(meshes)):
        geometry = meshes.get(geometry_id)
        if geometry is None:
            continue  # a spline, or in another file
        first = total
        for vertices, faces in _iter_surfaces(geometry):
            total += len(faces)
            source.limits.check_triangles(total)
            is_mirrored = np.linalg.det(transform[:3, :3]) < 0
            placed = vertices @ transform[:3, :3].T + transform[:3, 3]
            yield from iter_triangles_of(placed, faces[:, ::-1] if is_mirrored else faces)
        source.parts.append(
            Part((name or geometry.attributes.get("name", "Part"))[:200], first, total - first)
        )


def _iter_placed(root: Element, source: Source, all_ids: list[str]) -> Iterator[tuple[str, str, Float64]]:
    """Geometries by their ids, with the names of their nodes and where they are."""
    nodes: dict[str, Element] = {}
    waiting = [
        child for library in root.children if library.tag.startswith("library_") for child in library.children
    ]
    while waiting:
        element = waiting.pop()
        nodes.setdefault(element.attributes.get("id", ""), element)
        waiting += [child for child in element.children if child.tag == "node"]
    scene = root.first("scene", "instance_visual_scene")
    start = nodes.get(scene.attributes.get("url", "").removeprefix("#")) if scene else None
    if start is None:
        yield from ((geometry_id, "", np.eye(4)) for geometry_id in all_ids)
        return
    places = [(start, np.eye(4), 0)]
    count = 0
    while places:
        node, outer, depth = places.pop()
        count += 1
        if depth > len(nodes):
            raise Damaged("A node of the COLLADA file contains itself. Export it again from its source.")
        if count > source.limits.max_instances:
            raise TooComplex(
                f"The COLLADA file has more than {source.limits.max_instances:,} parts in its scene."
            )
        transform = outer @ _transform(node)
        for child in node.children:
            target = child.attributes.get("url", "").removeprefix("#")
            if child.tag == "instance_geometry":
                yield target, node.attributes.get("name", ""), transform
            elif child.tag == "node":
                places.append((child, transform, depth + 1))
            elif child.tag == "instance_node" and target in nodes:
                places.append((nodes[target], transform, depth + 1))


def _transform(node: Element) -> Float64:
    """All transforms of a node, which act from the last one to the first, as a (4, 4) matrix for column vectors."""
    combined = np.eye(4)
    for child in node.children:
        make = _TRANSFORMS.get(child.tag)
        if make:
            combined = combined @ make(child.numbers())
    if not np.isfinite(combined).all():
        raise Damaged(_CONTRADICTS)
    return combined


def _moved(numbers: Float64) -> Float64:
    matrix = np.eye(4)
    matrix[:3, 3] = numbers.reshape(3)
    return matrix


def _scaled(numbers: Float64) -> Float64:
    return np.diag([*numbers.reshape(3), 1.0])


def _turned(numbers: Float64) -> Float64:
    """About an axis (x, y, z) by degrees, by Rodrigues' formula."""
    x, y, z, degrees = numbers.reshape(4)
    length = float(np.linalg.norm((x, y, z))) or 1.0
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]]) / length
    angle = np.radians(degrees)
    matrix = np.eye(4)
    matrix[:3, :3] += np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return matrix


_TRANSFORMS: Final[dict[str, Callable[[Float64], Float64]]] = {
    "matrix": lambda numbers: numbers.reshape(4, 4),
    "translate": _moved,
    "scale": _scaled,
    "rotate": _turned,
}


def _iter_surfaces(geometry: Element) -> Iterator[tuple[Float64, Int64]]:
    """Vertices and triangles of each group of faces; polygons are cut into fans."""
    mesh = geometry.first("mesh")
    if mesh is None:
        return
    arrays = {one.attributes.get("id", ""): one for one in mesh.all("source")}
    for surface in mesh.children:
        if surface.tag not in _SURFACES:
            continue
        inputs = list(surface.all("input"))
        offsets = [int(one.attributes.get("offset", "0")) for one in inputs]
        places = [
            at for one, at in zip(inputs, offsets, strict=True) if one.attributes.get("semantic") == "VERTEX"
        ]
        lists = [one.integers() for one in surface.all("p")]
        if not places or not lists:
            continue
        corners = [numbers.reshape(-1, max(offsets) + 1)[:, places[0]] for numbers in lists]
        yield _positions(mesh, arrays), _faces(surface, corners)


def _positions(mesh: Element, arrays: dict[str, Element]) -> Float64:
    vertices = mesh.first("vertices")
    for one in vertices.all("input") if vertices else ():
        if one.attributes.get("semantic") == "POSITION":
            array = arrays.get(one.attributes.get("source", "").removeprefix("#"))
            floats = array.first("float_array") if array else None
            accessor = array.first("technique_common", "accessor") if array else None
            stride = int(accessor.attributes.get("stride", "3")) if accessor else 3
            if floats:
                return floats.numbers().reshape(-1, max(3, stride))[:, :3]
    raise Damaged("A mesh of the COLLADA file has no positions. Export it again from its source.")


def _faces(surface: Element, corners: list[Int64]) -> Int64:
    if surface.tag == "triangles":
        return corners[0].reshape(-1, 3)
    if surface.tag == "polylist":
        counts = surface.first("vcount")
        ends = np.cumsum(counts.integers() if counts else np.empty(0, np.int64))
        if len(ends) and ends[-1] > len(corners[0]):
            raise Damaged(_CONTRADICTS)
        corners = np.split(corners[0], ends)[:-1]
    fans = [
        np.stack([np.full(len(polygon) - 2, polygon[0]), polygon[1:-1], polygon[2:]], axis=1)
        for polygon in corners
        if len(polygon) > 2
    ]
    return np.concatenate([np.empty((0, 3), np.int64), *fans])
