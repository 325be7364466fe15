"""A data folder made once for the tests that start real processes."""

from pathlib import Path

import pytest

from tests.integration.config.running import run_command
from tests.processes import processes_of, wait_for


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all tables and nothing running on it, to be copied."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    made = run_command(data, "migrate", "--verbosity", "0")
    assert made.returncode == 0, made.stderr
    wait_for(lambda: processes_of(data) == {}, what="Postgres has stopped")
    return data
