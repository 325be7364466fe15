"""People and their preferences."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who signs in. The owner is the superuser whom the first visit creates."""

    class Theme(models.TextChoices):
        SYSTEM = "system", "As my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Units(models.TextChoices):
        MILLIMETERS = "mm", "Millimetres"
        INCHES = "in", "Inches"

    class Sensitive(models.TextChoices):
        HIDE = "hide", "Hide"
        BLUR = "blur", "Blur"
        SHOW = "show", "Show"

    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    units = models.CharField(max_length=2, choices=Units, default=Units.MILLIMETERS)
    page_size = models.PositiveSmallIntegerField("models per page", default=48)
    sensitive_models = models.CharField(max_length=4, choices=Sensitive, default=Sensitive.BLUR)
    bed_x_mm = models.PositiveSmallIntegerField("bed width (mm)", default=220)
    bed_y_mm = models.PositiveSmallIntegerField("bed depth (mm)", default=220)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page_size__range=(12, 200)),
                name="user_page_size",
                violation_error_message="From 12 to 200 models a page.",
            ),
        ]
