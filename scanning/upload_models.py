"""Uploads: files on their way into a library. The rows are the queue; the bytes wait in the data folder."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from libraries.models import Library
from libraries.paths import display_path
from models3d.models import ModelFile


class UploadBatchQuerySet(models.QuerySet["UploadBatch"]):
    def of(self, user: Any) -> Self:
        """Batches that this person began, in libraries that they may still see."""
        return self.filter(user=user, library__in=Library.objects.visible_to(user))


class UploadBatch(models.Model):
    """Files that one person brings into a library together, and what their models are to be called.

    Nothing enters the library before `submitted_at`.
    """

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="upload_batches")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="upload_batches"
    )
    folder = models.TextField(
        blank=True, help_text="Relative to the library's root; empty for the root itself."
    )
    name = models.CharField(max_length=200, blank=True)
    creator = models.CharField(max_length=200, blank=True)
    collection = models.TextField(
        blank=True, help_text="Names from the outermost inwards, with “/” between them."
    )
    tags = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    license = models.CharField("licence", max_length=100, blank=True)
    unpacks = models.BooleanField("unpack archives", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = UploadBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "upload batches"
        indexes = [
            models.Index(fields=["user", "-id"], name="upload_batch_of_user"),
            models.Index(fields=["touched_at"], name="upload_batch_stale"),
        ]

    def __str__(self) -> str:
        return f"Upload {self.pk} into {self.library}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, user: Any) -> Self:
        """Uploads of batches that this person began."""
        return self.filter(batch__in=UploadBatch.objects.of(user))

    def claimable(self, now: datetime) -> Self:
        """Uploads that nobody works on, or whose worker went silent past its lease."""
        return self.filter(models.Q(claimed_until=None) | models.Q(claimed_until__lt=now))


class Upload(models.Model):
    """One file on its way. How much has arrived is told by the file in the data folder (`scanning.receiving`)."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "Arriving"
        RECEIVED = "received", "Being checked"
        SAME = "same", "You have this already"
        READY = "ready", "Ready"
        TAKEN = "taken", "The name is taken"
        PLACED = "placed", "In the library"
        ADDED = "added", "Added"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"

    # States that nothing leads out of any more, and those in which a person is asked.
    ENDED = (State.ADDED, State.SKIPPED)
    ASKING = (State.SAME, State.TAKEN, State.FAILED)
    LEASE = timedelta(minutes=2)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(UploadBatch, on_delete=models.CASCADE, related_name="uploads")
    relative_path = models.TextField(
        help_text="As it was dropped: the name, or the path within the dropped folder."
    )
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    sentence = models.TextField(blank=True, help_text="What hinders it, or what is asked.")
    sha256 = models.CharField(max_length=64, blank=True)
    same_as = models.ForeignKey(ModelFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_wanted_twice = models.BooleanField(
        default=False, help_text="Added although the content is there already."
    )
    keeps_both = models.BooleanField(default=False, help_text="Gets another name where its own is taken.")
    placed_paths = ArrayField(models.TextField(), default=list, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["batch", "created_at", "id"], name="upload_of_batch"),
            models.Index(
                fields=["batch"],
                name="upload_to_work_on",
                condition=models.Q(state__in=["received", "ready", "placed"]),
            ),
        ]

    def __str__(self) -> str:
        return display_path(self.relative_path)

    @property
    def staged_name(self) -> str:
        """The name of its file in the data folder."""
        return self.pk.hex

    @property
    def file_name(self) -> str:
        """The last part of the path, as people may read it."""
        return display_path(self.relative_path.rpartition("/")[2])
