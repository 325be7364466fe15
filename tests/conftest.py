"""What all tests share: servers are started by the first test that asks for a database or a bucket."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from libraries.storage.s3.address import Bucket
from tests.s3 import S3Server, running_server


def pytest_configure() -> None:
    """Cheap password hashes: the usual ones take a third of a second for each person of a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Called by pytest-django before it makes the test database; asking for the servers is all there is to do."""


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    with running_server() as server:
        yield server


@pytest.fixture
def bucket(s3_server: S3Server) -> Bucket:
    """An empty bucket."""
    return s3_server.bucket()
