"""Encrypt the secrets of all libraries under the newest key, so that older ones can be thrown away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from libraries.models import Library
from libraries.secrets import SecretUnreadable, renewed


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of all libraries under the newest key. Afterwards older keys can be thrown away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        lost = []
        libraries = Library.objects.exclude(encrypted_credentials=b"")
        for library in libraries.only("name", "encrypted_credentials"):
            before = library.encrypted_credentials
            try:
                after = renewed(before)
            except SecretUnreadable:
                lost.append(library.name)
            else:  # unless somebody typed other keys meanwhile, which are under the newest key already
                Library.objects.filter(pk=library.pk, encrypted_credentials=before).update(
                    encrypted_credentials=after
                )
        if lost:
            raise CommandError(
                f"No key decrypts the secrets of {', '.join(lost)}. Keep the older keys, or type these secrets again."
            )
        self.stdout.write("All secrets are encrypted under the newest key.")
