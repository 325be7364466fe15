"""Who is here and what they may see: the list for owners, and what an owner changes of a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Prefetch

from config.accounts.models import User
from libraries.models import Library

PEOPLE_PER_PAGE: Final = 50
# Noting every request would write a row for each.
SEEN_EVERY: Final = timedelta(minutes=10)


class LastOwner(Exception):
    """A change after which nobody could own this Layershelf. Make somebody else an owner first."""

    def __str__(self) -> str:
        return "This is the last owner. Make somebody else an owner first, or nobody could manage anything."


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list: the account, and the restricted libraries it sees by name or through a group."""

    user: User
    libraries: list[str]


def people_after(username: str) -> tuple[list[Person], str]:
    """A page of people in the order of their names, and the name to go on from (empty at the end). Four queries."""
    restricted = Library.objects.kept().filter(is_restricted=True)
    rows: Any = User.objects.filter(username__gt=username).order_by("username")
    rows = rows.prefetch_related(
        Prefetch("libraries", restricted), "groups", Prefetch("groups__libraries", restricted)
    )
    found = list(rows[: PEOPLE_PER_PAGE + 1])
    following = found[PEOPLE_PER_PAGE - 1].username if len(found) > PEOPLE_PER_PAGE else ""
    return [Person(user, _library_names(user)) for user in found[:PEOPLE_PER_PAGE]], following


def _library_names(user: Any) -> list[str]:
    libraries = [
        *user.libraries.all(),
        *(one for group in user.groups.all() for one in group.libraries.all()),
    ]
    return sorted({library.name for library in libraries}, key=str.lower)


def change_person(
    pk: int, *, role: str, is_active: bool, library_ids: Collection[int], group_ids: Collection[int]
) -> User:
    """Set what a person is and sees. Raises User.DoesNotExist, and LastOwner where no active owner would be left.

    Owners are locked, so that two owners who demote each other at once do not both succeed.
    """
    is_owner = role == User.Role.OWNER
    with transaction.atomic():
        owners = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
        owner_ids = set(owners.select_for_update().values_list("pk", flat=True))
        person = User.objects.select_for_update().get(pk=pk)
        if not (is_owner and is_active) and owner_ids == {pk}:
            raise LastOwner
        person.is_superuser = person.is_staff = is_owner
        person.is_editor = role == User.Role.EDITOR
        person.is_active = is_active
        person.save(update_fields=["is_superuser", "is_staff", "is_editor", "is_active"])
        # Libraries that everybody sees, or that were removed, keep the people they had.
        offered = Library.objects.kept().filter(is_restricted=True)
        for library in offered.filter(members=person).exclude(pk__in=library_ids):
            library.members.remove(person)
        for library in offered.filter(pk__in=library_ids):
            library.members.add(person)
        person.groups.set(group_ids)
    return person


def is_last_owner(user: User) -> bool:
    """Whether nobody else could manage this Layershelf."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return bool(user.is_superuser and user.is_active and not others.exists())


def note_seen(user: User, *, now: datetime) -> None:
    """Remember that a person was here, every ten minutes at most."""
    if (user.last_seen_at or user.date_joined) < now - SEEN_EVERY:
        User.objects.filter(pk=user.pk).update(last_seen_at=now)
