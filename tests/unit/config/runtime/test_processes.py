"""Child processes: what they leave, how they stop, what they run as."""

import os
import signal
import sys
import time
from pathlib import Path

from config.runtime.processes import LARGEST_LOG_BYTES, execute, fork, rotate
from tests.processes import is_alive, wait_for, wait_for_text

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def test_a_program_writes_to_its_log_and_ends_when_asked(tmp_path: Path) -> None:
    log = tmp_path / "sleeper.log"
    child = execute("sleeper", SLEEPER, log=log)
    wait_for_text(log, "up")

    child.stop(signal.SIGTERM, grace_seconds=10)

    assert child.exit_code == -signal.SIGTERM
    assert not child.is_running()


def test_a_deaf_program_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "deaf.log"
    child = execute("deaf", DEAF, log=log)
    wait_for_text(log, "up")

    child.stop(signal.SIGTERM, grace_seconds=0.1)

    assert child.exit_code == -signal.SIGKILL


def test_a_missing_program_ends_with_an_error_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "missing.log"
    child = execute("missing", [tmp_path / "no-such-program"], log=log)

    ended = child.wait(10)

    assert ended
    assert child.exit_code == 1
    assert "no-such-program" in log.read_text() or "No such file" in log.read_text()


def test_a_forked_function_gives_its_exit_code_and_its_own_session(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def run() -> None:
        os.write(1, str(os.getsid(0) == os.getpid()).encode())
        raise SystemExit(3)

    child = fork("child", run, log=log)
    child.wait(10)

    assert child.exit_code == 3
    assert log.read_text() == "True"


def test_a_failing_function_leaves_its_reason_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("earlier\n")

    def run() -> None:
        raise ValueError("a reason")

    child = fork("child", run, log=log)
    child.wait(10)

    assert child.exit_code == 1
    assert "a reason" in log.read_text()[child.log_start :]
    assert "earlier" not in log.read_text()[child.log_start :]


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "grandchild.log"

    def parent() -> None:
        grandchild = execute("grandchild", SLEEPER, log=log)
        (tmp_path / "pid").write_text(str(grandchild.pid))
        time.sleep(60)

    child = fork("parent", parent, log=tmp_path / "parent.log")
    wait_for_text(log, "up")
    wait_for(lambda: (tmp_path / "pid").exists(), what="the pid was written")
    grandchild_pid = int((tmp_path / "pid").read_text())
    child.stop(signal.SIGKILL, grace_seconds=10)

    wait_for(lambda: not is_alive(grandchild_pid), what="the grandchild has ended")


def test_only_a_large_log_is_set_aside(tmp_path: Path) -> None:
    small, large = tmp_path / "small.log", tmp_path / "large.log"
    small.write_bytes(b"x")
    large.write_bytes(b"")
    os.truncate(large, LARGEST_LOG_BYTES + 1)

    rotate(small)
    rotate(large)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.old", "small.log"]
