"""Signs of life: files that the worker and beat touch while they do their work, for health checks from outside.

`python -m config.runtime.alive worker` exits 0 if this machine's worker gave a sign lately, else 1 with a sentence.
"""

import os
import sys
import time
from pathlib import Path

TOUCH_SECONDS = 15.0
# Beat rings every 15 seconds; a worker's sign waits while its event loop is busy.
SILENT_SECONDS = 90.0


def sign_of(name: str, folder: Path) -> Path:
    """The file that `name` (worker or beat) of this machine touches in `folder`."""
    return folder / f"{name}-{os.uname().nodename}.alive"


def touch(name: str, folder: Path) -> None:
    """Give a sign of life. A full or missing disk is told by other checks and stops no work."""
    try:
        sign_of(name, folder).touch()
    except OSError as error:
        sys.stderr.write(f"No sign of life could be given: {error}\n")


def silent_seconds(name: str, folder: Path, *, now: float) -> float | None:
    """Seconds since any machine's `name` gave a sign in `folder`, `now` in seconds since 1970; None if none ever did."""
    times = []
    for sign in folder.glob(f"{name}-*.alive"):
        try:
            times.append(sign.stat().st_mtime)
        except FileNotFoundError:
            continue  # it has just stopped
    return max(0.0, now - max(times)) if times else None


def main(name: str) -> int:
    """Say whether this machine's `name` is alive; the exit code of the program."""
    data = Path(os.environ.get("LAYERSHELF_DATA", "data")).expanduser()
    try:
        silent = time.time() - sign_of(name, data / "run").stat().st_mtime
    except OSError:
        sys.stderr.write(f"The {name} has given no sign of life.\n")
        return 1
    if silent > SILENT_SECONDS:
        sys.stderr.write(f"The {name} gave its last sign of life {silent:.0f} s ago.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
