"""The web process: gunicorn's threaded worker on a socket that is listening already.

Gunicorn's arbiter is left out: the supervisor restarts the process, and a process less saves about 20 MB.
"""

import os
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.sock import create_sockets
from gunicorn.workers.gthread import ThreadWorker

THREADS = 8
GRACEFUL_SECONDS = 2  # requests that take longer are cut off at the end


class Site(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The WSGI application with gunicorn's settings, given in code instead of on a command line."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", THREADS)
        self.cfg.set("graceful_timeout", GRACEFUL_SECONDS)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Callable[..., Any]:
        return self.application


def serve(descriptor: int) -> None:
    """Serve the site on a listening socket until told to stop by SIGTERM. Django must be set up."""
    from config.wsgi import application

    site = Site(application)
    log = Logger(site.cfg)
    listeners = create_sockets(site.cfg, log, fds=[descriptor])
    worker = ThreadWorker(1, os.getppid(), listeners, site, 0, site.cfg, log)
    worker.pid = os.getpid()
    worker.init_process()
