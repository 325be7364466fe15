"""Sets of tags, creators and collections, named after what they are for."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from collections_app.models import Creator, Tag


class TagQuerySet(models.QuerySet["Tag"]):
    def most_used(self) -> Self:
        """Tags that are on models, the most used first."""
        return self.filter(model_count__gt=0).order_by("-model_count", "name")


class CreatorQuerySet(models.QuerySet["Creator"]):
    def most_used(self) -> Self:
        """Creators who have models, those with the most first."""
        return self.filter(model_count__gt=0).order_by("-model_count", "name")
