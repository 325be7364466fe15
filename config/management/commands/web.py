"""Serve the pages alone, where database, broker and worker run elsewhere: the web process of containers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.lib.locks import migration_lock
from config.runtime.errors import StartupError
from config.runtime.listener import address_of, open_listener
from config.runtime.migrations import are_pending, run_all
from config.runtime.processes import limit_malloc_arenas


class Command(BaseCommand):
    help = "Serve the pages, without worker and beat. SIGTERM stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")

    def handle(self, *args: Any, **options: Any) -> None:
        from config.runtime.web import serve

        limit_malloc_arenas()
        if options["migrate"]:
            with migration_lock():  # of several that start at once, one does it
                if are_pending():
                    self.stdout.write("Bringing the database up to date…")
                    run_all()
        try:
            listener = open_listener(options["host"], options["port"])
        except StartupError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Serving at {address_of(listener)}")
        self.stdout.flush()
        serve(listener.fileno())
