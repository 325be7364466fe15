"""More like this: the nearest shapes a person may see, as a row of the model's page and as a page without script."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from config.accounts.models import User
from libraries.models import Library
from models3d.audience import audience_of
from models3d.models import Model3D
from models3d.similar import likeness_of, similar_to
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.integration.models3d.shaped import model_with, shaped_file
from tests.unit.models3d.solids import cube, sphere
from tests.unit.models3d.varied import turned, varied_solid

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(db: None) -> Library:
    library: Library = LibraryFactory()
    return library


def address(model: Model3D, query: str = "") -> str:
    return reverse("models3d:similar", args=[model.pk]) + query


def row(client: Client, model: Model3D, query: str = "") -> str:
    response = client.get(address(model, query), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    return response.content.decode()


def near(model: Model3D, user: User) -> list[str]:
    likeness = likeness_of(model.files.get())
    assert likeness is not None
    found = similar_to(likeness, audience_of(user), limit=8, besides=model.pk)
    return [Model3D.objects.get(pk=one.model_id).name for one in found]


def test_the_nearest_come_first_and_what_is_far_is_left_out(alice: User, library: Library) -> None:
    model = model_with(varied_solid(2), library, "hook")
    model_with(varied_solid(2) * (1, 1, 1.05), library, "hook, longer")
    model_with(turned(varied_solid(2), 1) * 3, library, "hook, large")
    model_with(varied_solid(0), library, "ball")

    assert near(model, alice) == ["hook, large", "hook, longer"]


def test_a_model_with_many_like_files_is_shown_once(alice: User, library: Library) -> None:
    model = model_with(varied_solid(2), library, "hook")
    kit = Model3DFactory(library=library, name="kit")
    for number in range(3):
        shaped_file(kit, varied_solid(2) * (1, 1, 1 + number / 50), f"{number}.stl")

    assert near(model, alice) == ["kit"]


def test_symmetric_solids_are_like_those_of_their_size_only(alice: User, library: Library) -> None:
    ball = model_with(sphere(10), library, "ball")
    model_with(sphere(20), library, "large ball")
    model_with(sphere(10, rings=31), library, "coarse ball")
    model_with(cube(10), library, "cube")

    assert near(ball, alice) == ["coarse ball"]


def test_any_mesh_may_be_asked_about(alice: User, library: Library) -> None:
    model = model_with(varied_solid(3), library, "bracket")
    likeness = likeness_of(model.files.get())
    assert likeness is not None

    [found] = similar_to(likeness, audience_of(alice), limit=5)

    assert (found.model_id, found.file_id) == (model.pk, model.files.get().pk)
    assert found.distance == pytest.approx(0, abs=1e-6)


def test_the_page_asks_for_the_row_after_it_is_shown(as_alice: Client, library: Library) -> None:
    model = model_with(varied_solid(2), library, "hook")
    model_with(varied_solid(2) * 2, library, "large hook")
    # Without a picture there is nothing in the viewer that others could be like.
    page = as_alice.get(model.get_absolute_url()).content.decode()
    assert "like-this" not in page

    found = row(as_alice, model)

    assert "More like this" in found
    assert "large hook" in found
    assert "<html" not in found
    whole = as_alice.get(address(model)).content.decode()
    assert "<h1" in whole
    assert "large hook" in whole


def test_the_row_is_about_the_file_that_is_shown(as_alice: Client, library: Library) -> None:
    model = model_with(varied_solid(2), library, "kit")
    other = shaped_file(model, varied_solid(3), "other.stl")
    model_with(varied_solid(3) * 2, library, "like the other")

    assert "like the other" not in row(as_alice, model)
    assert "like the other" in row(as_alice, model, f"?file={other.pk}")
    assert row(as_alice, model, "?file=99999999999999999999").strip() == ""


def test_nothing_is_shown_where_nothing_is_alike(as_alice: Client, library: Library) -> None:
    lonely = model_with(varied_solid(2), library, "hook")
    text = ModelFileFactory(model__library=library).model

    assert row(as_alice, lonely).strip() == ""
    assert row(as_alice, text).strip() == ""
    assert "No other model" in as_alice.get(address(text)).content.decode()


def test_a_stranger_sees_neither_the_page_nor_hidden_models_in_it(
    as_bob: Client, as_charlie: Client, library: Library, shared_library: Library
) -> None:
    hidden = model_with(varied_solid(2), shared_library, "hidden hook")
    model = model_with(varied_solid(2) * 2, library, "hook")

    assert "hidden hook" in row(as_bob, model)
    assert row(as_charlie, model).strip() == ""
    assert as_charlie.get(address(hidden)).status_code == 404
    assert Client().get(address(hidden)).status_code == 302


def test_sensitive_models_are_left_out_for_who_hides_them(
    as_alice: Client, alice: User, library: Library
) -> None:
    model = model_with(varied_solid(2), library, "hook")
    Model3D.objects.filter(pk=model_with(varied_solid(2), library, "nude").pk).update(is_sensitive=True)
    assert "nude" in row(as_alice, model)

    alice.sensitive_models = "hide"
    alice.save(update_fields=["sensitive_models"])

    assert "nude" not in row(as_alice, model)


def test_queries_do_not_grow_with_what_is_found(
    as_alice: Client, library: Library, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    model = model_with(varied_solid(2), library, "hook")
    for number in range(10):
        model_with(varied_solid(2) * (2 + number), library, f"hook {number}")

    with django_assert_max_num_queries(10):
        found = row(as_alice, model)

    assert found.count('class="model"') == 8
