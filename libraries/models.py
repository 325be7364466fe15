"""Libraries: the places where files live."""

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import TextChoices
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from libraries.querysets import LibraryQuerySet
from libraries.validators import validate_path_template

if TYPE_CHECKING:
    from datetime import datetime


class Library(models.Model):
    """A folder, or a bucket and prefix, whose files are shown in place. Removing a library removes rows, never files."""

    class Storage(TextChoices):
        FOLDER = "folder", _("Folder")
        S3 = "s3", _("S3 bucket")

    class Grouping(TextChoices):
        FOLDERS = "folders", _("One model per folder")
        STEMS = "stems", _("One model per file name (flat dump)")

    name = models.CharField(max_length=200)
    icon = models.CharField(max_length=40, default="hard-drive")
    storage = models.CharField(max_length=10, choices=Storage, default=Storage.FOLDER)
    path = models.TextField(
        "folder", blank=True, help_text="Absolute path of the folder, symbolic links resolved."
    )
    bucket = models.CharField(max_length=255, blank=True)
    prefix = models.TextField(blank=True)
    endpoint_url = models.URLField("endpoint", blank=True)
    region = models.CharField(max_length=60, blank=True)
    uses_path_style = models.BooleanField("path-style addresses", default=False)
    is_reachable_by_browsers = models.BooleanField(
        "browsers reach the storage",
        default=True,
        help_text="Downloads then go straight from the bucket, by links that are valid for minutes.",
    )
    encrypted_credentials = models.BinaryField(blank=True, default=bytes, editable=False)

    is_read_only = models.BooleanField("read-only", default=True)
    ignore_patterns = models.TextField(
        blank=True,
        help_text="One pattern a line, as in .gitignore; hidden and system files are ignored anyway.",
    )
    grouping = models.CharField(max_length=10, choices=Grouping, default=Grouping.FOLDERS)
    absorbed_names = ArrayField(
        models.CharField(max_length=100),
        blank=True,
        default=list,
        help_text="Further folder names that belong to the model above them, such as “supports”.",
    )
    path_template = models.CharField(max_length=300, blank=True, validators=[validate_path_template])
    scan_interval_minutes = models.PositiveIntegerField(
        "scan every (minutes)", default=720, help_text="0 means: only when asked."
    )
    is_watched = models.BooleanField("watch for changes", default=False)
    watch_note = models.TextField(
        blank=True, editable=False, help_text="Why changes are not noticed at once although they should be."
    )

    is_restricted = models.BooleanField("only for chosen people", default=False)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="libraries")
    groups = models.ManyToManyField(Group, blank=True, related_name="libraries")

    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Removed by its owner; its rows are being cleared away.",
    )
    scanned_at = models.DateTimeField(null=True, blank=True, editable=False)
    next_scan_at = models.DateTimeField(null=True, blank=True, editable=False)
    root_device = models.BigIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="Device of the root at the last scan: tells a mounted share from its empty mount point.",
    )
    model_count = models.PositiveIntegerField(default=0, editable=False)
    file_count = models.PositiveIntegerField(default=0, editable=False)
    total_bytes = models.BigIntegerField(default=0, editable=False)
    model_counts_by_format = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Models with at least one file of each extension."
    )

    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "id"]
        verbose_name_plural = "libraries"
        constraints = [
            models.UniqueConstraint(
                fields=["path"],
                condition=models.Q(storage="folder", removed_at=None),
                name="library_path_unique",
            ),
            models.UniqueConstraint(
                fields=["endpoint_url", "bucket", "prefix"],
                condition=models.Q(storage="s3", removed_at=None),
                name="library_bucket_unique",
            ),
            models.CheckConstraint(
                condition=(models.Q(storage="folder") & ~models.Q(path=""))
                | (models.Q(storage="s3") & ~models.Q(bucket="")),
                name="library_has_a_place",
            ),
        ]
        indexes = [models.Index(fields=["next_scan_at"], name="library_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The folder, or the bucket and prefix; to be shown as paths are."""
        if self.storage == self.Storage.S3:
            return f"{self.bucket}/{self.prefix}".rstrip("/")
        return self.path

    @property
    def storage_host(self) -> str:
        """The machine that a bucket is at; empty for folders, and for Amazon's own."""
        return urlsplit(self.endpoint_url).netloc

    def is_due(self, now: "datetime") -> bool:
        """Whether the library's scan interval has passed."""
        return self.next_scan_at is not None and self.next_scan_at <= now

    def next_scan_after(self, moment: "datetime") -> "datetime | None":
        """When the scan after one at `moment` is due; None where scans are only made when asked for."""
        if not self.scan_interval_minutes:
            return None
        return moment + timedelta(minutes=self.scan_interval_minutes)
