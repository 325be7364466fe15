"""What one person thinks of a model: favourite or not, and how many stars."""

from collections.abc import Collection
from typing import Any

from models3d.models import Mark, Model3D


def set_favorite(model: Model3D, *, user: Any, is_favorite: bool) -> None:
    """Mark a model as a favourite of `user`, or take the mark away."""
    Mark.objects.update_or_create(
        user=user,
        model=model,
        defaults={"is_favorite": is_favorite},
        create_defaults={"is_favorite": is_favorite},
    )


def set_rating(model: Model3D, *, user: Any, rating: int | None) -> None:
    """Give a model 1 to 5 stars of `user`; None takes them away. Raises ValueError for any other number."""
    if rating is not None and not 1 <= rating <= 5:
        raise ValueError("A rating is a number from 1 to 5.")
    Mark.objects.update_or_create(user=user, model=model, defaults={"rating": rating})


def mark_of(model: Model3D, *, user: Any) -> Mark | None:
    """What `user` marked a model with, if anything."""
    return Mark.objects.filter(user=user, model=model).first()


def favorites_among(model_ids: Collection[int], *, user: Any) -> set[int]:
    """Those of these models that `user` marked as favourites; one query."""
    marked = Mark.objects.filter(user=user, model__in=model_ids, is_favorite=True)
    return set(marked.values_list("model", flat=True))
