"""Runs a folder's Postgres for management commands, from the first that needs it until the last has ended.

Commands share the users lock while they run. The keeper waits to hold that lock alone, which happens when nobody uses
Postgres any more, even if a command was killed; a command that comes later waits until the keeper is done.
"""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from config.runtime.errors import ServiceFailed, StartupError
from config.runtime.locks import Lock, users_lock
from config.runtime.postgres import STOP_SIGNAL, Postgres
from config.runtime.processes import fork

GRACE_SECONDS = 20.0
NO_SIGNAL = 0  # the keeper outlives the command that started it


def start_keeper(server: Postgres, owner: Lock) -> None:
    """Fork the keeper, which holds on to `owner`, and return when Postgres is ready. Raises StartupError."""
    report, sentence = os.pipe()
    keep = partial(_keep, server, owner, sentence)
    fork("keeper", keep, log=server.folder.log_of("keeper"), death_signal=NO_SIGNAL)
    os.close(sentence)
    with os.fdopen(report, "rb") as answer:
        problem = answer.read().decode()
    if problem:
        raise ServiceFailed(problem)


def _keep(server: Postgres, owner: Lock, sentence: int) -> None:
    _close_all_but(owner.descriptor, sentence)
    try:
        child = server.start()
        server.wait_ready(child)
    except StartupError as problem:
        os.write(sentence, str(problem).encode())
        return
    os.close(sentence)
    users_lock(server.folder).wait_alone()
    child.stop(STOP_SIGNAL, grace_seconds=GRACE_SECONDS)


def _close_all_but(*kept: int) -> None:
    """Close what the command had open: its share of the users lock, and pipes whose reader waits for their end."""
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if descriptor > 2 and descriptor not in kept:
            with suppress(OSError):
                os.close(descriptor)
