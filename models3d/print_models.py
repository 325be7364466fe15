"""Columns of a file that tell how its mesh would print."""

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PrintFigures(models.Model):
    """How a mesh would print as it lies in its file; each figure is defined in docs/printability.md.

    Places are points of the file in mm with z up. What is not known, or was not looked into, is null or empty.
    """

    suspected_unit = models.CharField(max_length=5, blank=True, default="", db_default="")
    center_of_mass_mm = ArrayField(models.FloatField(), null=True, blank=True, editable=False)
    parts = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="The things in the file, each with its size and volume.",
    )
    overhang_45_mm2 = models.FloatField(null=True, blank=True)
    overhang_60_mm2 = models.FloatField(null=True, blank=True)
    overhang_at_mm = ArrayField(models.FloatField(), null=True, blank=True, editable=False)
    bed_contact_mm2 = models.FloatField(null=True, blank=True)
    island_count = models.PositiveIntegerField(null=True, blank=True)
    island_at_mm = ArrayField(models.FloatField(), null=True, blank=True, editable=False)
    thinnest_wall_mm = models.FloatField(null=True, blank=True)
    thinnest_wall_at_mm = ArrayField(models.FloatField(), null=True, blank=True, editable=False)
    thin_wall_mm = models.FloatField(
        null=True, blank=True, help_text="A twentieth of the walls are thinner than this."
    )
    best_up = models.CharField(max_length=2, blank=True, default="", db_default="")
    best_overhang_45_mm2 = models.FloatField(null=True, blank=True)
    support_volume_mm3 = models.FloatField(null=True, blank=True)
    estimated_filament_mm3 = models.FloatField(null=True, blank=True)
    estimated_filament_grams = models.FloatField(null=True, blank=True, help_text="Of PLA.")
    estimated_resin_ml = models.FloatField(null=True, blank=True)
    estimated_layer_count = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


PRINT_FIGURES: Final = tuple(field.name for field in PrintFigures._meta.fields)
