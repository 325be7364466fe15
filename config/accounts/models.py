"""People with their preferences, and what lets somebody in: tokens, invites, and the counting of tries."""

from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
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

    class Slicer(models.TextChoices):
        """Slicers that open files by a link; `models3d.slicers` knows how."""

        NONE = "", "None: download"
        ORCA = "orca", "OrcaSlicer"
        BAMBU = "bambu", "Bambu Studio"
        CURA = "cura", "Cura"
        SUPER = "super", "SuperSlicer"
        LYCHEE = "lychee", "Lychee Slicer"

    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    units = models.CharField(max_length=2, choices=Units, default=Units.MILLIMETERS)
    page_size = models.PositiveSmallIntegerField("models per page", default=48)
    sensitive_models = models.CharField(max_length=4, choices=Sensitive, default=Sensitive.BLUR)
    slicer = models.CharField(max_length=10, choices=Slicer, blank=True, default=Slicer.NONE)

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


class ApiToken(models.Model):
    """A key with which a program acts for a person. Only its digest is kept."""

    class Scope(models.TextChoices):
        READ = "read", "Look at models, files' facts and pictures"
        EDIT = "edit", "Change models, tags and collections"
        FILES = "files", "Download and upload files"
        SCAN = "scan", "Start and steer scans"
        ADMIN = "admin", "What only an owner may do"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        """What it may do, in words."""
        return [str(self.Scope(scope).label) for scope in self.scopes]


class Invite(models.Model):
    """A link that makes one account. Only the digest of its secret is kept."""

    note = models.CharField("for", max_length=100, blank=True, help_text="Who it is for; shown to you only.")
    role = models.CharField(max_length=10, choices=User.Role, default=User.Role.VIEWER)
    # Ids, not relations: libraries stand on a floor above accounts.
    library_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="invites")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    used_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.note or f"Invite {self.pk}"


class Throttle(models.Model):
    """How often something guarded was tried, and until when it waits; see `config.accounts.throttling`."""

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField()
    tried_at = models.DateTimeField(db_index=True)
    waits_until = models.DateTimeField()

    class Meta:
        ordering = ["-tried_at"]

    def __str__(self) -> str:
        return f"{self.tries} tries"
