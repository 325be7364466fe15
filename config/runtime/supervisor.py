"""Keeps services running: starts them in order, restarts the dead with growing pauses, stops them in reverse order."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.runtime.errors import StartupError
from config.runtime.processes import Child

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30.0
# A service that ran this long before it died starts again with the shortest pause.
SETTLED_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Raised in the main thread by a signal to stop, wherever it is, as KeyboardInterrupt is."""


@dataclass
class Service:
    """A process to keep running. `wait_ready` is asked only at the first start; it raises StartupError."""

    name: str
    start: Callable[[], Child]
    wait_ready: Callable[[Child], None]
    stop_signal: int
    grace_seconds: float
    child: Child | None = None
    failures: int = 0
    started_at: float = 0.0
    due_at: float | None = field(default=None)

    def launch(self) -> Child:
        """Start the process and note when."""
        self.due_at = None
        self.started_at = time.monotonic()
        self.child = self.start()
        return self.child

    def stop(self) -> None:
        """End the process if there is one, by force when the grace is over."""
        if self.child is not None:
            self.child.stop(self.stop_signal, grace_seconds=self.grace_seconds)

    def plan_restart(self, now: float) -> float:
        """Note when to start again; returns the pause in seconds."""
        self.failures = 0 if now - self.started_at > SETTLED_SECONDS else self.failures + 1
        pause: float = min(FIRST_PAUSE_SECONDS * 2.0 ** min(self.failures, 20), LONGEST_PAUSE_SECONDS)
        self.child = None
        self.due_at = now + pause
        return pause


class Supervisor:
    """Starts services as they are added and stops them in reverse, in the main thread of a process without others."""

    def __init__(self, *, say: Callable[[str], None], log_of: Callable[[str], Path]) -> None:
        self._say = say
        self._log_of = log_of
        self._services: list[Service] = []
        self._companions: list[Child] = []

    def listen_for_signals(self) -> None:
        """From here on a signal to stop raises StopRequested. One that is ignored (nohup) stays so."""
        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _request_stop)

    def add(self, service: Service, *, stop_after: Service | None = None) -> Child:
        """Start a service, to be watched and stopped from now on; does not wait for it.

        `stop_after` is one added before that shall be stopped before this one nevertheless.
        """
        place = self._services.index(stop_after) if stop_after else len(self._services)
        self._services.insert(place, service)
        return service.launch()

    def accompany(self, child: Child) -> None:
        """Let a child that ends by itself run beside the services, and stop it with them."""
        self._companions.append(child)

    def watch(self) -> None:
        """Restart what dies, until StopRequested is raised."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        while True:
            now = time.monotonic()
            self._companions = [child for child in self._companions if child.is_running()]
            for service in self._services:
                if service.child is not None and not service.child.is_running():
                    self._report_death(service, service.child, now)
            self._start_due()
            due = [service.due_at for service in self._services if service.due_at is not None]
            pause = max(0.0, min(due) - time.monotonic()) if due else LONGEST_PAUSE_SECONDS
            signal.sigtimedwait({signal.SIGCHLD}, pause)

    def stop(self) -> None:
        """Stop every service, one after the other. Further signals to stop change nothing."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for child in self._companions:
            child.stop(signal.SIGTERM, grace_seconds=1.0)
        for service in reversed(self._services):
            service.stop()

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
