"""Add a bucket of an S3 storage as a library."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from libraries.connecting import BucketProblem, add_bucket_library
from libraries.storage.s3.address import Bucket


class Command(BaseCommand):
    help = "Add a bucket of an S3 storage as a library. The secret access key is asked for, or read from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bucket", help="name of the bucket")
        parser.add_argument("--access-key-id", required=True, help="the public half of the keys")
        parser.add_argument("--prefix", default="", help="only what is below this path")
        parser.add_argument("--endpoint", default="", help="address of the storage (Amazon's)")
        parser.add_argument("--region", default="", help="region that requests are signed for (us-east-1)")
        parser.add_argument(
            "--virtual-hosts",
            action="store_true",
            help="the bucket stands in front of the host, not in the path",
        )
        parser.add_argument(
            "--through-layershelf", action="store_true", help="browsers do not reach the storage themselves"
        )
        parser.add_argument("--name", default="", help="what to call it (the name of the bucket)")
        parser.add_argument("--scan", action="store_true", help="scan it at once")

    def handle(self, *args: Any, **options: Any) -> None:
        secret = getpass("Secret access key: ") if sys.stdin.isatty() else sys.stdin.readline()
        bucket = Bucket(
            name=options["bucket"],
            prefix=options["prefix"],
            endpoint_url=options["endpoint"],
            region=options["region"],
            uses_path_style=not options["virtual_hosts"],
            access_key_id=options["access_key_id"],
            secret_access_key=secret,
        )
        try:
            library = add_bucket_library(
                bucket,
                name=options["name"],
                is_reachable_by_browsers=not options["through_layershelf"],
            )
        except BucketProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Added the library “{library}”.")
        if options["scan"]:
            call_command("scan", str(library.pk), stdout=self.stdout, stderr=self.stderr)
