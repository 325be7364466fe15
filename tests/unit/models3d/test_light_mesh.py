"""Light meshes are small glTF files that hold the same shape."""

import json
import struct
from io import BytesIO
from typing import Any

import DracoPy
import numpy as np
import pytest

from models3d.meshes.errors import NoGeometry
from models3d.meshes.lightmesh import MOST_TRIANGLES, light_mesh_of
from models3d.meshes.load import load
from tests.unit.models3d.solids import binary_stl, cube, facts, mesh_xml, sphere, threemf


def unpacked(content: bytes) -> tuple[dict[str, Any], bytes]:
    magic, version, length, json_length = struct.unpack_from("<4sIII", content)
    assert (magic, version, length) == (b"glTF", 2, len(content))
    binary_length, kind = struct.unpack_from("<I4s", content, 20 + json_length)
    assert (kind, binary_length) == (b"BIN\0", length - 28 - json_length)
    return json.loads(content[20 : 20 + json_length]), content[28 + json_length :]


def test_cube_survives() -> None:
    document, binary = unpacked(light_mesh_of(load(BytesIO(binary_stl(cube(20, at=(5, 6, 7)))), "stl")))

    position, indices = document["accessors"]
    assert (position["count"], indices["count"]) == (8, 36)
    assert position["min"] == pytest.approx([5, 6, 7], abs=0.01)
    assert position["max"] == pytest.approx([25, 26, 27], abs=0.01)
    primitive = document["meshes"][0]["primitives"][0]
    compression = primitive["extensions"]["KHR_draco_mesh_compression"]
    view = document["bufferViews"][compression["bufferView"]]
    mesh = DracoPy.decode(binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]])
    assert np.asarray(mesh.faces).size == indices["count"]
    assert [attribute["unique_id"] for attribute in mesh.attributes] == [
        compression["attributes"]["POSITION"]
    ]


def test_file_says_that_it_is_in_millimeters_with_z_up() -> None:
    document, _ = unpacked(light_mesh_of(load(BytesIO(binary_stl(cube())), "stl")))

    assert document["asset"]["extras"] == {"unit": "mm", "upAxis": "z"}
    assert document["extensionsRequired"] == ["KHR_draco_mesh_compression"]


def test_parts_keep_their_names() -> None:
    resources = mesh_xml(cube()).replace("<object ", '<object name="Lid &amp; lock" ')
    content = threemf(
        resources, '<item objectid="1"/><item objectid="1" transform="1 0 0 0 1 0 0 0 1 20 0 0"/>'
    )

    document, _ = unpacked(light_mesh_of(load(BytesIO(content), "3mf")))

    assert [node["name"] for node in document["nodes"]] == ["Lid & lock", "Lid & lock"]
    assert [accessor["count"] for accessor in document["accessors"]] == [8, 36, 8, 36]


def test_large_mesh_is_reduced_and_keeps_its_shape() -> None:
    solid = sphere(50, rings=520)
    loaded = load(BytesIO(binary_stl(solid)), "stl")
    assert len(solid) > 1.7 * MOST_TRIANGLES

    content = light_mesh_of(loaded)

    document, _ = unpacked(content)
    assert document["accessors"][1]["count"] / 3 <= MOST_TRIANGLES
    # Read back as any glTF, one unit is a meter.
    assert facts(content, "glb").volume_mm3 == pytest.approx(4 / 3 * np.pi * 50_000**3, rel=0.01)


def test_collapsed_mesh_has_no_light_mesh() -> None:
    with pytest.raises(NoGeometry):
        light_mesh_of(load(BytesIO(binary_stl(np.ones((3, 3, 3)))), "stl"))
