"""The grid narrowed by collections and favourites: with all that is inside, and for whose eyes."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection
from config.accounts.models import User
from libraries.models import Library
from models3d.models import Mark
from tests.factories import CollectionFactory, LibraryFactory, Model3DFactory


def names(page: str) -> set[str]:
    return set(re.findall(r'<h2><a href="/models/[^"]+" title="([^"]*)"', page))


@pytest.fixture
def library(db: None) -> Library:
    return LibraryFactory(scanned_at=timezone.now())


@pytest.fixture
def dragons(library: Library) -> Collection:
    """Miniatures holding Dragons, with a model in each and one outside of both."""
    miniatures = CollectionFactory(name="Miniatures")
    dragons = CollectionFactory(name="Dragons", parent=miniatures)
    Model3DFactory(library=library, name="Knight").collections.add(miniatures)
    Model3DFactory(library=library, name="Wyvern").collections.add(dragons)
    Model3DFactory(library=library, name="Bracket")
    return dragons


def test_a_collection_shows_what_is_inside_it_however_deep(as_alice: Client, dragons: Collection) -> None:
    outer = as_alice.get(f"/?collection={dragons.parent_id}").content.decode()
    inner = as_alice.get(f"/?collection={dragons.pk}").content.decode()

    assert names(outer) == {"Knight", "Wyvern"}
    assert names(inner) == {"Wyvern"}


def test_the_rail_counts_models_for_the_collections_around_theirs(
    as_alice: Client, dragons: Collection
) -> None:
    rail = as_alice.get(f"/facets/?collection={dragons.parent_id}").content.decode()

    counted = dict(
        re.findall(r'name="collection"[^>]*><span class="truncate">([^<]+)</span><small>(\d*)', rail)
    )
    assert counted == {"Miniatures": "2", "Dragons": "1"}


def test_the_json_list_narrows_by_collection(as_alice: Client, dragons: Collection) -> None:
    items = as_alice.get(f"/api/v1/models?collection={dragons.pk}").json()["items"]

    assert [item["name"] for item in items] == ["Wyvern"]


def test_favourites_are_each_persons_own(
    as_alice: Client, as_bob: Client, alice: User, library: Library
) -> None:
    Mark.objects.create(user=alice, model=Model3DFactory(library=library, name="Loved"), is_favorite=True)
    Model3DFactory(library=library, name="Plain")

    assert names(as_alice.get("/?favourite=yes").content.decode()) == {"Loved"}
    assert names(as_bob.get("/?favourite=yes").content.decode()) == set()


def test_a_stranger_learns_no_name_of_a_collection_of_hidden_models(
    as_charlie: Client, as_bob: Client, shared_library: Library
) -> None:
    secret = CollectionFactory(name="Secret plans")
    Model3DFactory(library=shared_library, name="Hidden").collections.add(secret)

    for address in (f"/?collection={secret.pk}", f"/facets/?collection={secret.pk}", "/facets/"):
        assert "Secret plans" not in as_charlie.get(address).content.decode()
    assert "Secret plans" in as_bob.get(f"/?collection={secret.pk}").content.decode()
