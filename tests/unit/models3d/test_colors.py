"""Colors of files reach the picture and the light mesh; whatever is wrong with them, the geometry is read."""

import copy
import struct
from io import BytesIO

import numpy as np
import pytest

from models3d.meshes.arrays import UInt8
from models3d.meshes.lightmesh import MOST_TRIANGLES, light_mesh_of
from models3d.meshes.load import LoadedMesh, load
from models3d.meshes.painting import PLAIN_COLOR, to_linear
from models3d.meshes.render import render
from tests.unit.models3d.solids import cube, glb, indexed, mesh_xml, obj, off, ply, sphere, threemf
from tests.unit.models3d.test_other_formats import BINARY, DOCUMENT

RED, GREEN, PLAIN = (255, 0, 0), (0, 255, 0), PLAIN_COLOR
ITEM = '<item objectid="1"/>'
BASES = '<basematerials id="7"><base name="a" displaycolor="#FF0000"/><base name="b" displaycolor="#00FF00FF"/></basematerials>'
MATERIALS = 'xmlns:m="http://schemas.microsoft.com/3dmanufacturing/material/2015/02"'


def loaded(content: bytes | str, extension: str) -> LoadedMesh:
    return load(BytesIO(content.encode() if isinstance(content, str) else content), extension)


def colors(content: bytes | str, extension: str) -> list[tuple[int, ...]]:
    """The different colors of a file's triangles; none if it has none."""
    return different(loaded(content, extension))


def different(mesh: LoadedMesh) -> list[tuple[int, ...]]:
    found = mesh.mesh.colors
    return [] if found is None else [tuple(color) for color in np.unique(found, axis=0).tolist()]


def colors_with_materials(content: str, materials: bytes) -> list[tuple[int, ...]]:
    return different(load(BytesIO(content.encode()), "obj", materials=materials))


def colored_glb(factor: object, *, at_vertices: bytes = b"") -> bytes:
    document = copy.deepcopy(DOCUMENT)
    primitive = document["meshes"][0]["primitives"][0]  # type: ignore[index]
    if factor is not None:
        primitive["material"] = 0
        document["materials"] = [{"pbrMetallicRoughness": {"baseColorFactor": factor}}]
    if at_vertices:
        primitive["attributes"]["COLOR_0"] = 2
        document["accessors"].append(  # type: ignore[attr-defined]
            {"bufferView": 2, "componentType": 5121, "normalized": True, "count": 8, "type": "VEC4"}
        )
        document["bufferViews"].append({"buffer": 0, "byteOffset": 168, "byteLength": 32})  # type: ignore[attr-defined]
    return glb(document, BINARY + at_vertices)


def colored_ply(form: str, kind: str, value: float) -> bytes:
    vertices, faces = indexed(cube())
    header = (
        f"ply\nformat {form} 1.0\nelement vertex 8\n"
        + "".join(f"property {kind} {name}\n" for name in ("blue", "red", "green"))
        + "property float x\nproperty float y\nproperty float z\n"
        + "element face 12\nproperty list uchar int vertex_indices\nend_header\n"
    ).encode()
    if form == "ascii":
        rows = [f"0 {value:g} 0 {x} {y} {z}" for x, y, z in vertices] + [
            f"3 {a} {b} {c}" for a, b, c in faces
        ]
        return header + "\n".join(rows).encode() + b"\n"
    code = "3f" if kind == "float" else "3B"
    numbers = (0.0, value, 0.0) if kind == "float" else (0, int(value), 0)
    body = b"".join(struct.pack(f"<{code}3f", *numbers, *vertex) for vertex in vertices)
    return header + body + b"".join(struct.pack("<B3i", 3, *face) for face in faces)


@pytest.mark.parametrize(
    ("content", "extension", "expected"),
    [
        (ply(cube()), "ply", []),
        (colored_ply("ascii", "uchar", 255), "ply", [RED]),
        (colored_ply("ascii", "float", 1), "ply", [RED]),
        (colored_ply("binary_little_endian", "uchar", 255), "ply", [RED]),
        (colored_ply("binary_little_endian", "float", 1), "ply", [RED]),
        (colored_ply("binary_little_endian", "float", float("nan")), "ply", [(0, 0, 0)]),
        (obj(cube()), "obj", []),
        (obj(cube()).replace("\nf ", "\nf ", 1).replace("0\nv", "0 1 0 0\nv"), "obj", []),
        (off(cube()), "off", []),
        (glb(DOCUMENT, BINARY), "glb", []),
        (colored_glb([1.0, 0.0, 0.0, 1.0]), "glb", [RED]),
        (colored_glb([1, 0, 0, 0.5], at_vertices=bytes([255, 255, 255, 255]) * 8), "glb", [RED]),
        (colored_glb(None, at_vertices=bytes([0, 255, 0, 255]) * 8), "glb", [GREEN]),
        (colored_glb("red"), "glb", []),
        (colored_glb([9, -1, 0, 1]), "glb", [RED]),
        (threemf(BASES + mesh_xml(cube()), ITEM), "3mf", []),
        (threemf(BASES + mesh_xml(cube()).replace("<object ", '<object pid="7" pindex="1" '), ITEM), "3mf", [GREEN]),
        (threemf(BASES + mesh_xml(cube()).replace('v3="3"/>', 'v3="3" pid="7" p1="0"/>', 1), ITEM), "3mf",
         sorted([RED, PLAIN])),
        (threemf(BASES + mesh_xml(cube()).replace("<object ", '<object pid="7" pindex="0" ')
                 .replace('v3="3"/>', 'v3="3" p1="1"/>', 1), ITEM), "3mf", sorted([RED, GREEN])),
        (threemf(f'<m:colorgroup {MATERIALS} id="7"><m:color color="#00FF00"/></m:colorgroup>'
                 + mesh_xml(cube()).replace("<object ", '<object pid="7" pindex="0" '), ITEM), "3mf", [GREEN]),
    ],
)  # fmt: skip
def test_colors_are_read(content: bytes | str, extension: str, expected: list[tuple[int, ...]]) -> None:
    assert colors(content, extension) == expected


@pytest.mark.parametrize("numbers", ["1 0 0", "255 0 0", "255.0 0 0 # red"])
def test_obj_vertices_carry_colors_if_all_do(numbers: str) -> None:
    plain = obj(cube()).splitlines()
    painted = [f"{line} {numbers}" if line.startswith("v ") else line for line in plain]

    assert colors("\n".join(painted), "obj") == [RED]
    assert colors("\n".join([plain[0], *painted[1:]]), "obj") == []
    assert colors("\n".join(f"{line} 1.0" if line.startswith("v ") else line for line in plain), "obj") == []


@pytest.mark.parametrize(
    "attributes",
    ['pid="9" pindex="0"', 'pid="7" pindex="99"', 'pid="7" pindex="-1"', 'pid="7" pindex="x"', 'pid="7"'],
)
def test_colors_that_are_not_there_are_plain(attributes: str) -> None:
    content = threemf(BASES + mesh_xml(cube()).replace("<object ", f"<object {attributes} "), ITEM)

    assert colors(content, "3mf") == []


def test_obj_has_the_colors_of_its_materials() -> None:
    lines = obj(cube()).splitlines()
    faces = [line for line in lines if line.startswith("f ")]
    used = ["usemtl red", *faces[:4], "usemtl  none", *faces[4:8], "\tusemtl the green one", *faces[8:]]
    content = "\n".join([line for line in lines if not line.startswith("f ")] + used)
    materials = b"newmtl red\r\nKa 1 1 1\r\n  Kd 1.0 0 0\r\nnewmtl the green one\r\nKd 0 7 -1\r\nmap_Kd ../../etc/passwd"

    assert colors_with_materials(content, materials) == sorted([RED, GREEN, PLAIN])
    assert colors_with_materials(content, b"") == []


@pytest.mark.parametrize(
    "materials",
    [b"newmtl red", b"newmtl red\nKd", b"newmtl red\nKd 1 0", b"newmtl red\nKd nan 0 0", b"newmtl red\nKd 1e999 0 0",
     b"Kd 1 0 0", b"newmtl red\nKd red", bytes(range(256))],
)  # fmt: skip
def test_damaged_materials_leave_an_obj_plain(materials: bytes) -> None:
    content = obj(cube()).replace("\nf ", "\nusemtl red\nf ", 1)

    assert colors_with_materials(content, materials) == []


def test_instances_keep_the_colors_of_their_objects() -> None:
    red = mesh_xml(cube()).replace("<object ", '<object pid="7" pindex="0" ')
    content = threemf(
        BASES + red + mesh_xml(cube(), number=2),
        '<item objectid="2"/><item objectid="1" transform="1 0 0 0 1 0 0 0 1 20 0 0"/>',
    )

    found = loaded(content, "3mf").mesh.colors

    assert found is not None
    assert found[:12].tolist() == [list(PLAIN)] * 12
    assert found[12:].tolist() == [list(RED)] * 12


def test_the_picture_shows_the_color() -> None:
    picture, small = render(loaded(colored_glb([1.0, 0.0, 0.0, 1.0]), "glb").mesh)

    for made in (picture, small):
        seen = made[made[..., 3] == 255][:, :3].mean(axis=0)
        assert seen[0] > 2 * seen[1] and seen[0] > 2 * seen[2]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_black_and_white_things_still_have_shades(share: float) -> None:
    picture, _ = render(loaded(colored_glb([share, share, share, 1.0]), "glb").mesh)

    brightness = picture[picture[..., 3] == 255][:, :3].mean(axis=1)
    assert np.percentile(brightness, 95) - np.percentile(brightness, 5) > 25
    assert np.percentile(brightness, 5) > 15


def light_colors(mesh: LoadedMesh) -> UInt8:
    """Colors of the light mesh, read back as any glTF."""
    found = loaded(light_mesh_of(mesh), "glb").mesh.colors
    assert found is not None
    return found


def test_light_mesh_keeps_colors_and_where_they_meet() -> None:
    xml = mesh_xml(cube()).replace("<object ", '<object pid="7" pindex="0" ')
    mesh = loaded(threemf(BASES + xml.replace('v3="3"/>', 'v3="3" p1="1"/>', 1), ITEM), "3mf")

    counts = np.unique(light_colors(mesh), axis=0, return_counts=True)[1]

    assert sorted(counts.tolist()) == [1, 11]


def test_light_mesh_of_a_large_mesh_keeps_its_colors() -> None:
    solid = sphere(50, rings=400)
    vertices, faces = indexed(solid)
    lines = [f"v {x:.6f} {y:.6f} {z:.6f} {int(x > 0)} {int(x <= 0)} 0" for x, y, z in vertices]
    mesh = loaded("\n".join(lines + [f"f {a + 1} {b + 1} {c + 1}" for a, b, c in faces]), "obj")
    assert len(solid) > MOST_TRIANGLES

    found = light_colors(mesh)

    assert len(found) <= MOST_TRIANGLES
    pure = np.isin(found[:, 0], (0, 255)) & np.isin(found[:, 1], (0, 255))
    assert pure.mean() > 0.95


def test_triangles_that_were_dropped_take_the_colors_with_them() -> None:
    content = colored_ply("ascii", "uchar", 255).replace(b"10.0 10.0 10.0", b"nan 10 10")

    found = loaded(content, "ply").mesh

    assert found.dropped and found.colors is None


def test_linear_values_keep_black_and_white() -> None:
    assert to_linear(np.array([[0, 255, 188]], np.uint8)).tolist() == [[0, 255, 128]]
