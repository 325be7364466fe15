"""What manage.py does around Django: choose the data folder, have a database ready, put expected failures in a sentence."""

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from config.runtime.errors import StartupError
from config.runtime.folder import THROW_AWAY_KEY, DataFolder
from config.runtime.joined import joined, needs_database
from config.runtime.migrations import check_answers, run_all, use_plain_connections
from config.runtime.postgres import Postgres, is_blank


def run(arguments: Sequence[str]) -> int:
    """Run the management command of a command line (`sys.argv`); returns the exit code."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        _choose_data_folder(arguments[1:])
        _run_command(arguments)
    except (StartupError, ImproperlyConfigured) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _choose_data_folder(arguments: Sequence[str]) -> None:
    """Let `up --data DIR` win over the environment, which the settings read before the command sees its options."""
    if arguments[:1] != ["up"]:
        return
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data")
    chosen, _ = parser.parse_known_args(arguments[1:])
    if chosen.data:
        os.environ["LAYERSHELF_DATA"] = str(Path(chosen.data).absolute())


def _run_command(arguments: Sequence[str]) -> None:
    from django.conf import settings
    from django.core.management import execute_from_command_line

    command = list(arguments[1:])
    if command[:1] == ["up"]:
        # It sets Django up itself, while Postgres and Valkey start.
        from config.management.commands.up import Command

        Command().run_from_argv(list(arguments))
        return
    if command[:1] not in (["web"], ["worker"]):  # these have threads, which share connections
        use_plain_connections(settings.DATABASES)
    if not needs_database(command):
        # makemigrations would like to look at the history; that nothing runs is no news.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        execute_from_command_line(list(arguments))
        return
    prepare(settings.DATA_FOLDER)
    if settings.DATABASE_URL:
        check_answers(settings.DATABASES["default"])
        execute_from_command_line(list(arguments))
        return
    with joined(Postgres(settings.DATA_FOLDER, programs_dir=settings.POSTGRES_BIN)):
        if command[0] != "migrate" and is_blank(settings.DATA_FOLDER):
            _make_tables()
        execute_from_command_line(list(arguments))


def prepare(folder: DataFolder) -> None:
    """Make the data folder, and use its secret key if the settings were read before there was one."""
    from django.conf import settings

    folder.prepare()
    if settings.SECRET_KEY == THROW_AWAY_KEY:
        settings.SECRET_KEY = folder.secret_key()


def _make_tables() -> None:
    import django

    django.setup()
    run_all()
