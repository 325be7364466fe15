"""Shapes that files have, and what people said about files that seem to be duplicates."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models


class Shape(models.Model):
    """A surface up to position, orientation and triangulation: files that share one were exported from the same design.

    Kept by `models3d.shapes` and never changed, so that files may come and go. `family` is the first shape found that
    differs only in size or handedness; `likeness` the first one of about the same size that looks alike, as a thinned or
    repaired copy does. Each is the shape itself where there is no other. A symmetric shape (box, ball, tube: whatever
    is the same when mirrored at its center) is a family by itself, as half the world's spacers differ only in size.
    """

    invariants = ArrayField(models.FloatField())
    histogram = ArrayField(models.SmallIntegerField())
    chirality = models.FloatField()
    scale_mm = models.FloatField()
    is_symmetric = models.BooleanField()
    family = models.ForeignKey("self", on_delete=models.CASCADE, related_name="members")
    likeness = models.ForeignKey("self", on_delete=models.CASCADE, related_name="lookalikes")

    class Meta:
        ordering = ["id"]
        indexes = [
            GistIndex(
                models.Func("invariants", function="cube", output_field=models.TextField()),
                name="shape_by_invariants",
            ),
        ]

    def __str__(self) -> str:
        return f"Shape {self.pk}"


class NotDuplicate(models.Model):
    """Somebody looked at two contents and said that they are not duplicates; of equal ones: that each copy has its place.

    Contents are named by their SHA-256, the smaller one first, so that it holds wherever the files are moved.
    """

    first_sha256 = models.CharField(max_length=64)
    second_sha256 = models.CharField(max_length=64)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    said_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = "pair that is no duplicate"
        verbose_name_plural = "pairs that are no duplicates"
        constraints = [
            models.UniqueConstraint(fields=["first_sha256", "second_sha256"], name="not_duplicate_once"),
            models.CheckConstraint(
                condition=models.Q(first_sha256__lte=models.F("second_sha256")), name="not_duplicate_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_sha256[:12]} is not {self.second_sha256[:12]}"
