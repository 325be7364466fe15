"""Sets of libraries, named after what they are for."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from libraries.models import Library


class LibraryQuerySet(models.QuerySet["Library"]):
    def visible_to(self, user: Any) -> Self:
        """Libraries that `user` may see: every one for the owner, else open ones and those shared with them."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.kept()
        shared = models.Q(members=user) | models.Q(groups__user=user)
        return self.kept().filter(
            models.Q(is_restricted=False)
            | models.Exists(self.model._default_manager.filter(shared, pk=models.OuterRef("pk")))
        )

    def kept(self) -> Self:
        """Libraries that nobody removed."""
        return self.filter(removed_at=None)

    def due(self, now: datetime) -> Self:
        """Libraries whose scan interval has passed by `now`."""
        return self.kept().filter(next_scan_at__lte=now)
