"""Restarting what dies, and stopping within a limit."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.runtime.processes import Child, fork
from config.runtime.supervisor import (
    LONGEST_PAUSE_SECONDS,
    LONGEST_STOP_SECONDS,
    SETTLED_SECONDS,
    STOP_SIGNALS,
    Service,
    StopRequested,
    Supervisor,
)
from tests.processes import wait_for


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Leave the signals of the test process as they were."""
    handlers = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def make_service(start: Callable[[], Child]) -> Service:
    return Service("Example", start, lambda child: None, signal.SIGTERM)


def never() -> Child:
    raise AssertionError("not to be started")


def test_pauses_grow_up_to_a_limit() -> None:
    service = make_service(never)

    pauses = [service.plan_restart(now=1.0) for _ in range(12)]

    assert pauses[0] < 1
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_a_service_that_ran_long_starts_again_soon() -> None:
    service = make_service(never)
    for _ in range(12):
        service.plan_restart(now=1.0)

    pause = service.plan_restart(now=SETTLED_SECONDS + 1)

    assert pause < 1


def test_a_dead_child_is_started_again_and_reported(tmp_path: Path) -> None:
    said: list[str] = []
    starts: list[int] = []

    def start() -> Child:
        if len(starts) == 2:
            raise StopRequested
        starts.append(1)
        return fork("example", lambda: None, log=tmp_path / "log")

    supervisor = Supervisor(say=said.append, log_of=lambda name: tmp_path / name)
    supervisor.add(make_service(start))

    with pytest.raises(StopRequested):
        supervisor.watch()

    assert len(starts) == 2
    assert [line.split(";")[0] for line in said] == ["Example ended (code 0)"] * 2


def test_a_signal_to_stop_that_comes_before_a_wait_is_not_slept_through(tmp_path: Path) -> None:
    supervisor = Supervisor(say=print, log_of=lambda name: tmp_path / name)
    supervisor.listen_for_signals()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    signal.raise_signal(signal.SIGTERM)

    with pytest.raises(StopRequested):
        supervisor.watch()


def test_a_signal_during_a_start_comes_when_the_child_is_known(tmp_path: Path) -> None:
    def start() -> Child:
        signal.raise_signal(signal.SIGTERM)
        return fork("example", signal.pause, log=tmp_path / "log")

    supervisor = Supervisor(say=print, log_of=lambda name: tmp_path / name)
    supervisor.listen_for_signals()
    service = make_service(start)
    with pytest.raises(StopRequested):
        supervisor.add(service)
    supervisor.stop()

    assert service.child is not None
    assert service.child.exit_code == -signal.SIGTERM


def test_what_does_not_listen_is_killed_with_those_it_needs(tmp_path: Path) -> None:
    def deaf() -> None:
        for number in (signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        (tmp_path / str(os.getpid())).touch()
        while True:
            signal.pause()

    supervisor = Supervisor(say=print, log_of=lambda name: tmp_path / name)
    services = [make_service(lambda: fork("deaf", deaf, log=tmp_path / "log")) for _ in range(2)]
    services[1].is_needed = True
    services[1].urgent_signal = signal.SIGQUIT
    children = [supervisor.add(service) for service in services]
    for child in children:
        wait_for((tmp_path / str(child.pid)).exists, what="it is deaf")

    supervisor.stop()

    assert [child.exit_code for child in children] == [-signal.SIGKILL] * 2
    assert LONGEST_STOP_SECONDS <= 5
