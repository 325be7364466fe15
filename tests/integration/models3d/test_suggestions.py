"""Suggestions while one types, and the help on searching: of what exists, for those who may see it."""

import html
import re

import pytest
from django.test import Client

from collections_app.models import Collection
from config.accounts.models import User
from libraries.models import Library
from models3d.audience import audience_of
from models3d.suggestions import suggestions
from tests.factories import CreatorFactory, Model3DFactory, TagFactory

SUGGEST, HELP = "/search/suggestions/", "/search/help/"


def texts(typed: str, user: User) -> list[str]:
    """What is suggested."""
    return [one.text for one in suggestions(typed, audience_of(user))]


@pytest.fixture
def dragon(shared_library: Library) -> None:
    """A model in a library that charlie does not see, with all that has a name."""
    model = Model3DFactory(
        library=shared_library, creator=CreatorFactory(name="Draco Designs"), license="CC-BY-4.0"
    )
    model.tags.add(TagFactory(name="dragon age", model_count=1))
    model.collections.add(Collection.objects.create(name="Dragons"))


def test_fields_are_suggested_by_their_beginning(alice: User) -> None:
    assert texts("tri", alice) == ["triangles:"]
    assert texts("red -tri", alice) == ["-triangles:"]
    assert "layer:" in texts("lay", alice)
    assert texts("red ", alice) == []


def test_a_taken_suggestion_keeps_what_stands_before_it(alice: User) -> None:
    (found,) = suggestions("red (vase tri", audience_of(alice))

    assert found.fill == "red (vase triangles:"


def test_names_are_suggested_with_and_without_their_field(alice: User, dragon: None) -> None:
    assert texts("dra", alice) == ['tag:"dragon age"', 'creator:"Draco Designs"', "collection:Dragons"]
    assert texts('tag:"dragon a', alice) == ['tag:"dragon age"']
    assert texts("creator:design", alice) == ['creator:"Draco Designs"']
    assert texts("library:mi", alice) == ["library:Minis"]
    assert texts("licence:cc", alice) == ["licence:CC-BY-4.0"]


def test_words_and_examples_are_suggested_after_a_field(alice: User) -> None:
    assert texts("watertight:", alice) == ["watertight:yes", "watertight:no"]
    assert texts("in:z", alice) == ["in:zip"]
    assert texts("problem:not_w", alice) == ["problem:not_watertight"]
    assert texts("size:", alice) == ["size:<100mm", "size:50..80mm"]
    assert texts("nofield:x", alice) == []


def test_a_stranger_is_told_no_name_of_a_hidden_library(bob: User, charlie: User, dragon: None) -> None:
    for typed in ("drag", "tag:d", "creator:d", "collection:d", "library:m", "licence:c"):
        assert texts(typed, bob), typed
        assert [text for text in texts(typed, charlie) if not text.endswith(":")] == [], typed


@pytest.mark.parametrize("typed", ["", "x" * 2000, '"', "%", "tag:%_\\", "\x00tag:", "(" * 300, "tag:" * 100])
def test_anything_typed_is_answered(as_alice: Client, typed: str) -> None:
    assert as_alice.get(SUGGEST, {"q": typed}).status_code == 200


def test_examples_of_the_help_can_be_followed(as_charlie: Client) -> None:
    page = as_charlie.get(HELP).content.decode()

    examples = [html.unescape(found) for found in re.findall(r'href="(/\?q=[^"]+)"', page)]
    assert len(examples) > 40
    for address in examples[::6]:
        assert as_charlie.get(address).status_code == 200
        assert "search-complaints" not in as_charlie.get(address).content.decode()


def test_the_dialog_gets_the_help_alone(as_charlie: Client) -> None:
    assert b"<html" not in as_charlie.get(HELP, headers={"HX-Request": "true"}).content
