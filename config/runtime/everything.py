"""The whole of Layershelf on one machine: what `manage.py up` starts, in which order, and what it says meanwhile."""

import gc
import os
import signal
import socket
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from config.runtime import postgres, valkey
from config.runtime.errors import AlreadyRunning, FolderBusy, ServiceFailed, folder_error
from config.runtime.folder import DataFolder
from config.runtime.listener import address_of, open_listener, web_answers
from config.runtime.locks import Lock, owner_lock
from config.runtime.one_offs import add_library, bring_up_to_date, look_for_migrations
from config.runtime.postgres import Postgres
from config.runtime.processes import Child, fork, limit_malloc_arenas, rotate
from config.runtime.readiness import wait_until
from config.runtime.supervisor import Service, StopRequested, Supervisor

WEB_START_SECONDS = 60.0
OWNER_WAIT_SECONDS = 60.0
LOGGED = ("postgres", "valkey", "migrate", "web", "worker")
# Imported before forking, so that the processes share the memory: what the web and the worker both use at once.
PRELOADED = ("config.wsgi", "config.celery", "psycopg_pool")


@dataclass(frozen=True)
class Plan:
    """What to run: an own server where no other is named, and a library to add (None: none)."""

    folder: DataFolder
    host: str
    port: int
    library: Path | None
    own_database: bool
    own_broker: bool
    programs_dir: str


def say(line: str) -> None:
    """Tell the user at the terminal, who may have closed it."""
    with suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def run_everything(plan: Plan) -> None:
    """Run until told to stop by Ctrl-C or SIGTERM, then return with nothing left running. Raises StartupError.

    No thread may be started yet, and the data folder must be prepared. Django is set up here, while the services start.
    """
    if plan.library is not None and not plan.library.is_dir():
        raise ServiceFailed(
            f"The library folder {plan.library} is not there. Check the path after --library."
        )
    limit_malloc_arenas()
    supervisor = Supervisor(say=say, log_of=plan.folder.log_of)
    with closing(owner_lock(plan.folder)) as owner:
        try:
            supervisor.listen_for_signals()
            _own_folder(plan.folder, owner)
            with closing(open_listener(plan.host, plan.port)) as listener:
                _start(plan, supervisor, listener)
                say(f"Layershelf is ready at {address_of(listener)}")
                if plan.library is not None:
                    supervisor.accompany(partial(add_library, plan.library))
                supervisor.watch()
        except StopRequested:
            say("Stopping…")
        except OSError as error:
            raise folder_error(error, plan.folder.root) from error
        finally:
            supervisor.stop()
    say("Stopped.")


def _own_folder(folder: DataFolder, owner: Lock) -> None:
    """Become the folder's one supervisor; waits for a command that runs Postgres, or for remains of a killed `up`."""
    deadline = time.monotonic() + OWNER_WAIT_SECONDS
    waiting = False
    while not owner.take(f"up {os.getpid()}"):
        kind, _, pid = owner.holder().partition(" ")
        if kind == "up" and Path(f"/proc/{pid}").exists():
            raise AlreadyRunning(f"Layershelf is running on {folder.root} already (process {pid}).")
        if not waiting:
            say("Waiting for a command that uses this data folder to end…")
            waiting = True
        if time.monotonic() > deadline:
            raise FolderBusy(f"A command keeps using the data folder {folder.root}. End it and start again.")
        time.sleep(0.05)
    if waiting:
        say("The data folder is free.")


def _start(plan: Plan, supervisor: Supervisor, listener: socket.socket) -> None:
    """Start services, tables, web and worker. What takes time besides is done while these do theirs."""
    import django

    waiting = []
    for name in LOGGED:
        rotate(plan.folder.log_of(name))
    for service in _embedded_services(plan):
        waiting.append((service, supervisor.add(service)))
    django.setup()
    for service, child in waiting:
        service.wait_ready(child)
        say(f"{service.name} ready")
    look = look_for_migrations(plan.folder)
    _preload()
    bring_up_to_date(plan.folder, look, say=say)
    gc.collect()
    gc.freeze()
    web, worker = _web(plan.folder, listener), _worker(plan.folder)
    # The worker comes after the web's first answer: it would take the processor from it.
    web.wait_ready(supervisor.add(web))
    say("Web ready")
    supervisor.add(worker)
    say("Worker started")


def _embedded_services(plan: Plan) -> list[Service]:
    services = []
    if plan.own_database:
        server = Postgres(plan.folder, programs_dir=plan.programs_dir)
        if not server.cluster.exists():
            say(f"Making a new library database in {plan.folder.root}…")
            server.make_cluster()
        services.append(
            Service(
                "Postgres",
                server.start,
                server.wait_ready,
                postgres.STOP_SIGNAL,
                is_needed=True,
                urgent_signal=postgres.URGENT_STOP_SIGNAL,
            )
        )
    if plan.own_broker:
        start = partial(valkey.start, plan.folder)
        services.append(
            Service(
                "Valkey", start, partial(valkey.wait_ready, plan.folder), valkey.STOP_SIGNAL, is_needed=True
            )
        )
    return services


def _web(folder: DataFolder, listener: socket.socket) -> Service:
    from config.runtime.web import serve

    def start() -> Child:
        return fork("web", lambda: serve(listener.fileno()), log=folder.log_of("web"))

    return Service("Web", start, partial(_wait_web, folder, listener), signal.SIGTERM)


def _worker(folder: DataFolder) -> Service:
    """Nothing asks the worker whether it is ready: that its process exists is enough, and the supervisor watches it."""
    from config.runtime.worker import work

    def start() -> Child:
        # A cold shutdown when the supervisor dies: rows that were being worked on are claimed again.
        run = partial(work, run=folder.run, beat_schedule=folder.beat_schedule)
        return fork("worker", run, log=folder.log_of("worker"), death_signal=signal.SIGQUIT)

    return Service("Worker", start, lambda child: None, signal.SIGTERM)


def _wait_web(folder: DataFolder, listener: socket.socket, child: Child) -> None:
    if not wait_until(lambda: web_answers(listener), alive=child.is_running, seconds=WEB_START_SECONDS):
        raise ServiceFailed(f"The web process could not start; see {folder.log_of('web')}.")


def _preload() -> None:
    from django.urls import get_resolver

    for name in PRELOADED:
        import_module(name)
    get_resolver().url_patterns  # noqa: B018  # imports every page
