"""Whether the database's tables lag behind the code, and bringing them up to date.

Django must be set up. The functions open connections in this process, so a process that forks calls them in a child.
"""

from collections.abc import Mapping
from typing import Any


def use_plain_connections(databases: Mapping[str, Any]) -> None:
    """Take the connection pool out of the settings of a process that does one thing at a time.

    A pool keeps threads, and waits seconds for a server that is not there where a plain connection fails at once.
    """
    for database in databases.values():
        database.get("OPTIONS", {}).pop("pool", None)


def are_pending() -> bool:
    """Whether there are migrations to run."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def run_all() -> None:
    """Run every pending migration."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
