"""The Postgres of a data folder: make its cluster, start it, wait until it answers.

Only the caller who holds the folder's owner lock may start it.
"""

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.runtime.errors import ServiceFailed, StartupError, disk_full
from config.runtime.folder import DataFolder
from config.runtime.postgres_programs import PostgresPrograms, find_programs
from config.runtime.privileges import Identity, current_identity
from config.runtime.processes import Child, execute
from config.runtime.readiness import wait_until

DATABASE = "layershelf"
USER = "postgres"
STOP_SIGNAL = signal.SIGINT  # "fast": ends sessions, writes a checkpoint
URGENT_STOP_SIGNAL = signal.SIGQUIT  # "immediate": without a checkpoint, so the next start recovers
START_SECONDS = 60.0  # recovery after a crash counts too
LARGE_MEMORY_BYTES = 2 * 1024**3
SIGNS_OF_A_FULL_DISK = ("No space left on device", "Check free disk space", "quota exceeded")
FASTER_BUT_LOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """What is needed to run the Postgres of one folder; `durable=False` is for throw-away folders of tests."""

    folder: DataFolder
    programs_dir: str = ""
    durable: bool = True

    @property
    def cluster(self) -> Path:
        return self.folder.postgres / "cluster"

    def start(self) -> Child:
        """Start the server, making its cluster first if there is none. Raises StartupError; does not wait."""
        programs, identity = self._as_whom()
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster(programs, identity)
        end_leftover_server(self.cluster)
        options = server_options(self.folder.socket_dir, major=programs.major, durable=self.durable)
        return execute(
            "postgres",
            [*identity.prefix, programs.directory / "postgres", "-D", self.cluster, *options],
            log=self.folder.log_of("postgres"),
            death_signal=STOP_SIGNAL,
            user=identity.user,
        )

    def make_cluster(self) -> None:
        """Make the cluster ahead of `start`, which then returns at once. Raises StartupError."""
        self._make_cluster(*self._as_whom())

    def wait_ready(self, child: Child) -> None:
        """Wait until `child` takes connections to the application's database, which is made if missing.

        Raises ServiceFailed or DiskFull when it ends before.
        """
        if not wait_until(
            lambda: answers(self.folder, "postgres"), alive=child.is_running, seconds=START_SECONDS
        ):
            raise self._failure(child)
        if not answers(self.folder, DATABASE):
            with psycopg.connect(connection_string(self.folder, "postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _as_whom(self) -> tuple[PostgresPrograms, Identity]:
        """The programs to run and the user to run them as, who is given what is needed."""
        programs = find_programs(self.programs_dir, cluster=self.cluster)
        identity = current_identity()
        if identity.user is not None:
            self.folder.root.chmod(0o711)  # that user has to pass through
        identity.give(self.folder.postgres, self.folder.socket_dir)
        return programs, identity

    def _make_cluster(self, programs: PostgresPrograms, identity: Identity) -> None:
        """Make the cluster under a draft name, so that an interrupted first start is simply made again."""
        draft = self.folder.postgres / "cluster.draft"
        shutil.rmtree(draft, ignore_errors=True)
        made = subprocess.run(
            [*identity.prefix, programs.directory / "initdb", *cluster_options(programs.major), "-D", draft],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            user=identity.user,
            extra_groups=[] if identity.user else None,
            cwd="/",
        )
        if made.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise self._worded(made.stderr, "could not make its files")
        draft.rename(self.cluster)

    def _failure(self, child: Child) -> StartupError:
        if child.is_running():
            return ServiceFailed(
                f"Postgres did not answer within {START_SECONDS:.0f} s; see {self.folder.log_of('postgres')}."
            )
        return self._worded(
            last_lines(self.folder.log_of("postgres"), since=child.log_start), "could not start"
        )

    def _worded(self, output: str, what: str) -> StartupError:
        if self.folder.is_full() or any(sign in output for sign in SIGNS_OF_A_FULL_DISK):
            return disk_full(self.folder.root)
        reasons = re.findall(r"(?:FATAL|PANIC|error):\s*(.+)", output)
        reason = reasons[-1] if reasons else (output.strip().splitlines() or ["it gave no reason"])[-1]
        return ServiceFailed(f"Postgres {what}: {reason.strip()} (log: {self.folder.log_of('postgres')})")


def cluster_options(major: int) -> list[str]:
    """Options of initdb. Connections are trusted: the socket lies in a folder only its owner can enter."""
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
    return ["-U", USER, "-E", "UTF8", "-A", "trust", "--no-locale", "--no-instructions", "--no-sync", *locale]


def server_options(socket_dir: Path, *, major: int, durable: bool) -> list[str]:
    """Options of the server: sockets only, no replication, no JIT; about 9 MB idle with 32 MB of buffers."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "shared_buffers": "128MB" if memory > LARGE_MEMORY_BYTES else "32MB",
        "max_connections": "40",
        "work_mem": "16MB",
        "jit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "log_min_messages": "warning",
    }
    if major >= 18:
        settings["io_method"] = "sync"
    if not durable:
        settings |= FASTER_BUT_LOSABLE
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def connection_string(folder: DataFolder, database: str) -> str:
    """The libpq address of a database of the folder's server."""
    return psycopg.conninfo.make_conninfo(host=str(folder.socket_dir), user=USER, dbname=database)


def answers(folder: DataFolder, database: str = DATABASE) -> bool:
    """Whether the folder's server takes connections to `database` now."""
    try:
        psycopg.connect(connection_string(folder, database), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def is_blank(folder: DataFolder) -> bool:
    """Whether no migration ever ran in the folder's database."""
    with psycopg.connect(connection_string(folder, DATABASE)) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
    return bool(row and row[0])


def end_leftover_server(cluster: Path) -> None:
    """Clear the way when the pid file outlived its server, or the server its supervisor.

    Postgres itself refuses to start when the noted pid belongs to any living process, which after a restart of a
    container is often an innocent one.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="ascii", errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if not _is_server_of(pid, cluster):
        pid_file.unlink(missing_ok=True)
        return
    os.kill(pid, STOP_SIGNAL)
    wait_until(lambda: not _is_server_of(pid, cluster), alive=lambda: True, seconds=10)


def _is_server_of(pid: int, cluster: Path) -> bool:
    """Whether process `pid` is a Postgres working in `cluster`: a server changes into its cluster's directory."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == cluster.resolve()
    except OSError:
        return False


def last_lines(log: Path, *, since: int = 0, limit_bytes: int = 4000) -> str:
    """The end of a log file from byte `since` on, empty if there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(since, log.stat().st_size - limit_bytes))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
