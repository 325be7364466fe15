"""Invites: a link that makes one account with a role and libraries, once, before it expires."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from config.accounts.models import Invite, User
from config.accounts.secrets import digest_of, new_secret
from libraries.models import Library


class InviteRefused(Exception):
    """A link that makes no account any more. The text is a sentence for who followed it."""


class NameTaken(Exception):
    """Somebody has this name already. Another one may be tried with the same invite."""

    def __str__(self) -> str:
        return "Somebody here has this name already. Choose another."


def make_invite(
    *, note: str, role: str, library_ids: Collection[int], expires_at: datetime, by: User
) -> tuple[Invite, str]:
    """A new invite, and the secret of its link, which nobody can be shown again."""
    secret = new_secret()
    invite = Invite.objects.create(
        note=note,
        role=role,
        library_ids=sorted(library_ids),
        expires_at=expires_at,
        invited_by=by,
        digest=digest_of(secret),
    )
    return invite, secret


def open_invite(secret: str, *, now: datetime) -> Invite:
    """The invite of this link. Raises InviteRefused."""
    found = Invite.objects.filter(digest=digest_of(secret)).select_related("invited_by").first()
    if found is None:
        raise InviteRefused("This invite does not exist, or was taken back. Ask for a new one.")
    _refuse_closed(found, now)
    return found


def accept_invite(secret: str, *, username: str, password: str, now: datetime) -> User:
    """Make the account that an invite stands for. Of two who accept at once, one does. Raises InviteRefused, NameTaken."""
    found = open_invite(secret, now=now)
    with transaction.atomic():
        invite = Invite.objects.select_for_update(of=("self",)).filter(pk=found.pk).first()
        if invite is None:
            raise InviteRefused("This invite was just taken back. Ask for a new one.")
        _refuse_closed(invite, now)
        try:
            with transaction.atomic():
                person = User.objects.create_user(
                    username=username,
                    password=password,
                    is_editor=invite.role == User.Role.EDITOR,
                    is_superuser=invite.role == User.Role.OWNER,
                    is_staff=invite.role == User.Role.OWNER,
                )
        except IntegrityError as error:
            raise NameTaken from error
        person.libraries.set(Library.objects.kept().filter(pk__in=invite.library_ids))
        invite.used_at, invite.used_by = now, person
        invite.save(update_fields=["used_at", "used_by"])
    return person


def _refuse_closed(invite: Invite, now: datetime) -> None:
    if invite.used_at is not None:
        raise InviteRefused("This invite was used already. Sign in, or ask for a new one.")
    if invite.expires_at <= now:
        raise InviteRefused("This invite has expired. Ask for a new one.")
    if invite.invited_by is None or not invite.invited_by.is_active:
        raise InviteRefused("Who sent this invite is no longer here. Ask for a new one.")
