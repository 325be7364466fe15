"""Whether the database's tables lag behind the code, and bringing them up to date.

Django must be set up. The functions open connections in this process, so a process that forks calls them in a child.
"""

import pkgutil
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

import psycopg

from config.runtime.errors import ServiceFailed


def use_plain_connections(databases: Mapping[str, Any]) -> None:
    """Take the connection pool out of the settings of a process that does one thing at a time.

    A pool keeps threads, and waits seconds for a server that is not there where a plain connection fails at once.
    """
    for database in databases.values():
        database.get("OPTIONS", {}).pop("pool", None)


def check_answers(database: Mapping[str, Any]) -> None:
    """Raise ServiceFailed unless the server of these settings (an entry of DATABASES) takes a connection."""
    names = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    address = {libpq: database[name] for name, libpq in names.items() if database.get(name)}
    options = {name: value for name, value in database["OPTIONS"].items() if isinstance(value, str)}
    try:
        psycopg.connect(psycopg.conninfo.make_conninfo(**address, **options)).close()
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0]
        raise ServiceFailed(f"The database named by DATABASE_URL does not answer: {reason}") from error


def are_pending() -> bool:
    """Whether an app has a migration that the database does not know as run."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return lacks_migrations(MigrationRecorder(connection).applied_migrations())


def lacks_migrations(known: Container[tuple[str, str]]) -> bool:
    """Whether an app has a migration that is not among `known`: pairs of an app's label and a migration's name.

    Asked at every start, so the migrations are compared by name: to import them takes longer than all the rest.
    """
    from django.apps import apps

    return any(
        (app.label, migration.name) not in known
        for app in apps.get_app_configs()
        for migration in pkgutil.iter_modules([str(Path(app.path, "migrations"))])
    )


def run_all() -> None:
    """Run every pending migration."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
