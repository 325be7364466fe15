"""Ring the periodic tasks alone: one such process belongs to an installation whose workers run without beat."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.runtime.beat import ring_until_stopped


class Command(BaseCommand):
    help = "Ring the periodic tasks. SIGTERM stops it."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.DATA_FOLDER
        ring_until_stopped(schedule=folder.beat_schedule, run=folder.run)
