"""People and their preferences."""

from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db import models

# What an editor may do in every library they see, besides looking. The owner may do everything, a viewer looks.
EDITOR_PERMISSIONS: Final = frozenset({"models3d.change_model3d"})


class User(AbstractUser):
    """Somebody who signs in: an owner (Django's superuser), an editor or a viewer.

    The first visit creates the first owner. Which libraries an editor or viewer sees is told by `Library.objects.visible_to`.
    """

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        EDITOR = "editor", "Editor"
        VIEWER = "viewer", "Viewer"

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

    is_editor = models.BooleanField(
        "editor",
        default=False,
        help_text="May change models in the libraries they see, and have them scanned.",
    )
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

    @property
    def role(self) -> Role:
        """What the person is here."""
        if self.is_superuser:
            return self.Role.OWNER
        return self.Role.EDITOR if self.is_editor else self.Role.VIEWER

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the person may do `perm`: by their role, else by what Django's admin granted to them or their groups."""
        is_granted_by_role = self.is_active and self.is_editor and perm in EDITOR_PERMISSIONS
        return is_granted_by_role or super().has_perm(perm, obj)
