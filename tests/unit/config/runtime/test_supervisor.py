"""Restarting what dies."""

import signal
from collections.abc import Callable
from pathlib import Path

from config.runtime.processes import Child, fork
from config.runtime.supervisor import (
    LONGEST_PAUSE_SECONDS,
    SETTLED_SECONDS,
    Service,
    StopRequested,
    Supervisor,
)


def make_service(start: Callable[[], Child]) -> Service:
    return Service("Example", start, lambda child: None, signal.SIGTERM, grace_seconds=5)


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
    stopped = False
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    try:
        supervisor.watch()
    except StopRequested:
        stopped = True
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)

    assert stopped
    assert len(starts) == 2
    assert [line.split(";")[0] for line in said] == ["Example ended (code 0)"] * 2
