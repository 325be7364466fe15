"""Small solids, and files of them in every format, made by hand."""

import json
import struct
import zipfile
from io import BytesIO

import numpy as np

from models3d.meshes.arrays import Float64, Int64
from models3d.meshes.facts import MeshFacts, facts_of
from models3d.meshes.load import load

CUBE_FACES = np.array(
    [
        [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
        [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3],
    ]
)  # fmt: skip


def cube(side: float = 10.0, at: tuple[float, float, float] = (0, 0, 0)) -> Float64:
    """(12, 3, 3) corners of a cube with outward faces."""
    corners = np.array([[x, y, z] for x in (0, side) for y in (0, side) for z in (0, side)], np.float64)
    triangles: Float64 = (corners + at)[CUBE_FACES]
    return triangles


def sphere(radius: float = 10.0, rings: int = 32) -> Float64:
    """(n, 3, 3) corners of a closed sphere about the origin; the poles are degenerate-free."""
    around = np.linspace(0, 2 * np.pi, 2 * rings, endpoint=False)
    down = np.linspace(0, np.pi, rings + 1)
    ring = np.stack(
        [
            np.outer(np.sin(down), np.cos(around)),
            np.outer(np.sin(down), np.sin(around)),
            np.outer(np.cos(down), np.ones_like(around)),
        ],
        axis=-1,
    )
    ring[0], ring[-1] = (0, 0, 1), (0, 0, -1)
    beside = np.roll(ring, -1, axis=1)
    lower = np.stack([ring[:-1], ring[1:], beside[1:]], axis=2).reshape(-1, 3, 3)
    upper = np.stack([ring[:-1], beside[1:], beside[:-1]], axis=2).reshape(-1, 3, 3)
    triangles = np.concatenate([lower, upper]) * radius
    edges = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    proper: Float64 = triangles[np.linalg.norm(edges, axis=1) > 1e-9 * radius]
    return proper


def binary_stl(triangles: Float64, *, count: int | None = None, header: bytes = b"") -> bytes:
    """A binary STL; `count` lets the header lie."""
    records = np.zeros(len(triangles), [("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")])
    with np.errstate(over="ignore"):
        records["v"] = triangles
    announced = len(triangles) if count is None else count
    return header.ljust(80, b"\0") + struct.pack("<I", announced) + records.tobytes()


def text_stl(triangles: Float64, *, name: str = "solid", line_end: str = "\n") -> str:
    """A text STL."""
    lines = [f"solid {name}"]
    for triangle in triangles:
        lines += ["facet normal 0 0 0", " outer loop"]
        lines += [f"  vertex {x:.6g} {y:.6g} {z:.6g}" for x, y, z in triangle]
        lines += [" endloop", "endfacet"]
    return line_end.join([*lines, f"endsolid {name}", ""])


def indexed(triangles: Float64) -> tuple[Float64, Int64]:
    """Vertices (n, 3) and faces (m, 3)."""
    vertices, numbers = np.unique(triangles.reshape(-1, 3), axis=0, return_inverse=True)
    return vertices, numbers.reshape(-1, 3)


def obj(triangles: Float64) -> str:
    """An OBJ."""
    vertices, faces = indexed(triangles)
    lines = [f"v {x:.9g} {y:.9g} {z:.9g}" for x, y, z in vertices]
    return "\n".join(lines + [f"f {a + 1} {b + 1} {c + 1}" for a, b, c in faces]) + "\n"


def off(triangles: Float64) -> str:
    """An OFF."""
    vertices, faces = indexed(triangles)
    lines = ["OFF", f"{len(vertices)} {len(faces)} 0"] + [f"{x:.9g} {y:.9g} {z:.9g}" for x, y, z in vertices]
    return "\n".join(lines + [f"3 {a} {b} {c}" for a, b, c in faces]) + "\n"


def ply(triangles: Float64, *, form: str = "ascii") -> bytes:
    """A PLY in one of the three forms, with a color on each vertex."""
    vertices, faces = indexed(triangles)
    header = (
        f"ply\nformat {form} 1.0\ncomment by hand\nelement vertex {len(vertices)}\nproperty float x\n"
        "property float y\nproperty float z\nproperty uchar red\n"
        f"element face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    ).encode()
    if form == "ascii":
        rows = [f"{x:.9g} {y:.9g} {z:.9g} 255" for x, y, z in vertices] + [
            f"3 {a} {b} {c}" for a, b, c in faces
        ]
        return header + "\n".join(rows).encode() + b"\n"
    order = ">" if "big" in form else "<"
    body = b"".join(struct.pack(f"{order}3fB", *vertex, 255) for vertex in vertices)
    return header + body + b"".join(struct.pack(f"{order}B3i", 3, *face) for face in faces)


def mesh_xml(triangles: Float64, *, number: int = 1) -> str:
    """An object of a 3MF."""
    vertices, faces = indexed(triangles)
    points = "".join(f'<vertex x="{x:.9g}" y="{y:.9g}" z="{z:.9g}"/>' for x, y, z in vertices)
    corners = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in faces)
    return (
        f'<object id="{number}" type="model"><mesh><vertices>{points}</vertices>'
        f"<triangles>{corners}</triangles></mesh></object>"
    )


def threemf(
    resources: str, build: str, *, unit: str = "millimeter", before: str = "", more: str = ""
) -> bytes:
    """A 3MF package."""
    model = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<model unit="{unit}" '
        'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02" '
        'xmlns:p="http://schemas.microsoft.com/3dmanufacturing/production/2015/06">'
        f"<resources>{resources}</resources><build>{build}</build></model>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Target="/3D/model.model" Id="r" '
        'Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>'
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", relations)
        package.writestr("3D/model.model", model)
        if more:
            package.writestr("3D/Objects/more.model", model.replace(resources, more).replace(build, ""))
    return stream.getvalue()


def glb(document: dict[str, object], binary: bytes) -> bytes:
    """A GLB file."""
    text = json.dumps({"asset": {"version": "2.0"}, **document}).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    chunks = (
        struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    )
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def facts(content: bytes | str, extension: str) -> MeshFacts:
    """The facts of a file with this content."""
    raw = content.encode() if isinstance(content, str) else content
    return facts_of(load(BytesIO(raw), extension))
