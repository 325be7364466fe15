"""Starting the whole product, and what it holds in memory while nobody uses it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.figures import Figure

_ROOT = Path(__file__).resolve().parents[1]
_SETTLE_SECONDS = 5.0


def run(folder: Path) -> Iterator[Figure]:
    """Start twice on one data folder; the second start is the everyday one."""
    for order in ("first", "second"):
        port = free_port()
        start = time.perf_counter()
        command = [sys.executable, "manage.py", "up", "--data", str(folder), "--port", str(port)]
        process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            seconds = time.perf_counter() - start
            target = 2.0 if order == "second" else None
            yield Figure(f"from command to first HTTP 200, {order} start", seconds, "s", target)
            if order == "second":
                time.sleep(_SETTLE_SECONDS)
                yield from _memory(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _memory(supervisor: int) -> Iterator[Figure]:
    """Proportional set sizes: memory shared by several processes counts once."""
    sizes = {pid: pss_mb(pid) for pid in family(supervisor)}
    for name in ("web", "worker", "postgres", "valkey"):
        total = sum(mb for pid, mb in sizes.items() if role(pid) == name)
        yield Figure(f"idle memory, {name}", total, "MB", 60 if name == "web" else None)
    yield Figure("idle memory, everything", sum(sizes.values()), "MB", 200)


def family(pid: int) -> list[int]:
    """A process and all that come from it."""
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [pid, *(below for child in children for below in family(child))]


def role(pid: int) -> str:
    """Which of the services a process belongs to, by its name or that of its nearest named parent."""
    name = Path(f"/proc/{pid}/comm").read_text().strip()
    for known in ("web", "worker", "postgres", "valkey"):
        if known in name:
            return known
    with suppress(FileNotFoundError):
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        if parent > 1 and parent != os.getpid():
            return role(parent)
    return ""


def pss_mb(pid: int) -> float:
    """Proportional set size of a process, in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    """Return when the address answers; raises TimeoutError after two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as response:
            if response.status == 200:
                return
        time.sleep(0.01)
    raise TimeoutError(f"{address} did not answer.")
