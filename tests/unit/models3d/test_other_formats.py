"""OBJ, OFF, PLY and glTF are read, and broken ones refused with the right reason."""

import base64
import json

import numpy as np
import pytest

from models3d.meshes.errors import (
    Damaged,
    NoGeometry,
    NotThisFormat,
    Truncated,
    UnreadableFile,
    Unsupported,
)
from models3d.meshes.formats import FORMATS, format_of
from tests.unit.models3d.solids import CUBE_FACES, cube, facts, glb, indexed, obj, off, ply

VERTICES, FACES = indexed(cube(0.01))
BINARY = VERTICES.astype("<f4").tobytes() + FACES.astype("<u2").tobytes()
DOCUMENT: dict[str, object] = {
    "scene": 0,
    "scenes": [{"nodes": [0]}],
    "nodes": [{"mesh": 0, "name": "Lid"}],
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
    "accessors": [
        {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3"},
        {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"},
    ],
    "bufferViews": [
        {"buffer": 0, "byteOffset": 0, "byteLength": 96},
        {"buffer": 0, "byteOffset": 96, "byteLength": 72},
    ],
    "buffers": [{"byteLength": 168}],
}


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (obj(cube()), "obj"),
        (obj(cube()).replace("\n", "\r\n"), "obj"),
        (obj(cube()).replace("f 1 ", "f \\\n1 "), "obj"),
        ("mtllib ../../../etc/passwd\n" + obj(cube()), "obj"),
        (off(cube()), "off"),
        (off(cube()).removeprefix("OFF\n"), "off"),
        (off(cube()).replace("OFF\n", "OFF "), "off"),
        (off(cube()).replace("\n", " # remark\n\n"), "off"),
        (ply(cube()), "ply"),
        (ply(cube(), form="binary_little_endian"), "ply"),
        (ply(cube(), form="binary_big_endian"), "ply"),
        (glb(DOCUMENT, BINARY), "glb"),
    ],
)
def test_cube_is_read(content: bytes | str, extension: str) -> None:
    found = facts(content, extension)

    assert (found.triangle_count, found.vertex_count) == (12, 8)
    assert found.is_watertight
    assert found.inverted_body_count == 0
    assert found.volume_mm3 == pytest.approx(1000, rel=1e-6)


def test_obj_corners_may_count_backwards_and_carry_texture_and_normal() -> None:
    text = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 1\nf -4/1/1 -3/1/1 -2//1 -1/1\n"

    found = facts(text, "obj")

    assert (found.triangle_count, found.area_mm2) == (2, 1)


def test_obj_objects_become_parts() -> None:
    first, second = obj(cube()), obj(cube(5, at=(20, 0, 0)))
    text = "o Lid\n" + first + "o Box top\n" + second.replace("f ", "f 1 1 1 # ").replace("v ", "v ")

    found = facts(text, "obj")

    assert [part.name for part in found.parts] == ["Lid", "Box top"]


def test_gltf_is_turned_upright_and_scaled_to_millimeters() -> None:
    triangles = cube(0.01) * (1, 2, 3)
    vertices, faces = indexed(triangles)
    binary = vertices.astype("<f4").tobytes() + faces.astype("<u2").tobytes()

    found = facts(glb(DOCUMENT, binary), "glb")

    assert (found.size_x_mm, found.size_y_mm, found.size_z_mm) == pytest.approx((10, 30, 20))
    assert (found.up_axis, [part.name for part in found.parts]) == ("y", ["Lid"])


def test_gltf_nodes_move_turn_and_mirror() -> None:
    nodes = [
        {"children": [1], "translation": [1, 0, 0], "rotation": [0, 0, 0.5**0.5, 0.5**0.5]},
        {"mesh": 0, "scale": [-2, 1, 1]},
    ]

    found = facts(glb({**DOCUMENT, "nodes": nodes}, BINARY), "glb")

    assert found.inverted_body_count == 0
    assert found.volume_mm3 == pytest.approx(2000, rel=1e-6)
    assert found.size_z_mm == pytest.approx(20, rel=1e-6)


def test_gltf_with_its_buffer_inside_is_read() -> None:
    uri = "data:application/octet-stream;base64," + base64.b64encode(BINARY).decode()
    document = {"asset": {"version": "2.0"}, **DOCUMENT, "buffers": [{"byteLength": 168, "uri": uri}]}

    assert facts(json.dumps(document), "gltf").triangle_count == 12


@pytest.mark.parametrize(
    "uri", ["box.bin", "../../../../etc/hostname", "file:///etc/passwd", "http://127.0.0.1:9/secret"]
)
def test_gltf_never_opens_another_file(uri: str) -> None:
    document = {"asset": {"version": "2.0"}, **DOCUMENT, "buffers": [{"byteLength": 168, "uri": uri}]}

    with pytest.raises(Unsupported) as caught:
        facts(json.dumps(document), "gltf")

    assert uri in caught.value.sentence


def changed(**changes: object) -> bytes:
    return glb({**DOCUMENT, **changes}, BINARY)


@pytest.mark.parametrize(
    ("content", "extension", "reason"),
    [
        (np.random.default_rng(2).bytes(3000), "obj", NotThisFormat),
        (obj(cube()) + "f 1 2 999999\n", "obj", Damaged),
        (obj(cube()) + "f 1 2 0\n", "obj", Damaged),
        (obj(cube()) + "f 1 2 99999999999999999999999\n", "obj", Damaged),
        ("v 1,5 2,5 3,5\nf 1 1 1\n", "obj", Damaged),
        ("v 0 0 0\nv 1 1 1\n", "obj", NoGeometry),
        ("hello\n", "obj", NoGeometry),
        ("OFF\n999999999 999999999 0\n0 0 0\n", "off", Truncated),
        ("OFF\n-1 -1 0\n", "off", Damaged),
        (f"OFF\n{10**25} 12 0\n", "off", Damaged),
        (ply(cube()).replace(b"vertex 8", b"vertex 10000000000000000000000000"), "ply", Damaged),
        (changed(extensionsRequired=5), "glb", Damaged),
        (changed(nodes=[{"mesh": 0, "children": [[]]}]), "glb", Damaged),
        (changed(meshes=[{"primitives": [{"attributes": []}]}]), "glb", Damaged),
        (changed(accessors=[{"bufferView": 0, "componentType": [], "type": {}}]), "glb", Damaged),
        (changed(accessors=[{"bufferView": 0, "byteOffset": 10**30, "componentType": 5126, "type": "VEC3"}]),
         "glb", Damaged),
        ("OFF\n1 1 0\n0 0 0\n3 0 1 2\n", "off", Damaged),
        ("4OFF\n1 1 0\n0 0 0 0\n", "off", Unsupported),
        ("hello\n", "off", NotThisFormat),
        (ply(cube()).replace(b"face 12", b"face 500"), "ply", Truncated),
        (ply(cube()).replace(b"vertex 8", b"vertex 2000000000"), "ply", Truncated),
        (ply(cube()).replace(b"end_header", b""), "ply", Damaged),
        (ply(cube()).replace(b"float", b"quadruple"), "ply", Damaged),
        (ply(cube()).replace(b"3 0 1", b"3 0 99"), "ply", Damaged),
        (ply(cube()).replace(b"face 12", b"face 0"), "ply", NoGeometry),
        (ply(cube(), form="binary_little_endian")[:-5], "ply", Truncated),
        (changed(accessors=[{"bufferView": 0, "componentType": 5126, "count": 99, "type": "VEC3"}]), "glb", Damaged),
        (changed(nodes=[{"children": [0], "mesh": 0}]), "glb", Damaged),
        (changed(asset={"version": "99"}), "glb", Unsupported),
        (changed(meshes=[]), "glb", Damaged),
        (changed()[:300], "glb", Truncated),
        (b"glTX" + changed()[4:], "glb", NotThisFormat),
        ("[" * 100_000, "gltf", Damaged),
    ],
)  # fmt: skip
def test_broken_file_is_refused_with_a_reason(
    content: bytes | str, extension: str, reason: type[UnreadableFile]
) -> None:
    with pytest.raises(reason) as caught:
        facts(content, extension)

    assert caught.value.sentence.endswith(".")


def test_polygon_with_ten_thousand_corners_is_cut_into_triangles() -> None:
    corners = [(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 10_000, endpoint=False)]
    text = "".join(f"v {x} {y} 0\n" for x, y in corners) + "f " + " ".join(map(str, range(1, 10_001)))

    assert facts(text, "obj").area_mm2 == pytest.approx(np.pi, rel=1e-5)


def test_every_format_has_its_reader() -> None:
    assert len(CUBE_FACES) == 12
    assert all(callable(format.load_reader()) for format in FORMATS.values())


def test_format_without_reader_says_which_ones_there_are() -> None:
    with pytest.raises(Unsupported, match=r"FBX.*STL, 3MF"):
        format_of("fbx")
