"""The list of models as JSON."""

import pytest
from django.test import Client

from libraries.models import Library
from tests.factories import CreatorFactory, LibraryFactory, Model3DFactory

LIST = "/api/v1/models"


def test_the_list_goes_on_by_cursor(as_alice: Client) -> None:
    library = LibraryFactory()
    for n in range(5):
        Model3DFactory(
            library=library, name=f"Part {n}", creator=CreatorFactory(name=f"Ada {n}"), formats=["stl"]
        )

    first = as_alice.get(LIST, {"limit": 3}).json()
    second = as_alice.get(LIST, {"limit": 3, "after": first["next"]}).json()

    assert [item["name"] for item in first["items"] + second["items"]] == [
        f"Part {n}" for n in range(4, -1, -1)
    ]
    assert second["next"] is None
    assert first["items"][0]["creator"] == "Ada 4"
    assert first["items"][0]["library_id"] == library.pk


def test_words_and_choices_narrow_the_list(as_alice: Client) -> None:
    Model3DFactory(name="Dragon", formats=["stl"])
    Model3DFactory(name="Dragon egg", formats=["obj"])

    items = as_alice.get(LIST, {"q": "dragon", "type": "obj"}).json()["items"]

    assert [item["name"] for item in items] == ["Dragon egg"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=",
        "after=x",
        "sort=cheapest",
        "library=x",
        "q=" + "a" * 600,
        "q=size:<5parsec",
        "q=(red",
    ],
)
def test_bad_input_is_a_problem_in_words(as_alice: Client, query: str) -> None:
    response = as_alice.get(f"{LIST}?{query}")

    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"].endswith(".")


def test_faults_of_a_search_are_told_with_their_places(as_alice: Client) -> None:
    problem = as_alice.get(LIST, {"q": "red size:<5parsec"}).json()

    assert problem["errors"] == [{"position": 4, "length": 13, "detail": problem["detail"]}]


def test_fields_narrow_the_list(as_alice: Client) -> None:
    Model3DFactory(name="Small", size_x_mm=20, size_y_mm=20, size_z_mm=20)
    Model3DFactory(name="Large", size_x_mm=200, size_y_mm=20, size_z_mm=20)

    items = as_alice.get(LIST, {"q": "size:<10cm"}).json()["items"]

    assert [item["name"] for item in items] == ["Small"]


def test_a_stranger_gets_nothing_of_a_hidden_library(as_charlie: Client, shared_library: Library) -> None:
    Model3DFactory(library=shared_library)

    assert as_charlie.get(LIST).json() == {"items": [], "next": None}


def test_signed_out_programs_are_told_so_in_json(db: None) -> None:
    response = Client().get(LIST)

    assert response.status_code == 401
    assert response.json()["detail"].startswith("Sign in first")


def test_only_reading_is_answered(as_alice: Client) -> None:
    assert as_alice.post(LIST).status_code == 405
