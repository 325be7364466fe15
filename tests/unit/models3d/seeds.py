"""Small sound files of every format that is read, to be damaged."""

import json
from typing import Final

from tests.unit.models3d.scene_files import collada, studio
from tests.unit.models3d.sliced_files import zipped
from tests.unit.models3d.solids import binary_stl, cube, glb, mesh_xml, obj, off, ply, text_stl, threemf
from tests.unit.models3d.test_amf import amf, cube_object
from tests.unit.models3d.test_colors import BASES, colored_glb, colored_ply
from tests.unit.models3d.test_images import halves, saved
from tests.unit.models3d.test_other_formats import BINARY, DOCUMENT

SEEDS: Final[dict[str, list[bytes]]] = {
    "stl": [binary_stl(cube()), text_stl(cube()).encode()],
    "obj": [obj(cube()).encode(), obj(cube()).replace("0\nv", "0 1 0 0\nv").encode()],
    "off": [off(cube()).encode()],
    "ply": [
        ply(cube()),
        ply(cube(), form="binary_big_endian"),
        colored_ply("ascii", "float", 0.5),
        colored_ply("binary_little_endian", "uchar", 200),
    ],
    "glb": [glb(DOCUMENT, BINARY), colored_glb([1, 0, 0, 1], at_vertices=bytes(range(32)))],
    "gltf": [json.dumps({"asset": {"version": "2.0"}, **DOCUMENT}).encode()],
    "3mf": [
        threemf(mesh_xml(cube()), '<item objectid="1"/>'),
        threemf(
            BASES + mesh_xml(cube()).replace('v3="3"/>', 'v3="3" pid="7" p1="1"/>'), '<item objectid="1"/>'
        ),
    ],
    "amf": [amf(cube_object()), zipped({"cube.amf": amf(cube_object())})],
    "dae": [collada(node="<translate>1 2 3</translate><rotate>0 0 1 90</rotate>")],
    "3ds": [studio()],
}
IMAGE_SEEDS: Final = [
    saved(halves(64, 32), format) for format in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
]
