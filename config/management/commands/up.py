"""Run everything Layershelf needs on this machine; stop it with Ctrl-C."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.runtime.commandline import prepare
from config.runtime.everything import Plan, run_everything


class Command(BaseCommand):
    help = "Start database, broker, web server and worker; Ctrl-C stops them all."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", metavar="DIR", help="data folder (default: LAYERSHELF_DATA or ./data)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--library", metavar="PATH", type=Path, help="folder of models to add and scan")

    def handle(self, *args: Any, **options: Any) -> None:
        # --data has been acted on already, before the settings were read (config/runtime/commandline.py).
        prepare(settings.DATA_FOLDER)
        library: Path | None = options["library"]
        run_everything(
            Plan(
                folder=settings.DATA_FOLDER,
                host=options["host"],
                port=options["port"],
                library=library.resolve() if library else None,
                own_database=not settings.DATABASE_URL,
                own_broker=not settings.REDIS_URL,
                programs_dir=settings.POSTGRES_BIN,
            )
        )
