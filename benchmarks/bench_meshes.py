"""Facts and pictures: how many files a second, and how long and how much memory one large file takes."""

import resource
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
    """Measure with compiled kernels kept in `cache`, so that all but the very first run is warm."""
    pool = SandboxPool(environment={"NUMBA_CACHE_DIR": str(cache)}, files_per_child=10_000)
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield from _small_files(pool, Path(folder))
            yield from _large_file(pool, Path(folder))
        finally:
            pool.close()


def _small_files(pool: SandboxPool, folder: Path) -> Iterator[Figure]:
    paths = [folder / f"{number}.stl" for number in range(_SMALL_FILES)]
    for number, path in enumerate(paths):
        write_stl(path, _SMALL_TRIANGLES, seed=number)

    def analyze(path: Path) -> None:
        answer = pool.run(_request(path, "picture", "small", "light_mesh"))
        assert answer.ok, answer.sentence

    with ThreadPoolExecutor(_CHILDREN) as threads:
        list(threads.map(analyze, paths[:8]))  # compiles, or loads what is compiled
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
        answer = pool.run(_request(path, "picture", "small"))
        assert answer.ok, answer.sentence

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
    pool.close()
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Figure("peak memory of the child for it", peak_mb, "MB", target=400)


def _request(path: Path, *outputs: Output) -> Request:
    out = {name: f"{path}.{name}" for name in outputs}
    return Request(path=str(path), extension="stl", out=out, printing=PrintSettings())
