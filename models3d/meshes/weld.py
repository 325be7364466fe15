"""Welding: corners at the same place become one vertex, in one pass and without sorting."""

import numpy as np

from models3d.meshes.arrays import Float32, Int32, Int64, UInt32, WeldedMesh
from models3d.meshes.jit import inlined, kernel, uint32, uint64

_FIRST_TABLE_SIZE = 1 << 11
_MOST_FILLED = 0.7
CHUNK_TRIANGLES = 1 << 15


@inlined
def _slot_of(x: int, y: int, z: int) -> int:
    """Mix three 32-bit patterns into a well spread 64-bit number."""
    mixed: int = (
        (uint64(x) * uint64(0x9E3779B97F4A7C15))
        ^ (uint64(y) * uint64(0xC2B2AE3D27D4EB4F))
        ^ (uint64(z) * uint64(0x165667B19E3779F9))
    )
    mixed ^= mixed >> uint64(32)
    mixed *= uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> uint64(29)
    return mixed


@inlined
def find_or_add(x: int, y: int, z: int, table: Int32, keys: UInt32, count: int) -> int:
    """The index of key (x, y, z); equal to `count` if it was not there and has been added."""
    mask = uint64(table.shape[0] - 1)
    slot = _slot_of(x, y, z) & mask
    while True:
        found: int = table[slot]
        if found < 0:
            table[slot] = count
            keys[count, 0] = x
            keys[count, 1] = y
            keys[count, 2] = z
            return count
        if keys[found, 0] == x and keys[found, 1] == y and keys[found, 2] == z:
            return found
        slot = (slot + uint64(1)) & mask


@inlined
def _is_finite(bits: int) -> bool:
    return bool((bits & uint32(0x7F800000)) != uint32(0x7F800000))


@inlined
def _without_minus_zero(bits: int) -> int:
    return uint32(0) if bits == uint32(0x80000000) else bits


@kernel
def _weld_chunk(
    corners: UInt32, table: Int32, keys: UInt32, vertex_count: int, faces: UInt32, face_count: int
) -> tuple[int, int]:
    """Weld (m, 9) float32 bit patterns. The caller has made room for 3 m vertices and m faces."""
    for i in range(corners.shape[0]):
        finite = True
        for k in range(9):
            finite = finite and _is_finite(corners[i, k])
        if not finite:
            continue
        for k in range(3):
            index = find_or_add(
                _without_minus_zero(corners[i, 3 * k]),
                _without_minus_zero(corners[i, 3 * k + 1]),
                _without_minus_zero(corners[i, 3 * k + 2]),
                table,
                keys,
                vertex_count,
            )
            if index == vertex_count:
                vertex_count += 1
            faces[face_count, k] = index
        face_count += 1
    return vertex_count, face_count


@kernel
def _refill(table: Int32, keys: UInt32, count: int) -> None:
    """Enter the first `count` keys, all different, into an emptied table."""
    mask = uint64(table.shape[0] - 1)
    for index in range(count):
        slot = _slot_of(keys[index, 0], keys[index, 1], keys[index, 2]) & mask
        while table[slot] >= 0:
            slot = (slot + uint64(1)) & mask
        table[slot] = index


@kernel
def _weld_on_grid(vertices: Float32, cells_per_mm: float, table: Int32, keys: UInt32) -> Int64:
    """For each vertex, the number of the first one whose coordinates round to the same grid cell."""
    merged = np.empty(vertices.shape[0], np.int64)
    first_in_cell = np.empty(vertices.shape[0], np.int64)
    count = 0
    for i in range(vertices.shape[0]):
        x = np.int32(np.rint((np.float64(vertices[i, 0]) - vertices[0, 0]) * cells_per_mm))
        y = np.int32(np.rint((np.float64(vertices[i, 1]) - vertices[0, 1]) * cells_per_mm))
        z = np.int32(np.rint((np.float64(vertices[i, 2]) - vertices[0, 2]) * cells_per_mm))
        index = find_or_add(uint32(x), uint32(y), uint32(z), table, keys, count)
        if index == count:
            first_in_cell[count] = i
            count += 1
        merged[i] = first_in_cell[index]
    return merged


def empty_table(count: int) -> Int32:
    """An empty table with room for `count` keys."""
    size = _FIRST_TABLE_SIZE
    while size * _MOST_FILLED < count:
        size *= 2
    return np.full(size, -1, np.int32)


class Welder:
    """Welds triangles as they are read, so that the unwelded mesh is never in memory as a whole.

    Costs about 20 bytes a triangle; `expected_triangles` only saves growing and need not be right.
    """

    def __init__(self, expected_triangles: int = 1024) -> None:
        expected = max(64, expected_triangles)
        self.triangles_seen = 0
        self._faces: UInt32 = np.empty((expected, 3), np.uint32)
        self._keys: UInt32 = np.empty(
            (int(expected * 0.55) + 3 * min(expected, CHUNK_TRIANGLES), 3), np.uint32
        )
        self._table = empty_table(int(expected * 0.52))
        self._vertex_count = 0
        self._face_count = 0

    def add(self, triangles: Float32) -> None:
        """Take in (m, 3, 3) float32 corners; triangles with NaN or infinity are dropped and counted."""
        corners = np.ascontiguousarray(triangles, np.float32).reshape(-1, 9).view(np.uint32)
        self._make_room(len(corners))
        self._vertex_count, self._face_count = _weld_chunk(
            corners, self._table, self._keys, self._vertex_count, self._faces, self._face_count
        )
        self.triangles_seen += len(corners)

    def finish(self) -> WeldedMesh:
        """The mesh of everything added. The welder is spent afterwards."""
        del self._table
        vertices = self._keys[: self._vertex_count].view(np.float32)
        faces = self._faces[: self._face_count]
        return WeldedMesh(vertices, faces, dropped=self.triangles_seen - self._face_count)

    def _make_room(self, triangle_count: int) -> None:
        self._faces = _grown(self._faces, self._face_count, triangle_count)
        self._keys = _grown(self._keys, self._vertex_count, 3 * triangle_count)
        # A chunk seldom brings more than half a new vertex per triangle; were every corner new, the table
        # would still have free slots, only longer searches.
        if (self._vertex_count + triangle_count) > self._table.shape[0] * _MOST_FILLED or (
            self._vertex_count + 3 * triangle_count >= self._table.shape[0]
        ):
            self._table = empty_table(2 * self._vertex_count + 3 * triangle_count)
            _refill(self._table, self._keys, self._vertex_count)


def _grown(array: UInt32, used: int, more: int) -> UInt32:
    if used + more <= len(array):
        return array
    bigger = np.empty((max(used + more, int(len(array) * 1.5)), 3), np.uint32)
    bigger[:used] = array[:used]
    return bigger


def welded_within(mesh: WeldedMesh, tolerance_mm: float) -> WeldedMesh:
    """The same mesh with vertices merged that fall into the same cell of a grid of `tolerance_mm`."""
    count = len(mesh.vertices)
    keys = np.empty((count, 3), np.uint32)
    merged = _weld_on_grid(mesh.vertices, 1.0 / tolerance_mm, empty_table(count), keys)
    return WeldedMesh(mesh.vertices, merged.astype(np.uint32)[mesh.faces], mesh.dropped)
