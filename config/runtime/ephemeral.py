"""Postgres and Valkey for the length of a test run, in a folder that is thrown away."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from config.runtime import postgres, valkey
from config.runtime.folder import DataFolder
from config.runtime.postgres import Postgres

GRACE_SECONDS = 10.0


@contextmanager
def throw_away_services(folder: DataFolder, *, database: bool = True, broker: bool = True) -> Iterator[None]:
    """Run the chosen services in `folder` during the block. Nothing of them outlives this process, however it ends."""
    folder.prepare()
    with ExitStack() as running:
        if broker:
            child = valkey.start(folder)
            running.callback(child.stop, valkey.STOP_SIGNAL, grace_seconds=GRACE_SECONDS)
            valkey.wait_ready(folder, child)
        if database:
            server = Postgres(folder, durable=False)
            child = server.start()
            running.callback(child.stop, postgres.STOP_SIGNAL, grace_seconds=GRACE_SECONDS)
            server.wait_ready(child)
        yield
