"""Sets of tags, creators and collections, named after what they are for."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from collections_app.models import Creator, Tag

_Row = TypeVar("_Row", bound=models.Model)


class _NamedQuerySet(models.QuerySet[_Row]):
    """Rows told apart by their name, whatever its case, that count the models they are on."""

    def most_used(self) -> Self:
        """Those that are on models, the most used first."""
        return self.filter(model_count__gt=0).order_by("-model_count", "name")

    def known(self, names: Collection[str]) -> list[_Row]:
        """The rows of these names, as far as there are any."""
        # Lowered by Postgres on both sides: its idea of case is the one of the unique constraint.
        lowered: Any = self.annotate(_lowered=Lower("name"))
        return list(lowered.filter(_lowered__in=[Lower(Value(name)) for name in names])) if names else []

    def named(self, names: Sequence[str]) -> list[_Row]:
        """The rows of these names; missing ones are made, also while somebody else makes the same."""
        found = {row.name.lower() for row in self.known(names)}  # type: ignore[attr-defined]  # every _Row has a name
        missing = [self.model(name=name) for name in names if name.lower() not in found]
        self.bulk_create(missing, ignore_conflicts=True)
        return self.known(names)

    def lock(self, pks: Collection[int]) -> None:
        """Hold these rows until the transaction ends; always in the same order, so that nobody waits in a circle."""
        list(self.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True).values_list("pk"))


class TagQuerySet(_NamedQuerySet["Tag"]):
    """Sets of tags."""


class CreatorQuerySet(_NamedQuerySet["Creator"]):
    """Sets of creators."""
