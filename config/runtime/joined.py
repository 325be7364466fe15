"""A database for management commands, whether or not `up` is running: join its Postgres, or have one for the duration."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from config.runtime.errors import ServiceFailed
from config.runtime.keeper import start_keeper
from config.runtime.locks import owner_lock, users_lock
from config.runtime.postgres import START_SECONDS, Postgres, answers

POLL_SECONDS = 0.05

# Everything else is given a database. `up` and `test` see to their own.
COMMANDS_WITHOUT_DATABASE = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "makemigrations",
        "optimizemigration",
        "startapp",
        "startproject",
        "test",
        "testserver",
        "up",
        "version",
    }
)


def needs_database(arguments: Sequence[str]) -> bool:
    """Whether the command line (without the program's name) is a command that reads or writes rows.

    >>> needs_database(["scan", "--all"]), needs_database(["scan", "--help"]), needs_database([])
    (True, False, False)
    """
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    return arguments[0] not in COMMANDS_WITHOUT_DATABASE or "--database" in arguments


@contextmanager
def joined(server: Postgres) -> Iterator[None]:
    """Have the folder's Postgres answer during the block: that of `up`, of another command, or one started for it.

    Raises StartupError. Several commands may be in such a block at once; the last one out stops what was started.
    """
    with closing(users_lock(server.folder)) as users:
        users.share()
        _ensure_running(server)
        yield


def _ensure_running(server: Postgres) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(server.folder):
        with closing(owner_lock(server.folder)) as owner:
            if owner.take(f"command {os.getpid()}"):
                start_keeper(server, owner)
                return
        if time.monotonic() > deadline:
            raise ServiceFailed(
                f"Postgres of {server.folder.root} does not answer; see {server.folder.log_of('postgres')}."
            )
        time.sleep(POLL_SECONDS)
