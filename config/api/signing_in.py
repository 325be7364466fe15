"""Who asks the API: the person of a token that has the scope, or of a session, whose changes carry the token against forgery."""

import time
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone

from config.accounts.models import User
from config.accounts.throttling import address_of
from config.accounts.tokens import TokenRefused, user_of_token
from config.api.limits import count_request
from config.lib.answers import Refusal


class SignInRefused(Refusal):
    """Nobody is let in by this request."""


def sign_in(request: HttpRequest, scope: str) -> User:
    """Whoever asks, who is then `request.user`. Raises SignInRefused, and Refusal where they ask too often."""
    header = request.headers.get("Authorization", "")
    user = _by_token(request, header, scope) if header else _by_session(request)
    count_request(f"user:{user.pk}", most=settings.API_REQUESTS_PER_MINUTE, now=time.time())
    request.user = user
    return user


def _by_token(request: HttpRequest, header: str, scope: str) -> User:
    try:
        return user_of_token(header, scope=scope, now=timezone.now())
    except TokenRefused as error:
        if error.status == HTTPStatus.UNAUTHORIZED:
            _count_stranger(request)
        raise SignInRefused(error.status, str(error)) from error


def _by_session(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        _count_stranger(request)
        raise SignInRefused(
            HTTPStatus.UNAUTHORIZED, "Sign in first, or send a token: “Authorization: Bearer layershelf_…”."
        )
    checked = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, _no_view, (), {})
    if checked is not None:
        raise SignInRefused(
            HTTPStatus.FORBIDDEN, "Changes from a page need its token in the header “X-CSRFToken”."
        )
    return user


def _count_stranger(request: HttpRequest) -> None:
    count_request(f"address:{address_of(request)}", most=settings.API_REQUESTS_PER_MINUTE, now=time.time())


def _no_view(*_: Any) -> HttpResponse:
    return HttpResponse()
