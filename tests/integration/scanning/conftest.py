"""A shelf to scan."""

from pathlib import Path

import pytest

from tests.integration.scanning.shelf import Shelf


@pytest.fixture
def shelf(db: None, tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library")
