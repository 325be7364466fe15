"""Columns that follow from files: counts, sizes, cover, search words, and whether a model is still there."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from models3d import derived
from models3d.models import Model3D, ModelFile, Preview
from tests.factories import CreatorFactory, Model3DFactory, ModelFileFactory, TagFactory

pytestmark = pytest.mark.django_db


def refreshed(model: Model3D) -> Model3D:
    derived.refresh_models([model.pk])
    model.refresh_from_db()
    return model


def pictured(model: Model3D, path: str, sha256: str, **columns: object) -> ModelFile:
    Preview.objects.create(sha256=sha256, form="picture", version=1, size_bytes=10)
    file: ModelFile = ModelFileFactory(model=model, relative_path=path, sha256=sha256, **columns)
    return file


def test_model_counts_its_files_formats_and_bytes() -> None:
    model = Model3DFactory()
    ModelFileFactory(model=model, extension="stl", size_bytes=100)
    ModelFileFactory(model=model, extension="3mf", size_bytes=50)
    ModelFileFactory(model=model, extension="", size_bytes=1)

    refreshed(model)

    assert (model.file_count, model.total_bytes, model.formats) == (3, 151, ["3mf", "stl"])


def test_model_has_the_size_of_its_largest_mesh_without_supports() -> None:
    model = Model3DFactory()
    ModelFileFactory(model=model, size_x_mm=10, size_y_mm=10, size_z_mm=10, area_mm2=600)
    ModelFileFactory(model=model, size_x_mm=1, size_y_mm=2, size_z_mm=30, area_mm2=184)
    ModelFileFactory(model=model, size_x_mm=40, size_y_mm=40, size_z_mm=40, area_mm2=9600, role="supported")

    refreshed(model)

    assert (model.size_x_mm, model.size_y_mm, model.size_z_mm, model.largest_size_mm) == (10, 10, 10, 10)


@pytest.mark.parametrize(
    ("meshes", "expected"),
    [([True, True], True), ([True, False], False), ([None, True], True), ([None], None)],
)
def test_model_is_watertight_if_every_measured_mesh_is(
    meshes: list[bool | None], expected: bool | None
) -> None:
    model = Model3DFactory()
    for is_watertight in meshes:
        ModelFileFactory(model=model, is_watertight=is_watertight)

    assert refreshed(model).is_watertight is expected


def test_missing_files_do_not_count() -> None:
    model = Model3DFactory()
    ModelFileFactory(model=model, extension="stl")
    ModelFileFactory(model=model, extension="obj", missing_since=timezone.now(), size_x_mm=500)

    refreshed(model)

    assert (model.file_count, model.formats, model.size_x_mm, model.missing_since) == (1, ["stl"], None, None)


def test_model_whose_files_all_vanished_is_missing_until_one_returns() -> None:
    model = Model3DFactory()
    vanished = ModelFileFactory(model=model, missing_since=timezone.now())
    assert refreshed(model).missing_since == vanished.missing_since

    ModelFile.objects.filter(pk=vanished.pk).update(missing_since=None)

    assert refreshed(model).missing_since is None


def test_picture_named_as_cover_wins_over_meshes_and_a_chosen_one_over_all() -> None:
    model = Model3DFactory()
    mesh = pictured(model, "Dragon/dragon.stl", "a" * 64)
    pictured(model, "Dragon/photo.jpg", "b" * 64, kind="image")
    assert refreshed(model).cover_sha256 == "a" * 64

    pictured(model, "Dragon/Cover.jpg", "c" * 64, kind="image")
    assert refreshed(model).cover_sha256 == "c" * 64

    Model3D.objects.filter(pk=model.pk).update(cover=mesh)
    assert refreshed(model).cover_sha256 == "a" * 64


@pytest.mark.parametrize(
    ("name", "files", "expected"),
    [
        # A figure has more detail than its base, whichever is larger.
        ("Orc", {"orc.stl": (200_000, 3_000), "plinth.stl": (900, 9_000)}, "orc.stl"),
        ("Orc", {"orc.stl": (5_000, 300), "Base_32mm.stl": (400_000, 900)}, "orc.stl"),
        ("Orc", {"orc.stl": (5_000, 300), "bases/round2.stl": (400_000, 900)}, "orc.stl"),
        ("Orc", {"orc.stl": (5_000, 300), "orcFitTest.stl": (400_000, 900)}, "orc.stl"),
        ("Headphone stand", {"stand.stl": (500, 60_000), "hook.stl": (300, 900)}, "stand.stl"),
        ("Gearbox", {"housing.stl": (5_000, 60_000), "thread.stl": (20_000, 500)}, "housing.stl"),
        ("Bits", {"base.stl": (500, 600), "stand.stl": (900, 600)}, "stand.stl"),
        ("Orc", {"baseball orc.stl": (900, 600), "shield.stl": (500, 600)}, "baseball orc.stl"),
    ],
)
def test_the_mesh_that_people_look_for_is_the_cover(
    name: str, files: dict[str, tuple[int, float]], expected: str
) -> None:
    model = Model3DFactory(name=name, relative_path=f"bases/{name}")
    for number, (path, (triangles, area)) in enumerate(files.items()):
        pictured(
            model, f"bases/{name}/{path}", f"{number:064x}", triangle_count=triangles, area_mm2=area
        )  # fmt: skip

    sha256 = refreshed(model).cover_sha256

    assert list(files)[int(sha256, 16)] == expected


def test_a_mesh_without_supports_is_a_better_cover() -> None:
    model = Model3DFactory()
    pictured(model, "a.stl", "a" * 64, triangle_count=10, area_mm2=20)
    pictured(model, "b.stl", "b" * 64, triangle_count=20, area_mm2=20)
    pictured(model, "supported/b.stl", "c" * 64, triangle_count=90, area_mm2=20, role="supported")

    assert refreshed(model).cover_sha256 == "b" * 64


def test_pictures_follow_meshes_and_cad_files_unless_their_names_say_more() -> None:
    model = Model3DFactory()
    for path, sha256, kind in (("a.jpg", "a", "image"), ("b.step", "b", "cad"), ("c.stl", "c", "mesh"),
                               ("d preview.png", "d", "image"), ("e_hero.png", "e", "image")):  # fmt: skip
        pictured(model, path, sha256 * 64, kind=kind)

        assert refreshed(model).cover_sha256 == sha256 * 64


def test_model_is_found_by_the_names_of_its_files_and_folders() -> None:
    model = Model3DFactory(relative_path="Tinker Loft/Goblin")
    ModelFileFactory(model=model, relative_path="Tinker Loft/Goblin/STL/axeHead_v2.stl")

    refreshed(model)

    for word in ("tinker", "axe", "head"):
        assert Model3D.objects.filter(search_vector=word).exists(), word


def test_many_models_take_as_many_statements_as_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    models = Model3DFactory.create_batch(30)

    with django_assert_num_queries(4):  # a savepoint around a lock and an update
        derived.refresh_models([model.pk for model in models])


def test_counters_follow_models_that_are_there() -> None:
    tag, creator = TagFactory(model_count=7), CreatorFactory(model_count=7)
    model = Model3DFactory(creator=creator)
    gone = Model3DFactory(library=model.library, creator=creator, missing_since=timezone.now())
    for one in (model, gone):
        one.tags.add(tag)
        ModelFileFactory(model=one, missing_since=one.missing_since)
    derived.refresh_models([model.pk])

    derived.refresh_libraries([model.library_id])
    derived.recount_tags_and_creators()

    for row in (tag, creator, library := model.library):
        row.refresh_from_db()
    assert (tag.model_count, creator.model_count) == (1, 1)
    assert (library.model_count, library.file_count, library.total_bytes) == (1, 1, 684)
    assert library.model_counts_by_format == {"stl": 1}
