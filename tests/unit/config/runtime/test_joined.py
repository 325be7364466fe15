"""Which command lines are given a database."""

import pytest

from config.runtime.joined import needs_database


@pytest.mark.parametrize(
    "line", ["scan --all", "migrate", "shell", "createsuperuser", "check --database default"]
)
def test_commands_with_rows_get_a_database(line: str) -> None:
    assert needs_database(line.split())


@pytest.mark.parametrize(
    "line", ["", "help", "makemigrations --check", "check", "up --port 1", "scan --help", "--version"]
)
def test_commands_without_rows_get_none(line: str) -> None:
    assert not needs_database(line.split())
