"""Add a folder of models as a library."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from libraries.models import Library
from libraries.paths import row_path
from libraries.services import LibraryPathProblem, add_library


class Command(BaseCommand):
    help = "Add a folder of models as a library. Nothing is ever written into it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="the folder")
        parser.add_argument("--name", default="", help="what to call it (the folder's name)")
        parser.add_argument("--scan", action="store_true", help="scan it at once")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = os.path.realpath(Path(options["path"]).expanduser())
        library = Library.objects.kept().filter(path=row_path(folder)).first()
        if library is not None:
            self.stdout.write(f"“{library}” is a library already.")
        else:
            try:
                library = add_library(path=folder, name=options["name"], data_dir=settings.DATA_DIR)
            except LibraryPathProblem as problem:
                raise CommandError(str(problem)) from problem
            self.stdout.write(f"Added the library “{library}”.")
        if options["scan"]:
            call_command("scan", str(library.pk), stdout=self.stdout, stderr=self.stderr)
