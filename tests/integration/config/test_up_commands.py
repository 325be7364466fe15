"""Management commands while `up` is not running: Postgres runs as long as any of them, and no longer."""

import subprocess
from pathlib import Path

from tests.integration.config.running import (
    COMMAND,
    READY,
    ROOT,
    Up,
    copy_of,
    environment,
    run_command,
    running,
)
from tests.processes import is_alive, processes_of, wait_for

WAITS_FOR_FILE = """
import os, pathlib, time
from django.db import connection
from django.contrib.contenttypes.models import ContentType
pathlib.Path({path!r} + ".in").touch()
test_run = os.getppid()
while not pathlib.Path({path!r}).exists() and os.getppid() == test_run:
    time.sleep(0.01)
print("types:", ContentType.objects.count() >= 0)
"""


def start_waiting_command(data: Path, signal_file: Path) -> "subprocess.Popen[str]":
    """A command that holds the database until `signal_file` exists; returns when it is inside."""
    script = WAITS_FOR_FILE.format(path=str(signal_file))
    process = subprocess.Popen(
        [*COMMAND, "shell", "--verbosity", "0", "--command", script],
        env=environment(data),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    inside = signal_file.with_name(f"{signal_file.name}.in")
    wait_for(lambda: inside.exists() or process.poll() is not None, what="the command is inside")
    return process


def test_the_first_command_on_a_new_folder_makes_the_tables_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"

    command = run_command(data, "showmigrations", "contenttypes")

    assert command.returncode == 0, command.stderr
    assert "[X] 0001_initial" in command.stdout
    wait_for(lambda: processes_of(data) == {}, what="Postgres has stopped")


def test_the_last_of_two_commands_stops_postgres(prepared: Path, tmp_path: Path) -> None:
    data = copy_of(prepared, tmp_path)
    first = start_waiting_command(data, tmp_path / "first")
    second = start_waiting_command(data, tmp_path / "second")

    (tmp_path / "first").touch()
    first_output = first.communicate(timeout=60)[0]
    (tmp_path / "second").touch()
    second_output = second.communicate(timeout=60)[0]

    assert first_output == second_output == "types: True\n"
    wait_for(lambda: processes_of(data) == {}, what="Postgres has stopped")


def test_a_killed_command_leaves_no_postgres(prepared: Path, tmp_path: Path) -> None:
    data = copy_of(prepared, tmp_path)
    command = start_waiting_command(data, tmp_path / "never")

    command.kill()
    command.communicate(timeout=60)

    wait_for(lambda: processes_of(data) == {}, what="Postgres has stopped")


def test_up_waits_for_a_command_and_says_so(prepared: Path, tmp_path: Path) -> None:
    data = copy_of(prepared, tmp_path)
    command = start_waiting_command(data, tmp_path / "go")
    up = Up(data)
    up.wait_for_line("Waiting for a command that uses this data folder to end…")

    (tmp_path / "go").touch()
    output = command.communicate(timeout=60)[0]
    up.wait_for_line(READY)
    code = up.stop()

    assert output == "types: True\n"
    assert "The data folder is free." in up.output()
    assert code == 0


def test_commands_without_rows_start_nothing_and_make_no_folder(tmp_path: Path) -> None:
    command = run_command(tmp_path / "data", "makemigrations", "--check", "--dry-run")

    assert command.returncode == 0, command.stdout
    assert command.stderr == ""
    assert not (tmp_path / "data").exists()


def test_a_named_database_is_used_instead_of_an_own_one(prepared: Path, tmp_path: Path) -> None:
    with running(copy_of(prepared, tmp_path / "server")) as up:
        address = f"postgres://postgres@/layershelf?host={up.data}/run"

        command = run_command(tmp_path / "data", "showmigrations", "contenttypes", DATABASE_URL=address)

    assert command.returncode == 0, command.stderr
    assert "[X] 0001_initial" in command.stdout
    assert list((tmp_path / "data" / "postgres").iterdir()) == []


def test_up_with_named_servers_starts_none_of_its_own(prepared: Path, tmp_path: Path) -> None:
    with running(copy_of(prepared, tmp_path / "server")) as server:
        sockets = server.data / "run"
        up = Up(
            tmp_path / "data",
            DATABASE_URL=f"postgres://postgres@/layershelf?host={sockets}",
            REDIS_URL=f"redis+socket://{sockets}/valkey.sock",
        )
        up.wait_for_line(READY)
        status = up.get_status()
        code = up.stop()

        assert status == 200
        assert "Postgres ready" not in up.output()
        assert "Valkey ready" not in up.output()
        assert code == 0
        assert is_alive(server.child("postgres"))


def test_a_named_database_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path) -> None:
    command = run_command(
        tmp_path / "data", "showmigrations", DATABASE_URL=f"postgres:///layershelf?host={tmp_path}"
    )

    assert command.returncode == 1
    assert command.stderr.startswith("The database named by DATABASE_URL does not answer: ")
    assert len(command.stderr.splitlines()) == 1
