"""Who has opened which shared link: the address is checked at every request, the password once a session."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from config.accounts.throttling import Guard, address_of, admit, forgive
from config.sharing.models import ShareLink

_NOTED_EVERY: Final = timedelta(minutes=10)
_FREE_TRIES: Final = 5


class LinkClosed(Exception):
    """An address that opens nothing, or nothing any more. The text is a sentence for the guest."""


class PasswordNeeded(Exception):
    """A link whose password this guest has not given yet. Worth another try with it."""

    def __init__(self, link: ShareLink) -> None:
        super().__init__("This link asks for a password.")
        self.link = link


def link_at(key: str, *, now: datetime) -> ShareLink:
    """The link of this address. Raises LinkClosed."""
    number, _, signature = key.partition("-")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    links = ShareLink.objects.select_related("model", "collection", "created_by").defer(
        "model__search_vector"
    )
    link = links.filter(pk=int(number)).first() if is_number else None
    if link is None or not link.is_signed(signature):
        raise LinkClosed("This link leads nowhere. It may have been closed, or not copied as a whole.")
    if link.is_over(now):
        raise LinkClosed("This link is no longer open. Ask who sent it to you for a new one.")
    return link


def opened_link(request: HttpRequest, key: str, *, now: datetime) -> ShareLink:
    """The link, if this guest may see what it leads to. Raises LinkClosed and PasswordNeeded."""
    link = link_at(key, now=now)
    if link.password and request.session.get(_session_key(link)) != _proof(link):
        raise PasswordNeeded(link)
    if link.last_opened_at is None or link.last_opened_at < now - _NOTED_EVERY:
        ShareLink.objects.filter(pk=link.pk).update(last_opened_at=now)
    return link


def unlock(request: HttpRequest, link: ShareLink, password: str, *, now: datetime) -> bool:
    """Let this guest in if the password is right; False if not. Raises TooManyTries."""
    guard = Guard(f"shared link {link.pk} from {address_of(request)}", _FREE_TRIES)
    admit(guard, now=now)
    if not link.opens_with(password):
        return False
    forgive(guard)
    request.session[_session_key(link)] = _proof(link)
    return True


def _session_key(link: ShareLink) -> str:
    return f"shared_link_{link.pk}"


def _proof(link: ShareLink) -> str:
    """Changes with the password, so that a new one is asked for anew."""
    return hashlib.sha256(link.password.encode()).hexdigest()
