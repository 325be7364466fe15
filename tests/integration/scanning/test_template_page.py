"""Trying a path template before it is used: the settings refuse a wrong one, the page shows what one would tell."""

import pytest
from django.test import Client

from libraries.models import Library
from tests.factories import Model3DFactory, ModelFileFactory

ENTRY = {"name": "Minis", "grouping": "folders", "scan_interval_minutes": "720"}


def _address(library: Library) -> str:
    return f"/activity/libraries/{library.pk}/paths/"


def test_only_the_owner_may_try_templates(
    shared_library: Library, as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    answers = [client.get(_address(shared_library)).status_code for client in (as_alice, as_bob, as_charlie)]

    assert answers == [200, 404, 404]


def test_the_page_shows_what_paths_would_tell(as_alice: Client, shared_library: Library) -> None:
    Model3DFactory(library=shared_library, relative_path="Ann & Co/2024/Orc (<b>big, old)")
    ModelFileFactory(model__library=shared_library, model__relative_path="x.stl", relative_path="x.stl")

    query = {"path_template": "{creator}/{collection}/{name} ({tags})"}
    page = as_alice.get(_address(shared_library), query).content.decode()

    assert "<b>big" not in page
    for text in (
        "Ann &amp; Co",
        "2024",
        "&lt;b&gt;big, old</dd>",
        "Tells nothing.",
        "is built like this",
    ):
        assert text in page


def test_htmx_gets_the_result_alone(as_alice: Client, shared_library: Library) -> None:
    response = as_alice.get(
        _address(shared_library), {"path_template": "{who}"}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert "“{who}” at character 1 means nothing" in page
    assert "<html" not in page and "<form" not in page
    assert "HX-Request" in response["Vary"]


def test_a_library_shows_its_own_template_first(as_alice: Client, shared_library: Library) -> None:
    Library.objects.update(path_template="{creator}/{name}")
    Model3DFactory(library=shared_library, relative_path="Ann/Orc")

    assert "Ann</dd>" in as_alice.get(_address(shared_library)).content.decode()


@pytest.mark.parametrize("text", ["", " ", "{", "/", "\x00", "{name}" * 200, "{collection}/" * 30])
def test_no_text_makes_the_page_stumble(as_alice: Client, shared_library: Library, text: str) -> None:
    Model3DFactory(library=shared_library, relative_path="Ann/Orc")

    assert as_alice.get(_address(shared_library), {"path_template": text}).status_code == 200


def test_settings_take_a_right_template_and_refuse_a_wrong_one(
    as_alice: Client, shared_library: Library
) -> None:
    address = f"/libraries/{shared_library.pk}/"

    refused = as_alice.post(address, ENTRY | {"path_template": "{creator}/{title}"}).content.decode()
    as_alice.post(address, ENTRY | {"path_template": " {creator}/{name} "})

    assert "“{title}” at character 11 means nothing" in refused
    shared_library.refresh_from_db()
    assert shared_library.path_template == "{creator}/{name}"
