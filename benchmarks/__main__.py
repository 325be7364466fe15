"""Run benchmarks: `python -m benchmarks [NAME …] [--files N …] [--models N] [--shapes N] [--json FILE]`, all without a name.

Everything happens in a data folder of its own that is removed at the end; kernels compiled for meshes are kept.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from config.runtime.ephemeral import throw_away_services
from config.runtime.folder import DataFolder

if TYPE_CHECKING:
    from benchmarks.figures import Figure

_ROOT = Path(__file__).resolve().parents[1]
_NAMES = (
    "scan",
    "hashing",
    "archives",
    "buckets",
    "pages",
    "bulk",
    "duplicates",
    "meshes",
    "runtime",
    "transfers",
)


def main() -> None:
    """Measure what was asked for, print a table, and write JSON if a file is named."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="layershelf-bench-") as temporary:
        folder = DataFolder(Path(temporary) / "data")
        os.environ |= {"LAYERSHELF_DATA": str(folder.root), "DJANGO_SETTINGS_MODULE": "config.settings"}
        folder.prepare()
        from benchmarks.figures import print_table

        figures = []
        with throw_away_services(folder):
            _migrate()
            for figure in _figures(options, Path(temporary)):
                sys.stderr.write(f"{figure.name}: {figure.value:.3g} {figure.unit}\n")
                figures.append(figure)
    print_table(figures)
    if options.json:
        options.json.write_text(json.dumps([figure.as_json() for figure in figures], indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*_NAMES, "all"], default="all")
    parser.add_argument("--files", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--models", type=int, default=100_000)
    parser.add_argument("--shapes", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _figures(options: argparse.Namespace, temporary: Path) -> "Iterator[Figure]":
    # Imported here: these modules need the settings that name the data folder.
    from benchmarks import (
        bench_archives,
        bench_buckets,
        bench_bulk,
        bench_duplicates,
        bench_hashing,
        bench_meshes,
        bench_pages,
        bench_runtime,
        bench_scan,
        bench_transfers,
    )

    names = _NAMES if options.names == "all" else options.names
    if "scan" in names:
        yield from bench_scan.run(tuple(options.files))
    if "hashing" in names:
        yield from bench_hashing.run()
    if "archives" in names:
        yield from bench_archives.run()
    if "buckets" in names:
        yield from bench_buckets.run()
    if "pages" in names:
        yield from bench_pages.run(options.models)
    if "bulk" in names:
        yield from bench_bulk.run(options.models)
    if "duplicates" in names:
        yield from bench_duplicates.run(options.shapes)
    if "meshes" in names:
        yield from bench_meshes.run(_ROOT / "data" / "cache" / "numba")
    if "runtime" in names:
        yield from bench_runtime.run(temporary / "up")
    if "transfers" in names:
        yield from bench_transfers.run(temporary / "transfers")


if __name__ == "__main__":
    main()
