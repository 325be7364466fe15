"""The worker process: Celery with a pool of threads, and beat as one more thread."""

import logging
import os
from pathlib import Path

RUNG_AT_START = ("scanning.tasks.start_due_scans", "models3d.tasks.analyze_waiting")


def work(beat_schedule: Path) -> None:
    """Work off tasks and ring the periodic ones until told to stop. Django must be set up."""
    from celery.beat import EmbeddedService
    from celery.signals import worker_shutting_down
    from django.conf import settings

    from config.celery import app
    from config.lib.bell import ring_by_name
    from scanning.watching import start_watching

    routed = {route["queue"] for route in app.conf.task_routes.values()}
    worker = app.Worker(
        hostname=f"layershelf@{os.uname().nodename}",
        pool_cls="threads",
        concurrency=settings.WORKER_THREADS,
        queues=sorted({app.conf.task_default_queue, *routed}),
        loglevel=logging.getLevelName(logging.getLogger().level),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    EmbeddedService(app, thread=True, schedule_filename=os.fspath(beat_schedule)).start()
    worker_shutting_down.connect(_let_go, weak=False)
    # What waited while nothing ran begins at once, not when beat first rings.
    for name in RUNG_AT_START:
        ring_by_name(name)
    stop_watching = start_watching()
    worker_shutting_down.connect(lambda **details: stop_watching(), weak=False)
    worker.start()
    raise SystemExit(worker.exitcode)


def _let_go(**details: object) -> None:
    """Give claimed files back, so that the next start need not wait until their leases run out."""
    from models3d import working_off

    working_off.stop()
