"""The limited process that opens 7z and RAR files: `python -m libraries.archives.outside_child FORMAT list|read`.

Standard input has the numbers of the members to read, a line of them, and then the path. The first line on standard output
is a JSON object, empty or with `error` and `sentence`; then follow all members as JSON lines, or the wanted ones as frames.
"""

import json
import os
import resource
import sys
from typing import BinaryIO, Final

from libraries.archives.errors import ArchiveError, Damaged
from libraries.archives.outside_formats import reader_of

_MEMORY_BYTES: Final = 1 << 30
_CPU_SECONDS: Final = 300


def main() -> None:
    """Do one piece of work and end."""
    for kind, limit in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),  # nothing is written to any disk
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
    places = [int(number) for number in sys.stdin.buffer.readline().split()]
    path = os.fsdecode(sys.stdin.buffer.read())
    format_name, work = sys.argv[1:3]
    out = sys.stdout.buffer
    try:
        reader = reader_of(format_name, path)
        if work == "list":
            lines = [json.dumps(member._asdict()).encode() + b"\n" for member in reader.members()]
            out.write(b"{}\n")
            out.writelines(lines)
        else:
            reader.send(places, out)
    except ArchiveError as error:
        _fail(out, error)
    except MemoryError:
        limit_mb = _MEMORY_BYTES >> 20
        out.write(_error("too_large", f"Unpacking it needs more than {limit_mb:,} MB of memory."))
    except Exception:  # readers of hostile bytes raise anything
        _fail(out, Damaged("The archive is damaged and cannot be read. Download or copy it again."))
    out.flush()


def _fail(out: BinaryIO, error: ArchiveError) -> None:
    out.write(_error(error.code, str(error)))


def _error(code: str, sentence: str) -> bytes:
    return json.dumps({"error": code, "sentence": sentence}).encode() + b"\n"


if __name__ == "__main__":
    main()
