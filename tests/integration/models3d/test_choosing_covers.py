"""Choosing the cover of a model on its page: what wins, and who may."""

import pytest
from django.test import Client
from django.utils import timezone

from libraries.models import Library
from models3d import derived
from models3d.models import Model3D, ModelFile, Preview
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory


def pictured(model: Model3D, name: str, digits: str, **columns: object) -> ModelFile:
    Preview.objects.create(sha256=digits * 32, form="picture", version=1, size_bytes=10)
    file: ModelFile = ModelFileFactory(model=model, relative_path=name, sha256=digits * 32, **columns)
    derived.refresh_models([model.pk])
    return file


def choose(client: Client, model: Model3D, file: object) -> int:
    status = client.post(f"/models/{model.pk}/cover/choose/", {"file": file}).status_code
    model.refresh_from_db()
    return status


def test_the_chosen_file_is_the_cover_until_the_choice_is_taken_back(as_alice: Client) -> None:
    model = Model3DFactory()
    small = pictured(model, "small.stl", "aa", triangle_count=10, area_mm2=5)
    pictured(model, "large.stl", "bb", triangle_count=99, area_mm2=5)
    assert (
        model.get_absolute_url()
        and "Use small.stl as cover" in as_alice.get(model.get_absolute_url()).content.decode()
    )

    assert choose(as_alice, model, small.pk) == 302

    assert (model.cover_sha256, model.edited_fields) == (small.sha256, ["cover"])
    page = as_alice.get(model.get_absolute_url()).content.decode()
    assert "small.stl is the cover now." in page
    assert "small.stl is the cover; choose automatically instead" in page

    assert choose(as_alice, model, "") == 302
    assert (model.cover_sha256, model.cover) == ("bb" * 32, None)


@pytest.mark.parametrize("asked", ["0", "x", "-1", "9" * 40, "１", "a\x00"])
def test_a_file_that_is_none_changes_nothing(as_alice: Client, asked: str) -> None:
    model = Model3DFactory()
    pictured(model, "part.stl", "aa")

    assert choose(as_alice, model, asked) == 404
    assert (model.cover, model.cover_sha256) == (None, "aa" * 32)


def test_files_of_others_and_files_without_picture_are_no_covers(as_alice: Client) -> None:
    model = Model3DFactory()
    foreign = pictured(Model3DFactory(), "foreign.stl", "aa")
    bare = ModelFileFactory(model=model)
    gone = pictured(model, "gone.stl", "bb", missing_since=timezone.now())

    for file in (foreign, bare, gone):
        assert choose(as_alice, model, file.pk) == 404
    assert model.cover is None


def test_only_those_who_may_edit_choose(as_bob: Client, as_charlie: Client, shared_library: Library) -> None:
    model = Model3DFactory(library=shared_library)
    file = pictured(model, "part.stl", "aa")

    assert choose(as_bob, model, file.pk) == 403
    assert choose(as_charlie, model, file.pk) == 404
    assert choose(Client(), model, file.pk) == 302
    assert model.cover is None
    assert "as cover" not in as_bob.get(model.get_absolute_url()).content.decode()


def test_looking_at_the_address_chooses_nothing(as_alice: Client) -> None:
    model = Model3DFactory(library=LibraryFactory())

    assert as_alice.get(f"/models/{model.pk}/cover/choose/").status_code == 405
