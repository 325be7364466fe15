"""Keeps services running: starts them in order, restarts the dead with growing pauses, stops them in reverse order."""

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.runtime.errors import StartupError
from config.runtime.processes import Child, signals_held

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30.0
# A service that ran this long before it died starts again with the shortest pause.
SETTLED_SECONDS = 60.0
# Those that need others have the first of these times to end by themselves, the others the second; then they are killed.
# What is cut off is safe: rows are claimed again after their lease, and Postgres writes ahead.
GRACE_SECONDS = 2.0
URGENT_SECONDS = 0.4
LONGEST_STOP_SECONDS = 2 * (GRACE_SECONDS + URGENT_SECONDS)
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Raised in the main thread by a signal to stop, wherever it is, as KeyboardInterrupt is."""


@dataclass
class Service:
    """A process to keep running. `wait_ready` is asked only at the first start; it raises StartupError.

    `start` returns at once. One that the others need (`is_needed`) is stopped after them.
    """

    name: str
    start: Callable[[], Child]
    wait_ready: Callable[[Child], None]
    stop_signal: int
    is_needed: bool = False
    urgent_signal: int = signal.SIGKILL  # to the process itself, when its grace is over; the next is SIGKILL
    child: Child | None = None
    failures: int = 0
    started_at: float = 0.0
    due_at: float | None = field(default=None)

    def launch(self) -> Child:
        """Start the process and note when. A signal to stop waits until it is noted, lest it be left running."""
        with signals_held(STOP_SIGNALS):
            self.due_at = None
            self.started_at = time.monotonic()
            self.child = self.start()
            return self.child

    def plan_restart(self, now: float) -> float:
        """Note when to start again; returns the pause in seconds."""
        self.failures = 0 if now - self.started_at > SETTLED_SECONDS else self.failures + 1
        pause: float = min(FIRST_PAUSE_SECONDS * 2.0 ** min(self.failures, 20), LONGEST_PAUSE_SECONDS)
        self.child = None
        self.due_at = now + pause
        return pause


class Supervisor:
    """Starts services as they are added and stops them within `LONGEST_STOP_SECONDS`, in the main thread of a process
    without others."""

    def __init__(self, *, say: Callable[[str], None], log_of: Callable[[str], Path]) -> None:
        self._say = say
        self._log_of = log_of
        self._services: list[Service] = []
        self._companions: list[Child] = []
        self._listened: set[int] = set()

    def listen_for_signals(self) -> None:
        """From here on a signal to stop raises StopRequested. One that is ignored (nohup) stays so."""
        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _request_stop)
                self._listened.add(number)

    def add(self, service: Service) -> Child:
        """Start a service, to be watched and stopped from now on; does not wait for it."""
        self._services.append(service)
        return service.launch()

    def accompany(self, start: Callable[[], Child]) -> None:
        """Start a child that ends by itself, to run beside the services and be stopped with them."""
        with signals_held(STOP_SIGNALS):
            self._companions.append(start())

    def watch(self) -> None:
        """Restart what dies, until StopRequested is raised."""
        # Signals are fetched, not handled: one that came just before a wait would otherwise be slept through.
        awaited = {signal.SIGCHLD, *self._listened}
        signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
        while True:
            now = time.monotonic()
            self._companions = [child for child in self._companions if child.is_running()]
            for service in self._services:
                if service.child is not None and not service.child.is_running():
                    self._report_death(service, service.child, now)
            self._start_due()
            due = [service.due_at for service in self._services if service.due_at is not None]
            pause = max(0.0, min(due) - time.monotonic()) if due else LONGEST_PAUSE_SECONDS
            fetched = signal.sigtimedwait(awaited, pause)
            if fetched is not None and fetched.si_signo in self._listened:
                raise StopRequested

    def stop(self) -> None:
        """Stop every service: first those that need others, all at once, then the others. Further signals change nothing."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        stop_together(
            [(child, signal.SIGTERM, signal.SIGKILL) for child in self._companions] + self._running(False)
        )
        stop_together(self._running(True))

    def _running(self, is_needed: bool) -> list[tuple[Child, int, int]]:
        return [
            (service.child, service.stop_signal, service.urgent_signal)
            for service in self._services
            if service.child is not None and service.is_needed == is_needed
        ]

    def _report_death(self, service: Service, child: Child, now: float) -> None:
        pause = service.plan_restart(now)
        code = child.exit_code or 0
        how = f"signal {-code}" if code < 0 else f"code {code}"
        self._say(
            f"{service.name} ended ({how}); starting it again in {pause:.1f} s. "
            f"Its log is {self._log_of(service.name.lower())}."
        )

    def _start_due(self) -> None:
        now = time.monotonic()
        for service in self._services:
            if service.due_at is None or service.due_at > now:
                continue
            try:
                service.launch()
            except StartupError as problem:
                self._say(f"{service.name}: {problem}")
                service.plan_restart(now)


def _request_stop(number: int, frame: FrameType | None) -> None:
    raise StopRequested


def stop_together(children: Sequence[tuple[Child, int, int]]) -> None:
    """Send each child its first signal; to those that stay longer than the grace, the second; then kill their groups."""
    for child, first, _ in children:
        child.signal(first)
    _wait_for_all(children, GRACE_SECONDS)
    for child, _, second in children:
        child.signal(second)
    _wait_for_all(children, URGENT_SECONDS)
    for child, _, _ in children:
        child.kill()


def _wait_for_all(children: Sequence[tuple[Child, int, int]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for child, _, _ in children:
        child.wait(max(0.0, deadline - time.monotonic()))
