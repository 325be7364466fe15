"""The cast: alice owns everything, bob is a member of the restricted library, erin its editor, charlie is a stranger to it."""

import pytest
from django.test import Client

from config.accounts.models import User
from libraries.models import Library
from tests.factories import EditorFactory, LibraryFactory, OwnerFactory, UserFactory


@pytest.fixture
def alice(db: None) -> User:
    return OwnerFactory(username="alice")


@pytest.fixture
def bob(db: None) -> User:
    return UserFactory(username="bob")


@pytest.fixture
def erin(db: None) -> User:
    return EditorFactory(username="erin")


@pytest.fixture
def charlie(db: None) -> User:
    return UserFactory(username="charlie")


@pytest.fixture
def shared_library(bob: User, erin: User) -> Library:
    """A library that only alice, bob and erin may see."""
    library = LibraryFactory(name="Minis", is_restricted=True)
    library.members.add(bob, erin)
    return library


@pytest.fixture
def as_alice(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def as_erin(erin: User) -> Client:
    return signed_in(erin)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    return signed_in(charlie)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
