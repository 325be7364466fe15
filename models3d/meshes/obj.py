"""Wavefront OBJ: the surface and its colors; no other file is ever opened, a material file may be handed in."""

from collections.abc import Iterator

import numpy as np

from models3d.meshes import text as scan
from models3d.meshes.arrays import Float32, Int32, Int64, UInt8
from models3d.meshes.errors import Damaged, NoGeometry, NotThisFormat
from models3d.meshes.jit import inlined, kernel
from models3d.meshes.obj_materials import paints_of
from models3d.meshes.painting import mean_of_corners
from models3d.meshes.reading import Paint, Part, Source, iter_line_blocks, iter_triangles_of
from models3d.meshes.signatures import name_of_content

# State of the parser between blocks, and what can go wrong.
_VERTICES, _FACES, _LINE, _FAILURE, _NAMES, _KNOWN_LINES, _COLORED = range(7)
_FAIL_NUMBER, _FAIL_COMMA, _FAIL_INDEX = 1, 2, 3
_MOST_NAMES_PER_BLOCK = 1 << 14
_OBJECT, _GROUP, _MATERIAL = 1, 2, 3
_LAST_INDEX = (1 << 31) - 1
_USEMTL = np.frombuffer(b"usemtl", np.uint8)


@kernel
def _parse_face(text: UInt8, at: int, state: Int64, first_face: int, faces: Int32) -> int:
    """Parse the corners of a polygon and put it out as a fan; returns the position after it."""
    corners = 0
    first, previous = 0, 0
    while True:
        at = scan.skip_blanks(text, at)
        if at >= text.shape[0] or scan.is_line_end(text[at]) or text[at] == 35:
            return at
        index, after = scan.parse_integer(text, at)
        if after < 0 or index == 0 or abs(index) > _LAST_INDEX:
            state[_FAILURE] = _FAIL_INDEX
            return at
        at = scan.skip_word(text, after)
        index = index - 1 if index > 0 else state[_VERTICES] + index
        if corners == 0:
            first = index
        elif corners >= 2:
            place = state[_FACES] - first_face
            faces[place, 0], faces[place, 1], faces[place, 2] = first, previous, index
            state[_FACES] += 1
        previous = index
        corners += 1


@inlined
def _parse_color(text: UInt8, at: int, colors: Float32, place: int) -> int:
    """Parse red, green and blue after the coordinates, as many programs write them; returns 1 if all are there."""
    for channel in range(3):
        if at >= text.shape[0] or not scan.is_blank(text[at]):
            return 0
        value, at = scan.parse_number(text, at)
        if at < 0:
            return 0
        colors[place, channel] = value
    return 1


@inlined
def _is_use_of_material(text: UInt8, at: int) -> bool:
    if at + 6 >= text.shape[0] or not scan.is_blank(text[at + 6]):
        return False
    unlike = 0
    for place in range(6):
        unlike += text[at + place] != _USEMTL[place]
    return unlike == 0


@kernel
def _parse_block(
    text: UInt8, state: Int64, vertices: Float32, colors: Float32, faces: Int32, names: Int64
) -> None:
    """Parse whole lines. `names` gets (triangles before, the last character before the name, of what)."""
    first_vertex, first_face = state[_VERTICES], state[_FACES]
    state[_NAMES] = 0
    at = 0
    while at < text.shape[0]:
        at = scan.skip_blanks(text, at)
        if at + 1 < text.shape[0] and scan.is_blank(text[at + 1]):
            letter = text[at]
            if letter == 118:  # v
                state[_KNOWN_LINES] += 1
                after = at + 1
                for axis in range(3):
                    value, after = scan.parse_number(text, after)
                    if after < 0:
                        state[_FAILURE] = _FAIL_COMMA if after == scan.DECIMAL_COMMA else _FAIL_NUMBER
                        return
                    vertices[state[_VERTICES] - first_vertex, axis] = value
                state[_COLORED] += _parse_color(text, after, colors, state[_VERTICES] - first_vertex)
                state[_VERTICES] += 1
            elif letter == 102:  # f
                state[_KNOWN_LINES] += 1
                at = _parse_face(text, at + 1, state, first_face, faces)
                if state[_FAILURE]:
                    return
            elif letter in (111, 103) and state[_NAMES] < names.shape[0]:
                names[state[_NAMES], 0] = state[_FACES]
                names[state[_NAMES], 1] = at
                names[state[_NAMES], 2] = _OBJECT if letter == 111 else _GROUP
                state[_NAMES] += 1
        elif _is_use_of_material(text, at) and state[_NAMES] < names.shape[0]:
            names[state[_NAMES], 0] = state[_FACES]
            names[state[_NAMES], 1] = at + 5
            names[state[_NAMES], 2] = _MATERIAL
            state[_NAMES] += 1
        at = scan.skip_line(text, at)
        state[_LINE] += 1


def read_obj(source: Source) -> Iterator[Float32]:
    """Yield the triangles of an OBJ, colored by vertices or else by materials; polygons are cut into fans, lines left out."""
    state = np.zeros(7, np.int64)
    vertex_blocks, color_blocks = [], []
    face_blocks: list[Int32] = []
    named: dict[int, list[tuple[str, int]]] = {_OBJECT: [], _GROUP: [], _MATERIAL: []}
    names = np.empty((_MOST_NAMES_PER_BLOCK, 3), np.int64)
    for block in _iter_joined_blocks(source):
        # The shortest lines are "v 0 0 0" and, for a corner, " 1".
        vertices = np.empty((len(block) // 8 + 1, 3), np.float32)
        colors = np.empty_like(vertices)
        faces = np.empty((len(block) // 2 + 1, 3), np.int32)
        before = state[[_VERTICES, _FACES]]
        _parse_block(np.frombuffer(block, np.uint8), state, vertices, colors, faces, names)
        if state[_FAILURE]:
            raise _error(source, state)
        source.limits.check_triangles(int(state[_FACES]))
        new_vertices, new_faces = state[[_VERTICES, _FACES]] - before
        vertex_blocks.append(vertices[:new_vertices].copy())
        if state[_COLORED] == state[_VERTICES]:  # else some lack a color, and the others do not count
            color_blocks.append(colors[:new_vertices].copy())
        face_blocks.append(faces[:new_faces].copy())
        for face, at, what in names[: state[_NAMES]].tolist():
            named[what].append((_name_at(block, at), face))
    if not state[_FACES]:
        raise _nothing(source, state)
    source.expected_triangles = int(state[_FACES])
    source.parts = _parts(named[_OBJECT] or named[_GROUP], int(state[_FACES]))
    triangles = np.concatenate(face_blocks)
    yield from iter_triangles_of(np.concatenate(vertex_blocks), triangles)
    if state[_COLORED] == state[_VERTICES]:
        source.paints.append(Paint(0, len(triangles), mean_of_corners(_colors(color_blocks), triangles)))
    else:
        source.paints += paints_of(named[_MATERIAL], len(triangles), source.materials)


def _colors(blocks: list[Float32]) -> UInt8:
    """Colors of vertices as eight-bit values; most programs write shares of one, some write whole numbers."""
    colors = np.nan_to_num(np.concatenate(blocks))
    scale = 255.0 if colors.max() <= 1.0 else 1.0
    eight_bit: UInt8 = np.clip(colors * scale, 0, 255).astype(np.uint8)
    return eight_bit


def _iter_joined_blocks(source: Source) -> Iterator[bytes]:
    """Blocks of whole lines, those continued by a backslash joined."""
    held = b""
    for block in iter_line_blocks(source):
        block = held + block
        held = b""
        if block.rstrip(b"\r\n").endswith(b"\\"):
            held = block
            continue
        yield block.replace(b"\\\r\n", b"  ").replace(b"\\\n", b" ") if b"\\" in block else block
    if held:
        yield held


def _name_at(block: bytes, at: int) -> str:
    line = block[at + 1 : at + 256].splitlines()[0]
    return line.decode("utf-8", "replace").strip()[:200]


def _parts(names: list[tuple[str, int]], triangle_count: int) -> list[Part]:
    """Parts from the places where names begin; those without triangles are left out."""
    if not names:
        return []
    starts = [first for _, first in names] + [triangle_count]
    parts = [Part("Unnamed", 0, starts[0])] if starts[0] else []
    parts += [Part(name, first, stop - first) for (name, first), stop in zip(names, starts[1:], strict=True)]
    return [part for part in parts if part.triangle_count]


def _error(source: Source, state: Int64) -> Damaged | NotThisFormat:
    line = int(state[_LINE]) + 1
    if not state[_FACES] and (content := name_of_content(source.head(64))):
        return NotThisFormat(f"This is not an OBJ file, but {content}.")
    if state[_FAILURE] == _FAIL_COMMA:
        return Damaged(
            f"Line {line:,} has numbers with a decimal comma, so they cannot be told apart. "
            "Export the file with decimal points."
        )
    what = "a face refers to no valid vertex" if state[_FAILURE] == _FAIL_INDEX else "a vertex lacks a number"
    return Damaged(f"Line {line:,} is damaged: {what}. Export the file again from its source.")


def _nothing(source: Source, state: Int64) -> NoGeometry | NotThisFormat:
    if state[_VERTICES]:
        return NoGeometry(f"The file holds {state[_VERTICES]:,} points, but no surface between them.")
    head = source.head(4096)
    if content := name_of_content(head):
        return NotThisFormat(f"This is not an OBJ file, but {content}.")
    if not all(byte >= 32 or byte in b"\t\n\r\f\v" for byte in head):
        return NotThisFormat("This is not an OBJ file: it is not text.")
    return NoGeometry(
        "The file is text, but there is no vertex and no face in it, so there is nothing to show."
    )
