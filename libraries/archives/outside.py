"""7z and RAR files, read in a limited child process of their own.

Their readers hold whole dictionaries in memory, of a size that the file chooses, and RAR needs a program from outside;
so none of it runs in the web or the worker process. The child is `libraries.archives.outside_child`.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from libraries.archives import errors
from libraries.archives.directory import Directory, Entry, Tick

_ROOT: Final = Path(__file__).resolve().parents[2]
_ERRORS: Final = {
    error.code: error
    for error in (errors.Damaged, errors.Locked, errors.TooLarge, errors.NoReader, errors.NotThere)
}

# What rarfile can make use of; the first that is found.
_RAR_PROGRAMS: Final = ("unrar", "unar", "7z", "7zz", "bsdtar")
NO_PROGRAM: Final = (
    "Reading packed RAR archives needs a program: install unrar, unar, 7-Zip or bsdtar on the machine that runs Layershelf, "
    "then scan again."
)


def rar_programs() -> list[str]:
    """The installed programs that unpack RAR files; stored ones need none."""
    return [program for program in _RAR_PROGRAMS if shutil.which(program)]


def read_directory(path: str, directory: Directory, *, format_name: str, tick: Tick) -> None:
    """Take up every file of the archive at `path`, which is "7z" or "rar"; raise an ArchiveError."""
    with _child(path, format_name, "list") as answers:
        for line in answers:
            directory.count(tick)
            member = json.loads(line)
            name, verdict = member["name"], member["verdict"]
            if verdict == "locked":
                directory.leave_out_locked(name)
            elif verdict == "no_reader":
                directory.error = errors.NoReader(NO_PROGRAM)
                directory.leave_out(name, "Reading it needs a program that is not installed.")
            else:
                entry = Entry(
                    "",
                    member["size_bytes"],
                    member["mtime_ns"],
                    member["checksum"],
                    place=member["place"],
                    packed_bytes=member["packed_bytes"],
                )
                directory.add(name, entry, mode=member["mode"])


def iter_members(
    path: str, entries: Sequence[Entry], *, format_name: str
) -> Iterator[tuple[Entry, Iterator[bytes]]]:
    """Yield members and their content in chunks, not checked against their sizes, in the order of the archive.

    Each content is to be read before the next member is asked for. Raises an ArchiveError.
    """
    for entry in entries:
        if not entry.size_bytes:  # they stand nowhere in the packed data
            yield entry, iter(())
    wanted = sorted((entry for entry in entries if entry.size_bytes), key=lambda entry: entry.place)
    if not wanted:
        return
    with _child(path, format_name, "read", places=[entry.place for entry in wanted]) as answers:
        for entry in wanted:
            content = _iter_frames(answers)
            yield entry, content
            for _ in content:
                pass  # whatever nobody wanted to see


def _iter_frames(answers: BinaryIO) -> Iterator[bytes]:
    while True:
        head = answers.read(4)
        length = int.from_bytes(head, "big")
        chunk = answers.read(length)
        if len(head) < 4 or len(chunk) < length:
            raise errors.Damaged(
                "The archive is damaged, or unpacking it took too much time or memory. Unpack it yourself."
            )
        if not length:
            return
        yield chunk


@contextmanager
def _child(path: str, *arguments: str, places: Sequence[int] = ()) -> Iterator[BinaryIO]:
    """Run the child for one piece of work; gives what it says after its first line, which tells of success."""
    process = subprocess.Popen(
        [sys.executable, "-m", "libraries.archives.outside_child", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with suppress(BrokenPipeError):  # it ended already; its silence is told below
            process.stdin.write(" ".join(map(str, places)).encode() + b"\n" + os.fsencode(path))
            process.stdin.close()
        _check(process.stdout.readline(), process)
        yield process.stdout  # type: ignore[misc]  # typeshed has it as IO[bytes]
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a program it started as well
        process.stdout.close()
        process.wait()


def _check(line: bytes, process: "subprocess.Popen[bytes]") -> None:
    if not line:
        if process.wait() in {-signal.SIGXCPU, -signal.SIGKILL}:
            raise errors.TooLarge("Reading it took more time or memory than one archive may take.")
        raise errors.Damaged(
            "The archive made its reader crash, so it is probably damaged. Download it again."
        )
    answer = json.loads(line)
    if "error" in answer:
        raise _ERRORS[answer["error"]](answer["sentence"])
