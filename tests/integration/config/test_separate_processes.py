"""Web, worker and beat as processes of their own, as containers run them."""

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from config.runtime.ephemeral import throw_away_services
from config.runtime.folder import DataFolder
from tests.integration.config.running import COMMAND, ROOT, environment
from tests.processes import wait_for


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A new data folder whose database and broker run already."""
    folder = DataFolder(tmp_path / "data")
    with throw_away_services(folder):
        yield folder.root


def begin(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, *arguments], env=environment(data), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def is_alive(data: Path, name: str) -> bool:
    """What the health check of the container asks."""
    check = [sys.executable, "-m", "config.runtime.alive", name]
    return (
        subprocess.run(check, env=environment(data), cwd=ROOT, capture_output=True, check=False).returncode
        == 0
    )


def test_each_starts_alone_gives_signs_of_life_and_stops(data: Path) -> None:
    web = begin(data, "web", "--port", "0", "--migrate")
    assert web.stdout is not None
    address = web.stdout.readline().strip().removeprefix("Serving at ")
    others = {name: begin(data, name) for name in ("worker", "beat")}
    try:
        with urllib.request.urlopen(f"{address}readyz", timeout=60) as answer:
            status = answer.status
        for name in others:
            wait_for(partial(is_alive, data, name), what=f"{name} gives a sign")
    finally:
        for process in (web, *others.values()):
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(60) for process in (web, *others.values())]

    assert status == 200
    assert codes == [0, 0, 0]
    assert not any(is_alive(data, name) for name in others)
