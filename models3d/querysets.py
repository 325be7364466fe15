"""Sets of models, files and bulk edits, named after what they are for."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from libraries.models import Library

if TYPE_CHECKING:
    from models3d.bulk_models import BulkEdit
    from models3d.models import Model3D, ModelFile


class Model3DQuerySet(models.QuerySet["Model3D"]):
    def visible_to(self, user: Any) -> Self:
        """Models in libraries that `user` may see."""
        return self.filter(library__in=Library.objects.visible_to(user))

    def present(self) -> Self:
        """Models of which at least one file is there."""
        return self.filter(missing_since=None)

    def untouched(self) -> Self:
        """Models into which no person, paper or path put anything."""
        plain = self.filter(edited_fields=[], creator=None, cover=None, notes="", license="", links=[])
        return plain.filter(tags=None, collections=None, marks=None, is_sensitive=False)


class ModelFileQuerySet(models.QuerySet["ModelFile"]):
    def visible_to(self, user: Any) -> Self:
        """Files in libraries that `user` may see."""
        return self.filter(library__in=Library.objects.visible_to(user))

    def present(self) -> Self:
        """Files that the last scan found."""
        return self.filter(missing_since=None)

    def waiting(self) -> Self:
        """Files that are still to be hashed, measured and pictured, claimed ones included."""
        return self.filter(analysis_state="pending", missing_since=None)

    def claimable(self, now: datetime) -> Self:
        """Waiting files that nobody works on, or whose worker went silent past its lease."""
        free = models.Q(analysis_claimed_until=None) | models.Q(analysis_claimed_until__lt=now)
        return self.waiting().filter(free)


class BulkEditQuerySet(models.QuerySet["BulkEdit"]):
    def visible_to(self, user: Any) -> Self:
        """Edits that `user` asked for, every one for the owner; without their long lists of models."""
        edits = self.defer("model_ids")
        return edits if user.is_superuser else edits.filter(user=user)

    def unfinished(self) -> Self:
        """Edits that wait or run."""
        return self.filter(state__in=["queued", "running"])

    def claimable(self, now: datetime) -> Self:
        """Unfinished edits that nobody works on, or whose worker went silent past its lease."""
        return self.unfinished().filter(models.Q(claimed_until=None) | models.Q(claimed_until__lt=now))
