"""Work done once while everything starts, each in a child: the supervisor must not hold a connection when it forks."""

import os
from collections.abc import Callable
from pathlib import Path

from config.runtime import migrations
from config.runtime.errors import ServiceFailed, StartupError, disk_full
from config.runtime.folder import DataFolder
from config.runtime.postgres import last_lines
from config.runtime.processes import Child, fork

# A first migration takes a second; one of a million rows may take long, and ends when it is done.
LONGEST_SECONDS = 24 * 3600.0
PENDING = 3


def look_for_migrations(folder: DataFolder) -> Child:
    """Begin to look whether there are migrations to run; the database must answer. The answer is for the next function."""
    return fork("migrate", _exit_with_answer, log=folder.log_of("migrate"))


def bring_up_to_date(folder: DataFolder, look: Child, *, say: Callable[[str], None]) -> None:
    """Run the migrations, if `look` found any to run. Raises StartupError."""
    look.wait(LONGEST_SECONDS)
    if look.exit_code == PENDING:
        say("Bringing the database up to date…")
        change = fork("migrate", _migrate, log=folder.log_of("migrate"))
        change.wait(LONGEST_SECONDS)
        if change.exit_code != 0:
            raise _failure(folder, change)
        say("Database up to date")
    elif look.exit_code != 0:
        raise _failure(folder, look)


def add_library(path: Path) -> Child:
    """Run `add_library PATH --scan` on the terminal. What is wrong with the folder is told there and stops nothing.

    Returns at once: a large library takes longer to scan than anybody wants to wait for its address.
    """
    from django.core.management import execute_from_command_line

    def add() -> None:
        _use_plain_connections()
        execute_from_command_line(["manage.py", "add_library", os.fspath(path), "--scan"])

    return fork("library", add, log=None)


def _exit_with_answer() -> None:
    _use_plain_connections()
    raise SystemExit(PENDING if migrations.are_pending() else 0)


def _migrate() -> None:
    _use_plain_connections()
    migrations.run_all()


def _use_plain_connections() -> None:
    from django.conf import settings

    migrations.use_plain_connections(settings.DATABASES)


def _failure(folder: DataFolder, child: Child) -> StartupError:
    if folder.is_full():
        return disk_full(folder.root)
    log = folder.log_of("migrate")
    lines = last_lines(log, since=child.log_start).splitlines()
    # Of a traceback and the server's hints, the line that names the error.
    reasons = [line for line in lines if line and not line[0].isspace()] or ["it gave no reason"]
    return ServiceFailed(f"The database cannot be used: {reasons[-1]} (log: {log})")
