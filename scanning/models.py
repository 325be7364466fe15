"""Scans, and the problems they and the analysis find."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from libraries.models import Library
from models3d.models import Model3D, ModelFile
from scanning.decision_models import FolderGrouping as FolderGrouping
from scanning.decision_models import ModelDecision as ModelDecision
from scanning.querysets import ProblemQuerySet, ScanQuerySet
from scanning.upload_models import Upload as Upload
from scanning.upload_models import UploadBatch as UploadBatch


class Scan(models.Model):
    """One run that compares a library with its rows. Counts and phase are written while it runs; the row is its report."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        REFUSED = "refused", "Stopped for safety"
        CANCELLED = "cancelled", "Cancelled"

    class Phase(models.TextChoices):
        NONE = "", "—"
        FIND = "find", "Find files"
        COMPARE = "compare", "Compare"
        GROUP = "group", "Group into models"
        ARCHIVES = "archives", "Look into archives"
        FINISH = "finish", "Count and finish"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="scans")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    phase = models.CharField(max_length=8, choices=Phase, blank=True, default=Phase.NONE)
    folder = models.TextField(
        blank=True, help_text="Only this folder is scanned, with all below; empty for the whole library."
    )
    is_dry_run = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    is_cancel_requested = models.BooleanField(default=False)
    is_pause_requested = models.BooleanField(default=False)
    # The owner has seen why a scan was refused and wants it all the same.
    is_confirmed = models.BooleanField(default=False)
    current_path = models.TextField(blank=True)
    found_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    moved_count = models.PositiveIntegerField(default=0)
    missing_count = models.PositiveIntegerField(default=0)
    returned_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    model_count = models.PositiveIntegerField(default=0)
    # Archives that were opened because they were new or changed, and the files in these.
    archive_count = models.PositiveIntegerField(default=0)
    member_count = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    # Digest of the grouping rules that were used: other rules make the next scan look at the model of every file.
    rules = models.CharField(max_length=64, blank=True, editable=False)

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["library"],
                condition=models.Q(state__in=["queued", "running", "paused"]),
                name="scan_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["library", "-id"], name="scan_of_library_newest")]

    def __str__(self) -> str:
        return f"Scan {self.pk} of {self.library}"

    @property
    def is_active(self) -> bool:
        """Whether the scan waits or runs."""
        return self.state in {Scan.State.QUEUED, Scan.State.RUNNING}


class ScanList(models.Model):
    """Part of a scan's report: the files of one kind of change, the first of them by path, with a detail each.

    One row holds a whole list, which is compressed: of a first scan of a million files, `total` says so many and `paths` has
    the first of them (see `scanning.reports.LISTED`).
    """

    class What(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        MOVED = "moved", "Moved"
        MISSING = "missing", "Missing"
        RETURNED = "returned", "Back again"
        REGROUPED = "regroup", "Other model"
        SKIPPED = "skipped", "Not read"
        IGNORED = "ignored", "Left out"

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="lists")
    what = models.CharField(max_length=8, choices=What)
    total = models.PositiveIntegerField()
    paths = ArrayField(models.TextField())
    details = ArrayField(
        models.TextField(),
        help_text="Where a moved file was; the models a file left and went to; why it was not read; the rule that left it out.",
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scan", "what"], name="scan_list_once")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} of scan {self.scan_id}"


class Problem(models.Model):
    """Something about a file, a model or a library that a person may want to mend, said in a sentence."""

    class Severity(models.TextChoices):
        INFO = "info", "Note"
        WARNING = "warning", "Warning"
        ERROR = "error", "Error"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="problems")
    model = models.ForeignKey(
        Model3D, null=True, blank=True, on_delete=models.CASCADE, related_name="problems"
    )
    file = models.ForeignKey(
        ModelFile, null=True, blank=True, on_delete=models.CASCADE, related_name="problems"
    )
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARNING)
    sentence = models.TextField()
    found_at = models.DateTimeField(auto_now_add=True)
    ignored_at = models.DateTimeField(null=True, blank=True)
    ignored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "model", "file", "kind"], nulls_distinct=False, name="problem_once"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="problem_by_kind"),
            models.Index(fields=["library", "kind"], name="problem_kind_in_library"),
            models.Index(fields=["-id"], name="problem_open", condition=models.Q(ignored_at=None)),
        ]

    def __str__(self) -> str:
        return self.sentence


class ParsedMetadata(models.Model):
    """What the path and the papers of a model told, and what of it was put on the model: only that is taken off again.

    The row is also the queue: where `is_stale`, path or papers changed, and `scanning.metadata` is to look at them.
    """

    model = models.OneToOneField(
        Model3D, primary_key=True, on_delete=models.CASCADE, related_name="parsed_metadata"
    )
    is_stale = models.BooleanField(default=False)
    papers = models.CharField(max_length=64, blank=True, help_text="Digest of the papers that were read.")
    from_papers = models.JSONField(default=dict, blank=True)
    from_path = models.JSONField(default=dict, blank=True)
    applied = models.JSONField(
        default=dict, blank=True, help_text="Ids of rows, texts, and the digest of the notes."
    )

    class Meta:
        indexes = [models.Index(fields=["model"], name="parsed_stale", condition=models.Q(is_stale=True))]

    def __str__(self) -> str:
        return f"Parsed metadata of model {self.model_id}"
