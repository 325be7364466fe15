"""Pictures of meshes show the model, whole and on a transparent ground."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from models3d.meshes.arrays import Float64, UInt8
from models3d.meshes.load import load
from models3d.meshes.render import render, webp
from tests.unit.models3d.solids import binary_stl, cube, obj, sphere


def pictures(triangles: Float64) -> tuple[UInt8, UInt8]:
    return render(load(BytesIO(binary_stl(triangles)), "stl").mesh)


def test_sphere_is_a_disk_in_the_middle_of_a_transparent_picture() -> None:
    picture, small = pictures(sphere())

    assert picture.shape == (512, 512, 4)
    assert small.shape == (256, 256, 4)
    assert picture[256, 256, 3] == 255
    assert picture[0, :, 3].max() == picture[:, 0, 3].max() == picture[:, -1, 3].max() == 0
    solid = picture[..., 3] == 255
    assert solid.sum() == pytest.approx(np.pi / 4 * (512 * 0.85) ** 2, rel=0.03)


def test_light_comes_from_above() -> None:
    picture, _ = pictures(sphere())

    assert picture[120, 256, :3].mean() > picture[400, 256, :3].mean() + 20


def test_model_is_neither_black_nor_burnt_out() -> None:
    picture, _ = pictures(cube())

    brightness = picture[picture[..., 3] == 255][:, :3].mean(axis=1)
    assert 60 < np.percentile(brightness, 5) < np.percentile(brightness, 95) < 245


def test_inside_out_model_looks_the_same() -> None:
    picture, _ = pictures(cube())
    reverse, _ = pictures(cube()[:, ::-1])

    assert np.abs(picture.astype(int) - reverse).mean() < 1


def test_closed_model_looks_the_same_without_the_faces_turned_away() -> None:
    ball = sphere(1.0, rings=16) + np.array([0.5, 0.5, 1.8])
    ball_on_block = np.concatenate([cube(), ball])
    mesh = load(BytesIO(binary_stl(ball_on_block)), "stl").mesh

    picture, _ = render(mesh)
    quick, _ = render(mesh, is_closed=True)

    assert np.abs(picture.astype(int) - quick).mean() < 0.05


@pytest.mark.parametrize("factor", [1e-30, 1e-6, 1e6, 1e37])
def test_size_does_not_change_the_picture(factor: float) -> None:
    picture, _ = pictures(cube())
    other, _ = pictures(cube() * factor)

    assert np.abs(picture.astype(int) - other).mean() < 1


def test_lying_plate_is_seen_from_higher_up_than_a_block() -> None:
    plate, _ = pictures(cube() * (10, 10, 0.2))

    rows = np.flatnonzero((plate[..., 3] == 255).any(axis=1))
    assert np.ptp(rows) > 200


def test_broken_triangles_do_not_spoil_the_picture() -> None:
    triangles = np.concatenate([cube(), cube()[:1] * np.nan, np.zeros((2, 3, 3))])

    picture, _ = pictures(triangles)

    assert picture[256, 256, 3] == 255


def test_up_axis_can_be_overridden() -> None:
    post = cube() * (1, 10, 1)

    lying = load(BytesIO(obj(post).encode()), "obj").mesh
    standing = load(BytesIO(obj(post).encode()), "obj", up_axis="y").mesh

    assert np.ptp(lying.vertices, axis=0).tolist() == [10, 100, 10]
    assert np.ptp(standing.vertices, axis=0).tolist() == [10, 10, 100]


def test_picture_is_written_as_small_transparent_webp() -> None:
    content = webp(pictures(sphere())[0])

    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.mode, image.size) == ("WEBP", "RGBA", (512, 512))
    assert len(content) < 40_000
