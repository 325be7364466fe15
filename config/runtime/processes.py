"""Child processes: forked into a session of their own, with a log file, ending with their parent, stopped within a limit."""

import ctypes
import os
import pwd
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
M_ARENA_MAX = -8
POLL_SECONDS = 0.01
LARGEST_LOG_BYTES = 10 * 1024 * 1024
_libc = ctypes.CDLL(None)


class Child:
    """One child of this process, known by its pid. Also the leader of its own process group."""

    def __init__(self, name: str, pid: int, *, log_start: int = 0) -> None:
        self.name = name
        self.pid = pid
        self.log_start = log_start  # where in its log file its own lines begin, in bytes
        self.exit_code: int | None = None

    def is_running(self) -> bool:
        """Whether it has not ended yet; collects it once it has."""
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is None

    def wait(self, seconds: float) -> bool:
        """Wait until it ends, at most `seconds`. Returns whether it ended."""
        deadline = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def signal(self, number: int) -> None:
        """Send a signal, unless it has been collected already."""
        if self.exit_code is None:
            os.kill(self.pid, number)

    def stop(self, number: int, *, grace_seconds: float) -> None:
        """Ask it to end by signal `number`; kill it with its whole group when the grace is over."""
        self.signal(number)
        if not self.wait(grace_seconds):
            self.kill()

    def kill(self) -> None:
        """End it and its whole group at once, if it has not ended yet."""
        if self.is_running():
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.wait(5)


def execute(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    death_signal: int = signal.SIGTERM,
    user: str | None = None,
    keep_open: Iterable[int] = (),
) -> Child:
    """Run a program as a child, as `user` if one is named (this process is root then). See `fork` for the rest."""
    run = partial(_become, [os.fspath(part) for part in command], user, death_signal)
    for descriptor in keep_open:
        os.set_inheritable(descriptor, True)
    return fork(name, run, log=log, death_signal=death_signal)


def fork(
    name: str, run: Callable[[], None], *, log: Path | None, death_signal: int = signal.SIGTERM
) -> Child:
    """Run a function in a child whose output goes to the end of `log` (None: where this process writes).

    The child gets `death_signal` when this process dies, even by kill -9. It leaves by `os._exit`: no clean-up of the
    parent's runs twice.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    log_start = log.stat().st_size if log is not None and log.exists() else 0
    # Python swallows what a handler raises while callbacks of libraries run after a fork: a signal to stop would be lost.
    with signals_held((signal.SIGINT, signal.SIGTERM, signal.SIGHUP)):
        pid = os.fork()
        if (
            not pid
        ):  # the child lets go of the signals itself, once this process' handlers are not its own any more
            _run_and_leave(name, run, log, death_signal, parent)
        return Child(name, pid, log_start=log_start)


@contextmanager
def signals_held(numbers: Iterable[int]) -> Iterator[None]:
    """Have these signals wait until the block has ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run_and_leave(
    name: str, run: Callable[[], None], log: Path | None, death_signal: int, parent: int
) -> NoReturn:
    code = 1
    try:
        _settle(name, log, death_signal, parent)
        run()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _settle(name: str, log: Path | None, death_signal: int, parent: int) -> None:
    """Make a just forked process one of its own: session, signals, input and output."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    _libc.prctl(PR_SET_NAME, f"shelf {name}".encode()[:15], 0, 0, 0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if log is not None:
        output = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        # The parent's may be a terminal's or a test's; line by line, so that a killed child's last words are kept.
        sys.stdout = open(1, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    die_with_parent(death_signal, parent)


def die_with_parent(number: int, parent: int) -> None:
    """Have the system send this process a signal when its parent dies; leave at once if it is dead already."""
    _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _become(command: list[str], user: str | None, death_signal: int) -> NoReturn:
    if user is not None:
        parent = os.getppid()
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        die_with_parent(death_signal, parent)  # changing the user has cleared it
    os.execv(command[0], command)


def limit_malloc_arenas() -> None:
    """Keep glibc from making an arena per thread (as MALLOC_ARENA_MAX=2 does): tens of MB in threaded processes."""
    with suppress(AttributeError):  # other C libraries have no arenas
        _libc.mallopt(M_ARENA_MAX, 2)


def rotate(log: Path) -> None:
    """Set a large log aside as NAME.old, so that two of them are all that is kept."""
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".old"))
