"""3MF: the parts of a package put together as its build says."""

from collections.abc import Iterator

import numpy as np

from models3d.meshes.arrays import Float32, Float64
from models3d.meshes.errors import Damaged, TooComplex
from models3d.meshes.reading import Paint, Part, Source, iter_triangles_of
from models3d.meshes.threemf_model import ModelPart, ObjectResource, Reference, parse_model
from models3d.meshes.threemf_package import Package


def read_3mf(source: Source) -> Iterator[Float32]:
    """Yield the triangles of everything that the file would have printed, in its own units.

    Assemblies, instances, transforms and model parts in other files of the package are followed. Objects that
    the build leaves out are not shown; if it is empty, all of them are.
    """
    assembly = _Assembly(source)
    root = assembly.root
    source.mm_per_unit = root.mm_per_unit
    items = root.items
    if not items and root.objects:
        source.warn("Nothing in the 3MF is marked for printing; all its objects are shown.")
        used = {reference.object_id for thing in root.objects.values() for reference in thing.components}
        items = [Reference(name, "", np.eye(4, 3)) for name in root.objects if name not in used]
    for number, item in enumerate(items):
        first = assembly.triangle_count
        yield from assembly.iter_triangles(item)
        name = assembly.find(item, assembly.root_path)[1].name or f"Part {number + 1}"
        source.parts.append(Part(name, first, assembly.triangle_count - first))


class _Assembly:
    """The model parts of a package, parsed when first needed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._package = Package(source)
        self._parts: dict[str, ModelPart] = {}
        self._instances = 0
        self.triangle_count = 0
        self.root_path = self._package.model_path()
        self.root = self._part(self.root_path)

    def _part(self, path: str) -> ModelPart:
        if path not in self._parts:
            self._parts[path] = parse_model(self._package.iter_part(path), self._source)
        return self._parts[path]

    def find(self, reference: Reference, path: str) -> tuple[str, ObjectResource]:
        """The object that is meant by a reference in the part at `path`, and the part it is in."""
        path = reference.path or path
        try:
            return path, self._part(path).objects[reference.object_id]
        except KeyError:
            raise Damaged(
                f'The 3MF uses an object that is not there (number "{reference.object_id[:40]}"). '
                "Export the file again from its source."
            ) from None

    def iter_triangles(self, item: Reference) -> Iterator[Float32]:
        """Walk the tree of components below a build item, without recursion: it may be thousands deep."""
        waiting = [(item, self.root_path, np.eye(4, 3), 0)]
        while waiting:
            reference, path, outer, depth = waiting.pop()
            self._count_instance(depth)
            path, thing = self.find(reference, path)
            transform = _combined(reference.transform, outer)
            yield from self._iter_mesh(thing, transform)
            for component in reversed(thing.components):
                waiting.append((component, path, transform, depth + 1))

    def _count_instance(self, depth: int) -> None:
        self._instances += 1
        if depth > sum(len(part.objects) for part in self._parts.values()):
            raise Damaged("An object inside the 3MF contains itself. Export the file again from its source.")
        if self._instances > self._source.limits.max_instances:
            raise TooComplex(
                f"The 3MF puts together more than {self._source.limits.max_instances:,} copies of its objects."
            )

    def _iter_mesh(self, thing: ObjectResource, transform: Float64) -> Iterator[Float32]:
        if not len(thing.faces):
            return
        if thing.colors is not None:
            self._source.paints.append(Paint(self.triangle_count, len(thing.faces), thing.colors))
        self.triangle_count += len(thing.faces)
        self._source.limits.check_triangles(self.triangle_count)
        determinant = float(np.linalg.det(transform[:3]))
        if determinant == 0.0:
            self._source.warn("An object inside the 3MF is flattened to nothing by its transform.")
        # A mirror turns every triangle inside out; turn it back.
        faces = thing.faces if determinant >= 0 else thing.faces[:, ::-1]
        yield from iter_triangles_of(thing.vertices @ transform[:3] + transform[3], faces)


def _combined(inner: Float64, outer: Float64) -> Float64:
    """First `inner`, then `outer`."""
    combined = inner @ outer[:3]
    combined[3] += outer[3]
    return combined
