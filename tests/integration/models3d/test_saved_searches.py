"""Saved searches: kept, opened, renamed and deleted by the person who made them, and by nobody else."""

import pytest
from django.test import Client

from collections_app.models import SavedSearch
from config.accounts.models import User
from libraries.models import Library
from tests.factories import Model3DFactory


def save(client: Client, name: str, query: str = "q=dragon") -> int:
    """Save a search; return the status of the answer."""
    return client.post("/searches/save/", {"name": name, "query": query}).status_code


def test_a_saved_search_stands_in_the_rail_and_opens(as_alice: Client) -> None:
    response = as_alice.post(
        "/searches/save/", {"name": "Small parts", "query": "?q=size%3A%3C20&sort=newest&after=x&zz=1"}
    )

    assert response["Location"] == "/?q=size%3A%3C20"
    page = as_alice.get("/").content.decode()
    assert 'href="/?q=size%3A%3C20"' in page
    assert "Small parts" in page


def test_a_name_is_used_once_whatever_its_case(as_alice: Client) -> None:
    save(as_alice, "Dragons")
    response = as_alice.post("/searches/save/", {"name": "dragons", "query": "q=wyvern"})

    assert "You already have a search called “dragons”." in response.content.decode()
    assert 'value="q=wyvern"' in response.content.decode()
    assert SavedSearch.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x00b"])
def test_a_name_that_cannot_be_is_asked_for_again(as_alice: Client, name: str) -> None:
    assert save(as_alice, name) == 200
    assert SavedSearch.objects.count() == 0


def test_searches_are_renamed_and_deleted(as_alice: Client) -> None:
    save(as_alice, "Dragons")
    save(as_alice, "Vases")
    search = SavedSearch.objects.get(name="Dragons")

    as_alice.post(f"/searches/{search.pk}/rename/", {"name": "Wyverns"})
    taken = as_alice.post(f"/searches/{search.pk}/rename/", {"name": "VASES"}, follow=True)

    assert "You already have a search called “VASES”." in taken.content.decode()
    assert "Wyverns" in as_alice.get("/searches/").content.decode()
    as_alice.post(f"/searches/{search.pk}/delete/")
    assert list(SavedSearch.objects.values_list("name", flat=True)) == ["Vases"]


def test_nobody_sees_or_changes_the_searches_of_others(
    as_bob: Client, as_charlie: Client, as_alice: Client, bob: User
) -> None:
    save(as_bob, "Bobs own")
    pk = SavedSearch.objects.get(user=bob).pk

    for client in (as_charlie, as_alice):
        assert "Bobs own" not in client.get("/searches/").content.decode()
        assert "Bobs own" not in client.get("/").content.decode()
        assert client.post(f"/searches/{pk}/rename/", {"name": "Mine"}).status_code == 404
        assert client.post(f"/searches/{pk}/delete/").status_code == 404
    assert client.post(f"/searches/{10**30}/delete/").status_code == 404
    assert SavedSearch.objects.get().name == "Bobs own"


def test_an_opened_search_shows_what_its_person_may_see(as_charlie: Client, shared_library: Library) -> None:
    Model3DFactory(library=shared_library, name="Hidden dragon")
    save(as_charlie, "Dragons")

    assert "Hidden dragon" not in as_charlie.get("/?q=dragon").content.decode()
