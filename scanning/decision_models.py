"""What people decided about which files are one model; kept across scans."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import MD5

from libraries.models import Library
from libraries.paths import display_path


class FolderGrouping(models.Model):
    """A rule of one folder of a library, in place of the library's own: how its files become models.

    It holds for all below, but where a folder there has a rule of its own, and goes with the folder when that is moved.
    """

    class How(models.TextChoices):
        INHERITED = "", "As the folder above"
        FOLDERS = "folders", "One model per folder"
        STEMS = "stems", "One model per file name"
        CONTAINER = "container", "Separate models: each subfolder, and files by their names"
        ONE_MODEL = "one_model", "One model with all that lies in it"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="folder_groupings")
    folder = models.TextField(help_text="Path relative to the root of the library.")
    how = models.CharField("what is one model", max_length=10, choices=How, blank=True, default="")
    absorbed_names = ArrayField(
        models.CharField(max_length=100),
        blank=True,
        default=list,
        help_text="Names of subfolders that belong to the folder above them.",
    )
    separate_names = ArrayField(
        models.CharField(max_length=100),
        blank=True,
        default=list,
        help_text="Names of subfolders that stand for themselves, usual ones such as “STL” too.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["folder", "id"]
        verbose_name = "rule of a folder"
        verbose_name_plural = "rules of folders"
        constraints = [
            models.UniqueConstraint("library", MD5("folder"), name="folder_grouping_once"),
            models.CheckConstraint(condition=~models.Q(folder=""), name="folder_grouping_below_root"),
        ]

    def __str__(self) -> str:
        return f"{display_path(self.folder)}: {self.get_how_display()}"


class ModelDecision(models.Model):
    """Files that a person put into another model than the rules do. Paths are kept, and follow files that are moved.

    Merged: what the rules put into the model at `path` belongs to that at `target`. Split: the file at `path` does.
    """

    class Kind(models.TextChoices):
        MERGED = "merged", "Merged"
        SPLIT = "split", "Split off"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="model_decisions")
    kind = models.CharField(max_length=6, choices=Kind)
    path = models.TextField()
    target = models.TextField(help_text="Path of the model that has the files.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path", "id"]
        verbose_name = "merge or split"
        verbose_name_plural = "merges and splits"
        constraints = [
            models.UniqueConstraint("library", "kind", MD5("path"), name="model_decision_once"),
        ]
        indexes = [models.Index("library", MD5("target"), name="model_decision_by_target")]

    def __str__(self) -> str:
        return (
            f"{display_path(self.path)}: {self.get_kind_display().lower()} into {display_path(self.target)}"
        )
