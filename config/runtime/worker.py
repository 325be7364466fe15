"""The worker process: Celery with a pool of threads; beat as one more thread, or elsewhere."""

import logging
import os
from pathlib import Path
from typing import Any

from config.runtime.alive import TOUCH_SECONDS, sign_of, touch
from config.runtime.beat import beat_thread

RUNG_AT_START = ("scanning.tasks.start_due_scans", "models3d.tasks.analyze_waiting")


def work(*, run: Path, beat_schedule: Path | None) -> None:
    """Work off tasks until told to stop, and ring the periodic ones unless `beat_schedule` is None (beat runs elsewhere).

    Signs of life are given in the folder `run`. Django must be set up.
    """
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
    _give_signs(worker, run)
    if beat_schedule is not None:
        beat_thread(app, schedule=beat_schedule, run=run).start()
    worker_shutting_down.connect(_let_go, weak=False)
    # What waited while nothing ran begins at once, not when beat first rings.
    for name in RUNG_AT_START:
        ring_by_name(name)
    stop_watching = start_watching()
    worker_shutting_down.connect(lambda **details: stop_watching(), weak=False)
    worker.start()
    sign_of("worker", run).unlink(missing_ok=True)
    raise SystemExit(worker.exitcode)


def _give_signs(worker: Any, run: Path) -> None:
    """Have the loop that takes messages give signs of life: they end when it is stuck."""
    from celery.signals import worker_ready

    def begin(**details: object) -> None:
        touch("worker", run)
        worker.timer.call_repeatedly(TOUCH_SECONDS, touch, ("worker", run))

    worker_ready.connect(begin, weak=False)


def _let_go(**details: object) -> None:
    """Give claimed files back, so that the next start need not wait until their leases run out."""
    from models3d import working_off

    working_off.stop()
