"""Work off tasks alone, where database, broker and web run elsewhere: the worker of containers and of further machines."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.runtime.processes import limit_malloc_arenas


class Command(BaseCommand):
    help = "Scan, measure and picture, without serving pages. SIGTERM stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--beat", action="store_true", help="ring the periodic tasks too; one worker may")

    def handle(self, *args: Any, **options: Any) -> None:
        from config.runtime.worker import work

        limit_malloc_arenas()
        folder = settings.DATA_FOLDER
        work(run=folder.run, beat_schedule=folder.beat_schedule if options["beat"] else None)
