"""Pytest plugin: a data folder for each test process, and Postgres and Valkey in it once a test needs the database.

Under xdist each worker process has its own. With DATABASE_URL or REDIS_URL set, that server is used instead.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.ephemeral import throw_away_services
from config.runtime.folder import DataFolder

_folder = pytest.StashKey[DataFolder]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Name the data folder before pytest-django loads the settings."""
    root = Path(tempfile.mkdtemp(prefix="layershelf-test-"))
    os.environ["LAYERSHELF_DATA"] = str(root)
    # Compiling the geometry kernels takes longer than all other tests; they are kept beside the project.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).resolve().parents[1] / ".numba_cache"))
    early_config.stash[_folder] = DataFolder(root)
    early_config.add_cleanup(lambda: shutil.rmtree(root, ignore_errors=True))
    return (yield)


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Iterator[None]:
    """The servers this process has no address for, running until its last test has ended."""
    from django.conf import settings

    folder = request.config.stash[_folder]
    with throw_away_services(folder, database=not settings.DATABASE_URL, broker=not settings.REDIS_URL):
        yield
