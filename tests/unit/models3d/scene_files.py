"""Small scenes in COLLADA and 3DS, made by hand."""

import struct

from tests.unit.models3d.solids import CUBE_FACES, cube, indexed


def collada(
    *,
    unit: str = '<unit meter="0.001"/>',
    up: str = "Z_UP",
    node: str = "",
    faces: str = "",
    scene: str | None = None,
) -> bytes:
    """A cube of 10; `node` holds transforms, `faces` stands in for the triangles."""
    vertices, triangles = indexed(cube())
    floats = " ".join(f"{value:g}" for value in vertices.reshape(-1))
    corners = " ".join(f"{corner} 0" for corner in triangles.reshape(-1))
    inputs = (
        '<input semantic="VERTEX" source="#v" offset="0"/><input semantic="NORMAL" source="#n" offset="1"/>'
    )
    faces = faces or f'<triangles count="12">{inputs}<p>{corners}</p></triangles>'
    shown = f'<node name="Lid">{node}<instance_geometry url="#g"/></node>' if scene is None else scene
    return (
        '<?xml version="1.0"?><COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">'
        f"<asset>{unit}<up_axis>{up}</up_axis></asset>"
        f'<library_geometries><geometry id="g" name="cube"><mesh><source id="s"><float_array id="f" count="24">{floats}'
        '</float_array><technique_common><accessor source="#f" count="8" stride="3"/></technique_common></source>'
        f'<vertices id="v"><input semantic="POSITION" source="#s"/></vertices>{faces}</mesh></geometry></library_geometries>'
        f'<library_visual_scenes><visual_scene id="w">{shown}</visual_scene></library_visual_scenes>'
        '<scene><instance_visual_scene url="#w"/></scene></COLLADA>'
    ).encode()


def studio_chunk(number: int, content: bytes) -> bytes:
    """A chunk of a 3DS file."""
    return struct.pack("<HI", number, 6 + len(content)) + content


def studio(*, last_corner: int = 7) -> bytes:
    """A cube of 10 in 3DS; `last_corner` lets the last face lie."""
    vertices, _ = indexed(cube())
    points = struct.pack("<H", 8) + vertices.astype("<f4").tobytes()
    corners = CUBE_FACES.copy()
    corners[-1, -1] = last_corner if last_corner != 7 else corners[-1, -1]
    faces = struct.pack("<H", 12) + b"".join(struct.pack("<4H", *face, 7) for face in corners)
    mesh = studio_chunk(0x4100, studio_chunk(0x4110, points) + studio_chunk(0x4120, faces))
    named = studio_chunk(0x4000, b"Cube\0" + mesh)
    return studio_chunk(0x4D4D, studio_chunk(0x0002, b"\3\0\0\0") + studio_chunk(0x3D3D, named))
