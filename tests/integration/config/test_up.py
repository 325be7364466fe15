"""`manage.py up`: starting, serving, restarting, stopping."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.privileges import user_namespaces_work
from tests.integration.config.running import Up, copy_of, run_command, running
from tests.processes import is_alive, processes_of, wait_for


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all tests of this file, so that its database is made only once."""
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture
def up(data: Path) -> Iterator[Up]:
    with running(data) as started:
        yield started


def test_it_serves_pages_and_tells_each_step(up: Up) -> None:
    status = up.get_status()

    assert status == 200
    lines = up.output().splitlines()
    assert [line for line in lines if line.endswith(" ready")] == [
        "Postgres ready",
        "Valkey ready",
        "Web ready",
    ]
    assert lines[-1].startswith("Layershelf is ready at http://127.0.0.1:")


def test_a_second_one_on_the_same_folder_is_refused_and_harms_nothing(up: Up) -> None:
    second = run_command(up.data, "up", "--port", "0")

    assert second.returncode == 1
    assert second.stderr == (f"Layershelf is running on {up.data} already (process {up.process.pid}).\n")
    assert up.get_status() == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_leaves_nothing_behind(up: Up, number: int) -> None:
    children = [up.child(name) for name in ("postgres", "valkey-server", "shelf worker", "shelf web")]

    code = up.stop(number)

    assert code == 0
    assert processes_of(up.data) == {}
    assert not any(is_alive(pid) for pid in children)
    assert up.output().splitlines()[-2:] == ["Stopping…", "Stopped."]


def test_nothing_outlives_a_killed_supervisor_and_the_next_one_starts(data: Path) -> None:
    with running(data) as up:
        children = [up.child(name) for name in ("postgres", "valkey-server", "shelf worker", "shelf web")]
        up.stop(signal.SIGKILL)
        wait_for(lambda: not any(map(is_alive, children)), what="all children ended")
        wait_for(lambda: processes_of(data) == {}, what="all descendants ended")

    with running(data) as up:
        assert up.get_status() == 200


def test_a_killed_web_process_is_started_again(up: Up) -> None:
    web = up.child("shelf web")

    os.kill(web, signal.SIGKILL)

    up.wait_for_line("Web ended (signal 9)")
    assert up.get_status() == 200
    assert up.child("shelf web") != web


def test_a_killed_postgres_is_started_again_with_its_rows(up: Up) -> None:
    before = run_command(up.data, "showmigrations", "--plan").stdout

    os.kill(up.child("postgres"), signal.SIGKILL)
    up.wait_for_line("Postgres ended (signal 9)")
    after = run_command(up.data, "showmigrations", "--plan")

    assert after.returncode == 0, after.stderr
    assert "[X]" in before
    assert after.stdout == before


def test_commands_join_the_running_postgres(up: Up) -> None:
    pid = up.child("postgres")

    command = run_command(up.data, "showmigrations", "contenttypes")

    assert command.returncode == 0, command.stderr
    assert "[X] 0001_initial" in command.stdout
    assert up.child("postgres") == pid


def test_a_normal_user_may_run_it(prepared: Path, tmp_path: Path) -> None:
    """Root becomes a user without rights in a namespace of its own; anybody else is a normal user already."""
    as_user = []
    if os.geteuid() == 0 and user_namespaces_work():
        as_user = [str(shutil.which("unshare")), "--user", "--map-user=1000", "--map-group=1000", "--"]

    with running(copy_of(prepared, tmp_path), prefix=as_user) as up:
        status = up.get_status()
        code = up.stop()

    assert status == 200
    assert code == 0


def test_a_path_too_long_for_sockets_works(prepared: Path, tmp_path: Path) -> None:
    data = copy_of(prepared, tmp_path / ("long and odd " * 10).strip())

    with running(data) as up:
        assert up.get_status() == 200


@pytest.mark.parametrize("moment", ["Making a new library database", "Postgres ready", "Worker started"])
def test_a_first_start_may_be_stopped_at_any_moment(tmp_path: Path, moment: str) -> None:
    data, models = tmp_path / "data", tmp_path / "models"
    models.mkdir()
    (models / "cube.obj").write_text("v 0 0 0\nv 9 0 0\nv 0 9 0\nf 1 2 3\n")
    up = Up(data, options=["--library", str(models)])
    up.wait_for_line(moment)

    code = up.stop()

    assert code == 0, up.output()
    assert up.output().splitlines()[-2:] == ["Stopping…", "Stopped."]
    wait_for(lambda: processes_of(data) == {}, what="nothing is left")
