"""The printers that people have."""

from typing import Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from models3d.beds import Bed

_SIDE: Final = (
    MinValueValidator(10, "At least 10 mm."),
    MaxValueValidator(10_000, "At most 10,000 mm."),
)
_NOZZLE: Final = (
    MinValueValidator(0.05, "At least 0.05 mm."),
    MaxValueValidator(5, "At most 5 mm."),
)


class Printer(models.Model):
    """A printer of one person. The default one is the one chosen last; see `models3d.prints.printers.default_printer`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="printers")
    name = models.CharField(max_length=100)
    bed_x_mm = models.FloatField("width it prints (mm)", validators=_SIDE)
    bed_y_mm = models.FloatField("depth it prints (mm)", validators=_SIDE)
    bed_z_mm = models.FloatField("height it prints (mm)", validators=_SIDE)
    nozzle_mm = models.FloatField("nozzle (mm)", null=True, blank=True, validators=_NOZZLE)
    chosen_at = models.DateTimeField(
        "chosen as default", null=True, blank=True, help_text="Of a person's printers, the one chosen last."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="printer_once_per_user"),
            models.CheckConstraint(
                condition=models.Q(bed_x_mm__gt=0, bed_y_mm__gt=0, bed_z_mm__gt=0), name="printer_has_room"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def bed(self) -> Bed:
        """What it prints on."""
        return Bed(self.name, self.bed_x_mm, self.bed_y_mm, self.bed_z_mm)
