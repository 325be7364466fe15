"""Hashing a file, in processor time of one core, beside what openssl reaches without reading any file."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from libraries.hashing import sha256_of

_MEGABYTES = 256
_REPEAT = 5
_TARGET_SHARE = 0.8
_SPEED = ["speed", "-mr", "-bytes", str(1 << 20), "-seconds", "1", "sha256"]


def run() -> Iterator[Figure]:
    """Megabytes a core hashes in a second, from a file that the machine has in memory."""
    with tempfile.TemporaryDirectory(prefix="layershelf-bench-") as folder:
        path = Path(folder) / "part.stl"
        path.write_bytes(bytes(_MEGABYTES << 20))
        speed = _MEGABYTES / min(_processor_seconds(path) for _ in range(_REPEAT))
    openssl = _openssl_speed()
    yield Figure(
        f"hashing {_MEGABYTES} MB, a core",
        speed,
        "MB/s",
        openssl * _TARGET_SHARE if openssl else None,
        openssl,
        "openssl speed",
    )


def _processor_seconds(path: Path) -> float:
    begun = time.process_time()
    sha256_of(path)
    return time.process_time() - begun


def _openssl_speed() -> float | None:
    """MB a second by openssl's own measurement, of processor time too; None where it is not installed."""
    program = shutil.which("openssl")
    if program is None:
        return None
    done = subprocess.run([program, *_SPEED], capture_output=True, text=True, check=True)
    # "+F:22:sha256:1234567.89": the last field is bytes a second.
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("+F:"))
    return float(line.rpartition(":")[2]) / (1 << 20)
