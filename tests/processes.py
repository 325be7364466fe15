"""Looking at processes and files from outside, for tests that start real ones."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

LONGEST_WAIT_SECONDS = 120.0


def wait_for(condition: Callable[[], bool], *, what: str) -> None:
    """Wait until `condition` holds; fails the test with `what` after two minutes."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"This did not happen: {what}"
        time.sleep(0.01)


def wait_for_text(path: Path, text: str) -> None:
    """Wait until the file is there with `text` in it."""
    wait_for(lambda: path.exists() and text in path.read_text(), what=f"{text!r} in {path.name}")


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended but was not collected does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes_of(folder: Path) -> dict[int, str]:
    """The living processes that name `folder` in their command line or work in it: pid to short name."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            belongs = str(folder).encode() in (entry / "cmdline").read_bytes()
            belongs = belongs or (entry / "cwd").readlink().is_relative_to(folder)
            if belongs and is_alive(int(entry.name)):
                found[int(entry.name)] = (entry / "comm").read_text().strip()
        except OSError:
            continue  # ended meanwhile
    return found


def kill_all(pids: list[int]) -> None:
    """End processes at once, however they feel about it."""
    for pid in pids:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
