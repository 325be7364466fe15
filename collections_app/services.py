"""Making, changing and deleting collections. What stands in the way is told in sentences."""

from django.db import IntegrityError, transaction

from collections_app.models import Collection
from collections_app.shelving import collections_at
from collections_app.tree import BETWEEN, subtree_ids
from config.lib.versions import ChangedMeanwhile, version_of


class CollectionProblem(Exception):
    """A collection cannot be as asked for; the message says why and what to do."""


def collection_version(collection: Collection) -> str:
    """What a form carries to notice that somebody else changed the collection meanwhile."""
    return version_of(collection.name, collection.parent_id, collection.description, collection.cover_sha256)


def make_collection(*, name: str, inside: tuple[str, ...], description: str) -> Collection:
    """Return a new collection inside the one at the place `inside`, which is made where there is none.

    Raises CollectionProblem.
    """
    with transaction.atomic():
        parent_id = collections_at([inside])[inside] if inside else None
        try:
            with transaction.atomic():
                made: Collection = Collection.objects.create(
                    name=name, parent_id=parent_id, description=description
                )
        except IntegrityError as error:
            raise CollectionProblem(
                f"There is a collection called “{name}” in this place already."
            ) from error
    return made


def change_collection(
    pk: int, *, version: str, name: str, inside: tuple[str, ...], description: str, cover_sha256: str
) -> Collection:
    """Rename, move, describe. Raises CollectionProblem, ChangedMeanwhile, Collection.DoesNotExist."""
    with transaction.atomic():
        # All moves wait for each other: two at once could make a circle that neither makes alone.
        list(Collection.objects.select_for_update().filter(parent=None).order_by("pk").values_list("pk"))
        collection: Collection = Collection.objects.select_for_update(of=("self",)).get(pk=pk)
        if collection_version(collection) != version:
            raise ChangedMeanwhile("collection")
        parent_id = collections_at([inside])[inside] if inside else None
        if parent_id in subtree_ids([pk]):
            raise CollectionProblem(
                f"“{BETWEEN.join(inside)}” is inside this collection; choose another place."
            )
        collection.name, collection.parent_id = name, parent_id
        collection.description, collection.cover_sha256 = description, cover_sha256
        try:
            with transaction.atomic():
                collection.save(update_fields=["name", "parent", "description", "cover_sha256"])
        except IntegrityError as error:
            raise CollectionProblem(
                f"There is a collection called “{name}” in this place already."
            ) from error
    return collection


def delete_collection(pk: int) -> int:
    """Delete a collection and all inside it; how many collections went. Models stay. Raises Collection.DoesNotExist."""
    with transaction.atomic():
        Collection.objects.select_for_update(of=("self",)).get(pk=pk)
        every = subtree_ids([pk])
        Collection.objects.filter(pk__in=every).delete()
    return len(every)
