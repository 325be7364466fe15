"""`manage.py up` where it cannot start: one sentence, exit code 1, nothing left running."""

import os
import socket
from pathlib import Path

import pytest

from tests.integration.config.running import run_command
from tests.processes import processes_of


def refusal(data: Path, *options: str, **more: str) -> str:
    """Run `up`, which must refuse; returns its sentence."""
    ended = run_command(data, "up", *options, **more)

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr + ended.stdout
    assert len(ended.stderr.splitlines()) == 1
    assert processes_of(data) == {}
    return ended.stderr.strip()


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        sentence = refusal(tmp_path / "data", "--port", str(port))

    assert (
        sentence == f"Port {port} on 127.0.0.1 is in use by another program. Choose another one with --port."
    )


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "cannot be used (not a directory" in refusal(tmp_path / "file" / "data")


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    # Root may write everywhere but here.
    data = Path("/sys/layershelf") if os.geteuid() == 0 else tmp_path
    tmp_path.chmod(0o500)

    assert "--data" in refusal(data)


def test_a_data_folder_of_a_newer_version(tmp_path: Path) -> None:
    (tmp_path / "VERSION").write_text("99\n")

    assert "was written by a newer Layershelf (data version 99" in refusal(tmp_path)


def test_missing_programs(tmp_path: Path) -> None:
    sentence = refusal(tmp_path / "data", "--port", "0", POSTGRES_BIN=str(tmp_path))

    assert sentence.startswith(f"No Postgres 15 or later was found in {tmp_path}.")


def test_a_full_disk(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.1'\n")
    (programs / "initdb").write_text("#!/bin/sh\necho 'FATAL: No space left on device' >&2\nexit 1\n")
    for program in programs.iterdir():
        program.chmod(0o755)

    sentence = refusal(tmp_path / "data", "--port", "0", POSTGRES_BIN=str(programs))

    assert sentence.startswith(f"The disk that holds the data folder {tmp_path / 'data'} is full.")


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    sentence = refusal(tmp_path / "data", "--port", "0", "--library", str(tmp_path / "none"))

    assert sentence.startswith(f"The library folder {tmp_path / 'none'} is not there.")


@pytest.mark.parametrize("address", ["sqlite:///x.db", "nonsense"])
def test_a_setting_that_is_wrong(tmp_path: Path, address: str) -> None:
    assert "DATABASE_URL" in refusal(tmp_path / "data", DATABASE_URL=address)
