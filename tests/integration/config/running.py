"""A real `manage.py up` in a folder of its own, and management commands on that folder."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.processes import is_alive, kill_all, processes_of, wait_for

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, str(ROOT / "manage.py")]
READY = "Layershelf is ready at "


def environment(data: Path, **more: str) -> dict[str, str]:
    """This process' environment with another data folder and no servers named."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return kept | {"LAYERSHELF_DATA": str(data)} | more


def run_command(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one management command on a data folder to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def copy_of(prepared: Path, place: Path) -> Path:
    """A data folder of its own for one test, with all tables, without the seconds it takes to make them."""
    shutil.copytree(prepared, place / "data", ignore=shutil.ignore_patterns("run"))
    return place / "data"


class Up:
    """A running `manage.py up`."""

    def __init__(
        self, data: Path, *, prefix: Sequence[str] = (), options: Sequence[str] = (), **more: str
    ) -> None:
        self.data = data
        self.output_path = data.with_name(f"{data.name}.output")
        with self.output_path.open("wb") as output:
            self.process = subprocess.Popen(
                [*prefix, *COMMAND, "up", "--data", str(data), "--port", "0", *options],
                env=environment(data, **more),
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        """What it has said so far."""
        return self.output_path.read_text()

    def wait_for_line(self, text: str) -> None:
        """Wait until it has said `text`; fails at once when it ends before."""

        def said() -> bool:
            assert self.process.poll() is None or text in self.output(), self.output()
            return text in self.output()

        wait_for(said, what=f"{text!r} was said")

    def get_status(self) -> int:
        """The HTTP status of its own health page."""
        address = self.output().split(READY)[1].split()[0].removeprefix("http://").rstrip("/")
        connection = http.client.HTTPConnection(address, timeout=60)
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
        connection.close()
        return status

    def children(self) -> dict[str, int]:
        """Its direct children: short name to pid."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {Path(f"/proc/{pid}/comm").read_text().strip(): int(pid) for pid in pids}

    def child(self, name: str) -> int:
        """The pid of its direct child of that short name, once it has given itself that name."""
        wait_for(lambda: name in self.children(), what=f"a child {name!r} runs")
        return self.children()[name]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@contextmanager
def running(data: Path, *, prefix: Sequence[str] = (), options: Sequence[str] = ()) -> Iterator[Up]:
    """`up` on `data`, ready when the block begins, and nothing left of it when the block ends."""
    up = Up(data, prefix=prefix, options=options)
    try:
        up.wait_for_line(READY)
        yield up
    finally:
        if is_alive(up.process.pid):
            up.stop()
        kill_all(list(processes_of(data)))
