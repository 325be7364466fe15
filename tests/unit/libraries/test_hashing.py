"""SHA-256 of files."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from libraries.hashing import FileChangedWhileRead, sha256_of


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_hash_is_that_of_the_bytes(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "a.stl").write_bytes(content)

    assert sha256_of(tmp_path / "a.stl") == hashlib.sha256(content).hexdigest()


def test_a_file_that_grows_while_it_is_read_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.stl"
    file.write_bytes(b"x" * 100)

    class GrowingHash:
        def __init__(self) -> None:
            self.real = hashlib.new("sha256")

        def update(self, data: Any) -> None:
            with file.open("ab") as more:
                more.write(b"y" if file.stat().st_size < 105 else b"")
            self.real.update(data)

        def hexdigest(self) -> str:
            return self.real.hexdigest()

    monkeypatch.setattr("hashlib.sha256", GrowingHash)

    with pytest.raises(FileChangedWhileRead):
        sha256_of(file)


def test_a_missing_file_raises_what_the_disk_says(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sha256_of(tmp_path / "none.stl")
