"""Edits of many models at once: the row is the queue, and the report of what was done."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from models3d.querysets import BulkEditQuerySet


class BulkEdit(models.Model):
    """One action on the models that a person chose: ticked ones, or all that fit a look at the grid.

    `model_ids` are what was ticked until `total_count` is set; from then on every model that the edit is for, in the
    order of ids, of which the first `done_count` are done and of the first `settled_count` words and memory followed. Each
    batch is done and counted in one transaction, so that a worker that dies leaves nothing half done or done twice.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    class Action(models.TextChoices):
        ADD_TAGS = "add_tags", "Add tags"
        REMOVE_TAGS = "remove_tags", "Remove tags"
        ADD_TO_COLLECTION = "add_to_collection", "Add to a collection"
        REMOVE_FROM_COLLECTION = "remove_from_collection", "Remove from a collection"
        SET_CREATOR = "set_creator", "Set the creator"
        SET_LICENSE = "set_license", "Set the licence"
        SET_SENSITIVE = "set_sensitive", "Mark as sensitive"
        SET_FAVORITE = "set_favorite", "Mark as favourite"
        REANALYZE = "reanalyze", "Measure and picture anew"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_edits")
    action = models.CharField(max_length=30, choices=Action)
    value = models.JSONField(
        default=dict, blank=True, help_text="What to set or add, by number where it is a row."
    )
    title = models.CharField(max_length=300, help_text="What is done, in words.")
    is_everything = models.BooleanField(default=False, help_text="All that fit `query`, not ticked ones.")
    query = models.TextField(blank=True, help_text="The address of the grid that was looked at.")
    model_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    total_count = models.PositiveIntegerField(null=True, blank=True)
    done_count = models.PositiveIntegerField(default=0)
    settled_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    is_cancel_requested = models.BooleanField(default=False)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="undoings"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BulkEditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                name="bulk_edit_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["user", "-id"], name="bulk_edit_of_user"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_under_way(self) -> bool:
        """Whether there is still something to come."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def can_be_undone(self) -> bool:
        """Whether what it put on or took off models is kept, and nobody took it back yet."""
        return (
            not self.is_under_way
            and self.undone_at is None
            and self.changed_count > 0
            and self.action in UNDOABLE
        )


# What an edit put on is taken off again, and the other way round.
UNDOABLE = {
    BulkEdit.Action.ADD_TAGS: BulkEdit.Action.REMOVE_TAGS,
    BulkEdit.Action.REMOVE_TAGS: BulkEdit.Action.ADD_TAGS,
    BulkEdit.Action.ADD_TO_COLLECTION: BulkEdit.Action.REMOVE_FROM_COLLECTION,
    BulkEdit.Action.REMOVE_FROM_COLLECTION: BulkEdit.Action.ADD_TO_COLLECTION,
}


class BulkChange(models.Model):
    """The models of one batch that really got or lost one tag or collection: what undoing needs to know."""

    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, related_name="changes")
    target_id = models.BigIntegerField()
    model_ids = ArrayField(models.BigIntegerField())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{len(self.model_ids)} models of edit {self.edit_id}"
