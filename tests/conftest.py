"""What all tests share: the database's server is started by the first test that asks for a database."""

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Called by pytest-django before it makes the test database; asking for the servers is all there is to do."""
