"""Facts and pictures: how many files a second, and how long and how much memory one large file takes."""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.figures import Figure, seconds_of
from benchmarks.trees import write_stl
from models3d.meshes.estimates import PrintSettings
from models3d.sandbox.messages import Output
from models3d.sandbox.pool import Request, SandboxPool

_SMALL_FILES = 200
_SMALL_TRIANGLES = 2_000
_CHILDREN = 2


def run(cache: Path) -> Iterator[Figure]:
    """Measure with compiled kernels kept in `cache`. What compiles them is not measured."""
    with tempfile.TemporaryDirectory() as folder:
        for measure in (_compile, _small_files, _large_file):
            pool = SandboxPool(environment={"NUMBA_CACHE_DIR": str(cache)}, files_per_child=10_000)
            try:
                yield from measure(pool, Path(folder))
            finally:
                pool.close()


def _compile(pool: SandboxPool, folder: Path) -> Iterator[Figure]:
    path = folder / "first.stl"
    write_stl(path, _SMALL_TRIANGLES)
    _analyze(pool, path, "picture", "small", "light_mesh")
    yield from ()


def _small_files(pool: SandboxPool, folder: Path) -> Iterator[Figure]:
    paths = [folder / f"{number}.stl" for number in range(_SMALL_FILES)]
    for number, path in enumerate(paths):
        write_stl(path, _SMALL_TRIANGLES, seed=number)

    def analyze(path: Path) -> None:
        _analyze(pool, path, "picture", "small", "light_mesh")

    with ThreadPoolExecutor(_CHILDREN) as threads:
        list(threads.map(analyze, paths[:8]))  # loads what is compiled
        seconds = seconds_of(lambda: list(threads.map(analyze, paths)))
    yield Figure(
        f"facts, printability, fingerprint, pictures, light mesh: STL of {_SMALL_TRIANGLES:,} triangles, {_CHILDREN} children",
        _SMALL_FILES / seconds,
        "files/s",
        target=25,
    )


def _large_file(pool: SandboxPool, folder: Path) -> Iterator[Figure]:
    path = folder / "large.stl"
    write_stl(path, 1_000_000)

    def analyze() -> None:
        _analyze(pool, path, "picture", "small")

    analyze()
    seconds = seconds_of(analyze, repeat=3)
    floor = seconds_of(lambda: path.read_bytes(), repeat=3)
    yield Figure(
        "facts, printability and picture of an STL of 1,000,000 triangles",
        seconds,
        "s",
        2,
        floor,
        "reading it",
    )
    yield Figure("peak memory of the child for it", max(map(_peak_mb, _children())), "MB", target=400)


def _analyze(pool: SandboxPool, path: Path, *outputs: Output) -> None:
    out = {name: f"{path}.{name}" for name in outputs}
    answer = pool.run(Request(path=str(path), extension="stl", out=out, printing=PrintSettings()))
    assert answer.ok, answer.sentence


def _children() -> list[str]:
    """The ids of this process's children that open files."""
    own = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    found = [pid for children in own for pid in children.read_text().split()]
    return [pid for pid in found if b"models3d.sandbox.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def _peak_mb(pid: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
