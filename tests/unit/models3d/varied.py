"""Varied solids by number: bodies of revolution with bumps, handed heaps of boxes, terraced plates."""

from collections.abc import Callable

import numpy as np

from models3d.meshes.arrays import Float32, Float64, WeldedMesh
from tests.unit.models3d.solids import cube, indexed, sphere


def varied_solid(number: int) -> Float64:
    """(n, 3, 3) corners of a solid in mm; every number is another shape, and none is its own mirror image."""
    random = np.random.default_rng(number)
    makers: tuple[Callable[[np.random.Generator], Float64], ...] = (_bumpy_ball, _heap, _terraces)
    return makers[number % len(makers)](random)


def welded(triangles: Float64) -> WeldedMesh:
    """The mesh of these triangles, coordinates as a file would hold them."""
    vertices, faces = indexed(triangles.astype(np.float32).astype(np.float64))
    return WeldedMesh(vertices.astype(np.float32), faces.astype(np.uint32))


def turned(triangles: Float64, seed: int) -> Float64:
    """The same solid in another orientation."""
    matrix, upper = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    matrix = matrix * np.sign(np.diag(upper))
    moved: Float64 = triangles @ (matrix * np.sign(np.linalg.det(matrix)))
    return moved


def subdivided(triangles: Float64) -> Float64:
    """The same solid with every triangle cut in four."""
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
    return np.concatenate(
        [np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
    )


def thinned(mesh: WeldedMesh, *, share: float) -> WeldedMesh:
    """The mesh with this share of its triangles taken away."""
    from fast_simplification import simplify  # heavy

    vertices, faces = simplify(mesh.vertices, mesh.faces.astype(np.int32), target_reduction=share)
    thin: Float32 = vertices.astype(np.float32)
    return WeldedMesh(thin, faces.astype(np.uint32))


def _bumpy_ball(random: np.random.Generator) -> Float64:
    ball = sphere(1.0, rings=14)
    points = ball.reshape(-1, 3)
    radius = np.ones(len(points))
    for _ in range(random.integers(2, 6)):
        towards = random.normal(size=3)
        towards /= np.linalg.norm(towards)
        height, width = random.uniform(-0.5, 0.9), random.uniform(0.1, 0.6)
        radius += height * np.exp((points @ towards - 1) / width)
    stretched: Float64 = points * radius[:, None] * random.uniform(0.4, 1.0, 3) * random.uniform(5, 60)
    return stretched.reshape(-1, 3, 3)


def _heap(random: np.random.Generator) -> Float64:
    boxes = [
        cube(1.0) * random.uniform(2, 30, 3) + random.uniform(-30, 30, 3)
        for _ in range(random.integers(3, 9))
    ]
    return np.concatenate([turned(box, int(random.integers(1_000_000))) for box in boxes])


def _terraces(random: np.random.Generator) -> Float64:
    steps = int(random.integers(4, 10))
    at = np.zeros(3)
    boxes = []
    for _ in range(steps):
        size = random.uniform(3, 20, 3)
        boxes.append(cube(1.0) * size + at)
        at = at + size * random.choice([0.3, 0.6, 1.0], 3)
    return np.concatenate(boxes)
