"""Half-typed and misspelt words: the vocabulary ends the first and offers the nearest for the second."""

import html
import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from config.accounts.models import User
from libraries.models import Library
from models3d.audience import audience_of
from models3d.filters import BrowseFilters
from models3d.models import Model3D
from models3d.vocabulary import learn, learn_if_scanned
from models3d.word_models import Word
from tests.factories import LibraryFactory, Model3DFactory


def found(typed: str) -> set[str]:
    """The names of the models that a search finds."""
    query = QueryDict(mutable=True)
    query["q"] = typed
    models = BrowseFilters.from_query(query).apply(Model3D.objects.all(), user=None)
    return set(models.values_list("name", flat=True))


def offered(client: Client, typed: str) -> str:
    """What the page says may be meant; empty where it says nothing."""
    page = client.get("/", {"q": typed}).content.decode()
    match = re.search(r"Did you mean <a[^>]*>([^<]*)</a>", page)
    return html.unescape(match[1]) if match else ""


@pytest.fixture
def models(db: None) -> None:
    library = LibraryFactory(scanned_at=timezone.now())
    Model3DFactory(library=library, name="Desk organizer")
    Model3DFactory(library=library, name="Flywheel housing", tag_words="libraries")
    Model3DFactory(library=library, name="Größer Dragon", creator_words="Fates End")
    learn(timezone.now())


@pytest.mark.parametrize("typed", ["organ", "organi", "organiz", "organize", "organizer", "desk organiz"])
def test_a_word_is_found_at_every_letter_while_it_is_typed(models: None, typed: str) -> None:
    assert found(typed) == {"Desk organizer"}


def test_a_beginning_that_has_a_stem_of_its_own_is_found_too(models: None) -> None:
    assert found("fly") == {"Flywheel housing"}


def test_a_word_that_is_complete_is_not_lengthened(models: None) -> None:
    assert found("flywh ") == set()
    assert found("-organiz") == {"Desk organizer", "Flywheel housing", "Größer Dragon"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("drgaon", "dragon"),
        ("dragom", "dragon"),
        ("grosserr", "grosser"),
        ("organzier desk", "organizer desk"),
        ("fetes end", "fates end"),
        ("drgaon -vase", "dragon -vase"),
        ("drgaon watertight:yes", ""),
        ("xqzwvk", ""),
        ("dragon organizer", ""),
    ],
)
def test_misspelt_words_are_offered_as_what_finds_something(
    as_alice: Client, models: None, typed: str, expected: str
) -> None:
    assert offered(as_alice, typed) == expected


def test_words_are_learnt_after_a_scan_and_forgotten_with_their_models(models: None) -> None:
    now = timezone.now()
    assert not learn_if_scanned(now)

    Model3D.objects.filter(name="Desk organizer").delete()
    Library.objects.update(scanned_at=now + timedelta(seconds=1))

    assert learn_if_scanned(now + timedelta(seconds=2))
    assert not Word.objects.filter(word="organizer").exists()
    assert Word.objects.filter(word="flywheel", stem="flywheel").exists()


def test_a_stranger_is_offered_no_word_of_a_hidden_library(
    as_bob: Client, as_charlie: Client, shared_library: Library
) -> None:
    Model3DFactory(library=shared_library, name="Basilisk")
    learn(timezone.now())

    assert offered(as_bob, "basilsik") == "basilisk"
    assert offered(as_charlie, "basilsik") == ""


def test_hidden_models_are_not_told_by_offers(alice: User, as_alice: Client) -> None:
    Model3DFactory(name="Basilisk", is_sensitive=True)
    learn(timezone.now())
    alice.sensitive_models = "hide"
    alice.save(update_fields=["sensitive_models"])

    assert audience_of(alice).hides_sensitive
    assert offered(as_alice, "basilsik") == ""
