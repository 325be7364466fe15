"""What Postgres is told, and what is cleared out of its way."""

import os
import sys
from pathlib import Path

import pytest

from config.runtime.errors import DiskFull, ServiceFailed
from config.runtime.folder import DataFolder
from config.runtime.postgres import Postgres, cluster_options, end_leftover_server, server_options
from config.runtime.processes import execute
from tests.processes import is_alive, wait_for_text
from tests.unit.config.runtime.test_postgres_programs import make_programs


def test_options_of_a_later_version_are_not_given_to_an_older_one() -> None:
    old = server_options(Path("/run/x"), major=15, durable=True) + cluster_options(15)
    new = server_options(Path("/run/x"), major=18, durable=True) + cluster_options(18)

    assert "io_method=sync" in new and "io_method=sync" not in old
    assert "--builtin-locale=C.UTF-8" in new and "--builtin-locale=C.UTF-8" not in old


def test_only_throw_away_servers_may_lose_rows() -> None:
    assert "fsync=off" not in server_options(Path("/run/x"), major=18, durable=True)
    assert "fsync=off" in server_options(Path("/run/x"), major=18, durable=False)


def test_a_pid_file_of_an_innocent_process_is_removed(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")

    end_leftover_server(tmp_path)

    assert not (tmp_path / "postmaster.pid").exists()


def test_a_leftover_server_of_the_cluster_is_ended(tmp_path: Path) -> None:
    script = f"import os, time; os.chdir({str(tmp_path)!r}); print('in', flush=True); time.sleep(60)"
    child = execute("leftover", [sys.executable, "-c", script], log=tmp_path / "log")
    wait_for_text(tmp_path / "log", "in")
    (tmp_path / "postmaster.pid").write_text(f"{child.pid}\n{tmp_path}\n")

    end_leftover_server(tmp_path)

    assert not is_alive(child.pid)
    child.wait(5)


@pytest.mark.parametrize(
    ("complaint", "error", "sentence"),
    [
        ("FATAL:  could not extend file: No space left on device", DiskFull, "is full"),
        ("HINT:  Check free disk space.", DiskFull, "is full"),
        (
            "initdb: error: could not look up user",
            ServiceFailed,
            "could not make its files: could not look up user",
        ),
    ],
)
def test_a_cluster_that_cannot_be_made_is_told_in_a_sentence(
    tmp_path: Path, complaint: str, error: type[Exception], sentence: str
) -> None:
    programs_dir = make_programs(tmp_path / "bin", "18.1")
    (tmp_path / "bin" / "initdb").write_text(f"#!/bin/sh\necho '{complaint}' >&2\nexit 1\n")
    folder = DataFolder(tmp_path / "data")
    folder.prepare()

    with pytest.raises(error, match=sentence):
        Postgres(folder, programs_dir=programs_dir).start()
