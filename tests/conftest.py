"""What all tests share: the database's server is started by the first test that asks for a database."""

import pytest
from django.conf import settings


def pytest_configure() -> None:
    """Cheap password hashes: the usual ones take a third of a second for each person of a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Called by pytest-django before it makes the test database; asking for the servers is all there is to do."""
