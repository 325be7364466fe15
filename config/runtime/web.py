"""The web process: gunicorn with one worker of eight threads, on a socket that is listening already."""

import signal
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from config.runtime.processes import die_with_parent

THREADS = 8


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn, told in code what its command line would say."""

    def __init__(self, application: Callable[..., Any], *, descriptor: int) -> None:
        self.application = application
        self.descriptor = descriptor
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self.descriptor}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 2,
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_fork": end_with_arbiter,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return self.application


def end_with_arbiter(arbiter: Any, worker: Any) -> None:
    """Without this, requests in progress would outlive a killed arbiter."""
    die_with_parent(signal.SIGKILL, arbiter.pid)


def serve(descriptor: int) -> None:
    """Serve the site until told to stop. Django must be set up."""
    from config.wsgi import application

    WebServer(application, descriptor=descriptor).run()
