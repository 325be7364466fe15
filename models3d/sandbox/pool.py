"""Warm children that analyse files under limits, and a parent that outlives every one of them.

    pool = SandboxPool()
    answer = pool.run(Request(path="/models/dragon.stl", extension="stl", out={"picture": "/data/ab.webp"}))
    if answer.ok: answer.facts["triangle_count"] …
    else: answer.code, answer.sentence …

`run` may be called from any number of threads; each call has a child of its own, and as many children stay
warm as calls ran at once. Children end by themselves when they are idle, have done their share, or have grown
large. This side loads neither numpy nor Pillow. Where files lie, and what to do with the answer, is left to
the caller.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from models3d.sandbox.child import EXIT_IDLE, WARM_UP, WARM_UP_FROM_THE_END
from models3d.sandbox.limits import Limits
from models3d.sandbox.messages import Answer, Request, decode_answer, encode_request

__all__ = ["Answer", "Limits", "Request", "SandboxPool"]

_LARGE_FILE_BYTES: Final = 100 << 20
_WARM_UP_SECONDS: Final = 600.0
_QUICK_WARM_UP_SECONDS: Final = 5.0  # one that takes longer compiles, and is worth a second child
_ROOT: Final = Path(__file__).resolve().parents[2]
_OUT_OF_MEMORY: Final = signal.SIGABRT  # LLVM's last resort
_ENVIRONMENT: Final = {
    # Each child works on one core; threads of libraries would only cost memory.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}

# Caches of compiled kernels that this process has had filled; files wait until they are.
_warmed: Final[set[str]] = set()
_warming: Final = threading.Lock()


class _TimeUp(Exception):
    """The child did not answer in time."""


class _Ended(Exception):
    """The child ended without an answer; its return code is the argument."""


@dataclass(slots=True)
class _Child:
    """One running child with its two pipes."""

    process: subprocess.Popen[bytes]
    requests: IO[bytes]
    answers_fd: int

    def ask(self, message: bytes, *, wall_seconds: float) -> tuple[Answer, bool]:
        """Send a message and wait; returns the answer and whether it is the last. Raises _TimeUp and _Ended."""
        deadline = time.monotonic() + wall_seconds
        try:
            self.requests.write(message)
            self.requests.flush()
        except BrokenPipeError:
            raise _Ended(self.process.wait()) from None
        line = bytearray()
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.answers_fd], [], [], left)[0]:
                raise _TimeUp
            piece = os.read(self.answers_fd, 1 << 16)
            if not piece:
                raise _Ended(self.process.wait())
            line += piece
        return decode_answer(bytes(line))

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        """Kill whatever is left of it (its whole process group) and release the pipes."""
        if self.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):  # a request that was never read
            self.requests.close()
        os.close(self.answers_fd)


class SandboxPool:
    """See the module. `environment` is added to that of this process; `idle_seconds` after which a child ends."""

    def __init__(
        self,
        *,
        idle_seconds: float = 30.0,
        files_per_child: int = 500,
        resident_bytes_per_child: int = 350 << 20,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = [str(idle_seconds), str(files_per_child), str(resident_bytes_per_child)]
        self._environment = {**os.environ, **_ENVIRONMENT, **(environment or {})}
        self._kernel_cache = self._environment.get("NUMBA_CACHE_DIR", "")
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, request: Request) -> Answer:
        """Analyse one file; never raises for what the file does, however bad it is."""
        with _warming:
            if self._kernel_cache not in _warmed:
                self._warm_up()
        is_large = _size_of(request.path) > _LARGE_FILE_BYTES
        message = encode_request(request)
        while True:
            child, is_fresh = (self._start(), True) if is_large else self._borrow()
            try:
                answer, is_last = child.ask(message, wall_seconds=request.limits.wall_seconds)
            except _TimeUp:
                child.end()
                return _too_complex(f"reading it took longer than {request.limits.wall_seconds:,.0f} seconds")
            except _Ended as ended:
                child.end()
                if ended.args[0] == EXIT_IDLE and not is_fresh:
                    continue  # it went to sleep just when it was asked
                return _answer_for_exit(ended.args[0], request.limits)
            except BaseException:
                child.end()
                raise
            if is_last or is_large:
                child.end()
            else:
                self._give_back(child)
            return answer

    def warm_up(self) -> threading.Thread:
        """Have a child fill the cache of compiled kernels, in a background thread, which is returned.

        The first `run` would do it otherwise, lest a file be charged with the time of the compiler.
        """

        def warm_up() -> None:
            with _warming:
                self._warm_up()

        thread = threading.Thread(target=warm_up, name="sandbox-warm-up", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """End all idle children; children at work end with their file. May be called twice."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _warm_up(self) -> None:
        _warmed.add(self._kernel_cache)
        first = threading.Thread(target=self._compile, args=[WARM_UP], daemon=True)
        first.start()
        first.join(_QUICK_WARM_UP_SECONDS)
        if first.is_alive() and len(os.sched_getaffinity(0)) > 1:
            self._compile(WARM_UP_FROM_THE_END)
        first.join()

    def _compile(self, message: bytes) -> None:
        child = self._start()
        try:
            _, is_last = child.ask(message, wall_seconds=_WARM_UP_SECONDS)
        except (_TimeUp, _Ended):
            is_last = True  # the first real file compiles what is missing, and reports what is wrong
        if is_last:  # compiling may have made it large
            child.end()
        else:
            self._give_back(child)

    def _borrow(self) -> tuple[_Child, bool]:
        """An idle child, or else a fresh one; and whether it is fresh."""
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return self._start(), True
            if child.is_alive():
                return child, False
            child.end()

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if not self._is_closed:
                self._idle.append(child)
                return
        child.end()

    def _start(self) -> _Child:
        answers_fd, childs_fd = os.pipe()
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "models3d.sandbox.child", str(childs_fd), *self._settings],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=(childs_fd,),
                cwd=_ROOT,
                env=self._environment,
                start_new_session=True,
            )
        except BaseException:
            os.close(answers_fd)
            raise
        finally:
            os.close(childs_fd)
        assert process.stdin is not None
        return _Child(process, process.stdin, answers_fd)


def _size_of(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0  # the child will say what is wrong with it


def _too_complex(reason: str) -> Answer:
    return Answer(ok=False, code="too_complex", sentence=f"The file is too complex: {reason}.")


def _answer_for_exit(return_code: int, limits: Limits) -> Answer:
    """What the end of a child says about its file."""
    if return_code == -signal.SIGXCPU:
        return _too_complex(f"reading it took more than {limits.cpu_seconds:,} seconds of processor time")
    if return_code == -_OUT_OF_MEMORY:
        return _too_complex(
            f"reading it takes more memory than the limit of {limits.memory_bytes / 2**30:.1f} GB"
        )
    if (
        return_code == -signal.SIGKILL
    ):  # a limit of ours does not end like that: the kernel or a person did it
        sentence = (
            "The process that read this file was killed, most likely because the machine was short of memory "
            f"(one file may take {limits.memory_bytes / 2**30:.1f} GB). Try again when it has less to do."
        )
        return Answer(ok=False, code="killed", sentence=sentence)
    end = f"signal {signal.Signals(-return_code).name}" if return_code < 0 else f"exit code {return_code}"
    return Answer(
        ok=False,
        code="damaged",
        sentence=f"The file made its reader crash ({end}), so it is probably damaged.",
    )
