"""Beat: rings the periodic tasks, as a thread of the worker or as a process of its own, and gives a sign of life each time.

Celery is loaded on use: the supervisor reads this file too.
"""

import os
import signal
from pathlib import Path
from types import FrameType
from typing import Any

from config.runtime.alive import sign_of, touch


def ring_until_stopped(*, schedule: Path, run: Path) -> None:
    """Ring the periodic tasks until SIGTERM or Ctrl-C. One process of a whole installation does. Django must be set up."""
    from celery.beat import Service

    from config.celery import app

    service = Service(app, schedule_filename=os.fspath(schedule), scheduler_cls=_scheduler(run))
    signal.signal(signal.SIGTERM, _leave)
    app.finalize()
    service.start()
    sign_of("beat", run).unlink(missing_ok=True)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def beat_thread(app: Any, *, schedule: Path, run: Path) -> Any:
    """Beat as a thread that is not started yet."""
    from celery.beat import EmbeddedService

    return EmbeddedService(
        app, thread=True, schedule_filename=os.fspath(schedule), scheduler_cls=_scheduler(run)
    )


def _scheduler(run: Path) -> type:
    from celery.beat import PersistentScheduler

    class SignGivingScheduler(PersistentScheduler):  # type: ignore[misc]  # Celery has no types
        """Celery's scheduler; a ring that the broker took is a sign of life."""

        def apply_async(self, *arguments: Any, **options: Any) -> Any:
            sent = super().apply_async(*arguments, **options)
            touch("beat", run)
            return sent

    return SignGivingScheduler
