"""Ringing a Celery task after commit, where a broker that is down loses nothing: beat finds the same work by its rows."""

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task: Any, *args: Any) -> None:
    """Send `task(*args)` once the current transaction is committed. A dead broker is logged, never raised."""
    transaction.on_commit(partial(_send, task, args))


def ring_by_name(name: str, *args: Any) -> None:
    """The same for a task of an upper room, which a lower one knows by name only, as it does pages by URL name."""
    ring(current_app.signature(name), *args)


def _send(task: Any, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False, expires=900)
    except OperationalError as error:
        logger.warning("The broker did not take %s (%s); beat will pick the work up.", task, error)
