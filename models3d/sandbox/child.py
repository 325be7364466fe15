"""The limited process in which files of unknown origin are opened: `python -m models3d.sandbox.child`.

Requests come as lines on standard input. Answers go as lines to the file descriptor named by the first
argument, so that whatever a library prints cannot get among them. Settings are the further arguments; the
parent is models3d.sandbox.pool.
"""

import contextlib
import ctypes
import os
import queue
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from models3d.sandbox.limits import hold_process_to
from models3d.sandbox.messages import Answer, decode_request, encode_answer

EXIT_IDLE = 75
WARM_UP = b"warm up\n"
WARM_UP_FROM_THE_END = b"warm up from the end\n"
_NICENESS = 10


@dataclass(frozen=True, slots=True)
class _Settings:
    answers_fd: int
    idle_seconds: float
    most_files: int
    most_resident_bytes: int


def _is_larger_than(most_resident_bytes: int) -> bool:
    """Whether this process uses more memory, even after the allocator has given back what it holds for later.

    It gives back only if it must: getting the pages of a picture anew costs a small file a tenth of its time.
    """
    if _resident_bytes() <= most_resident_bytes:
        return False
    with contextlib.suppress(AttributeError):  # not in every C library
        ctypes.CDLL(None).malloc_trim(0)
    return _resident_bytes() > most_resident_bytes


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _pass_on_requests(requests: "queue.Queue[bytes]") -> None:
    """Read standard input in a thread: its end means that the parent is gone, whatever is being done.

    PR_SET_PDEATHSIG would not do: it fires when the *thread* that started this process ends.
    """
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


def _answer_to(line: bytes) -> tuple[Answer, bool]:
    """The answer to a request, and whether this process is fit for another."""
    from models3d.sandbox.duties import may_corrupt_memory
    from models3d.sandbox.warmup import warm_up
    from models3d.sandbox.work import work_on

    if line in (WARM_UP, WARM_UP_FROM_THE_END):
        warm_up(from_the_end=line == WARM_UP_FROM_THE_END)
        return Answer(ok=True), True
    request = decode_request(line)
    hold_process_to(request.limits)
    try:
        answer = work_on(request)
        return answer, answer.ok or not may_corrupt_memory(request.extension)
    except MemoryError:
        sentence = (
            "The file is too complex: reading it takes more memory than the limit of "
            f"{request.limits.memory_bytes / 2**30:.1f} GB."
        )
        return Answer(ok=False, code="too_complex", sentence=sentence), False
    except Exception as error:
        # One file of many: whatever is wrong with it must not end the others.
        sys.excepthook(*sys.exc_info())
        sentence = f"The file made its reader stumble ({type(error).__name__}), so it is probably damaged."
        return Answer(ok=False, code="damaged", sentence=sentence), True


def _serve(settings: _Settings) -> None:
    requests: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_pass_on_requests, args=(requests,), daemon=True).start()
    for count in range(1, settings.most_files + 1):
        try:
            line = requests.get(timeout=settings.idle_seconds)
        except queue.Empty:
            os._exit(EXIT_IDLE)
        answer, is_fit = _answer_to(line)
        is_last = not is_fit or count == settings.most_files or _is_larger_than(settings.most_resident_bytes)
        os.write(settings.answers_fd, encode_answer(answer, is_last=is_last))
        if is_last:
            return


if __name__ == "__main__":
    os.nice(_NICENESS)
    fd, idle_seconds, most_files, most_resident_bytes = sys.argv[1:5]
    _serve(_Settings(int(fd), float(idle_seconds), int(most_files), int(most_resident_bytes)))
