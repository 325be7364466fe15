"""What is to happen to files, and what did: changes, the moves they are made of, the journal of each, and the history."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import TextChoices

from libraries.models import Library
from libraries.paths import display_path


class FileChange(models.Model):
    """Something a person asked for that moves files of one library. The row is the queue."""

    class Kind(TextChoices):
        ORGANIZE = "organize", "Organised"
        MOVE = "move", "Moved"
        BIN = "bin", "Put into the bin"
        RESTORE = "restore", "Restored from the bin"
        EMPTY = "empty", "Deleted for good"
        UNDO = "undo", "Moved back"

    class State(TextChoices):
        PLANNING = "planning", "Being planned"
        PLANNED = "planned", "Planned"
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="file_changes")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    template = models.CharField(max_length=300, blank=True, help_text="What paths are made by.")
    model_ids = ArrayField(
        models.BigIntegerField(), null=True, blank=True, help_text="Models to organise; empty for all."
    )
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="undone_by"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    is_cancel_requested = models.BooleanField(default=False)
    move_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    conflict_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "change of files"
        verbose_name_plural = "changes of files"
        indexes = [
            models.Index(
                fields=["id"],
                name="change_unfinished",
                condition=models.Q(state__in=["planning", "queued", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.library}"

    @property
    def is_active(self) -> bool:
        """Whether a worker has to do with it, now or soon."""
        return self.state in {self.State.PLANNING, self.State.QUEUED, self.State.RUNNING}

    @property
    def is_undoable(self) -> bool:
        """Whether what was moved can be moved back by one step; things in the bin are restored instead."""
        is_over = self.state in {self.State.DONE, self.State.CANCELLED}
        return is_over and self.done_count > 0 and self.kind in {self.Kind.ORGANIZE, self.Kind.MOVE}


class Move(models.Model):
    """One model, or one file of it, that gets another path. Moves of the bin stay for as long as things are in it."""

    class State(TextChoices):
        PLANNED = "planned", "Planned"
        CONFLICT = "conflict", "Left alone"
        RUNNING = "running", "Under way"
        RETURNING = "returning", "Being taken back"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        TAKEN_BACK = "taken_back", "Taken back"
        EMPTIED = "emptied", "Deleted for good"

    change = models.ForeignKey(FileChange, on_delete=models.CASCADE, related_name="moves", db_index=False)
    model = models.ForeignKey(
        "models3d.Model3D", null=True, blank=True, on_delete=models.SET_NULL, related_name="moves"
    )
    file = models.ForeignKey(
        "models3d.ModelFile",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The one file that is moved; empty where all files of the model are.",
    )
    undoes = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=500)
    from_path = models.TextField()
    to_path = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    sentence = models.TextField(blank=True)
    file_count = models.PositiveIntegerField(default=0)
    total_bytes = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["change", "state", "id"], name="move_of_change"),
            models.Index(
                fields=["id"], name="move_begun", condition=models.Q(state__in=["running", "returning"])
            ),
        ]

    def __str__(self) -> str:
        return f"{display_path(self.from_path)} → {display_path(self.to_path)}"


class FileStep(models.Model):
    """The journal: one file of a move, written before anything is done with it."""

    class State(TextChoices):
        PLANNED = "planned", "Planned"
        MOVING = "moving", "Under way"
        DONE = "done", "Done"

    move = models.ForeignKey(Move, on_delete=models.CASCADE, related_name="steps")
    file = models.ForeignKey(
        "models3d.ModelFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="steps"
    )
    from_path = models.TextField()
    to_path = models.TextField(blank=True)
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{display_path(self.from_path)} → {display_path(self.to_path)}"


class HistoryEntry(models.Model):
    """Who did what to the files of a model, and when."""

    model = models.ForeignKey("models3d.Model3D", on_delete=models.CASCADE, related_name="history")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    happened_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=FileChange.Kind)
    from_path = models.TextField()
    to_path = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "history entries"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {display_path(self.from_path)}"
