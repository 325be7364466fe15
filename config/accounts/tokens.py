"""Keys of programs: made and revoked by people, recognized in the Authorization header of a request to the API."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from config.accounts.models import ApiToken, User
from config.accounts.secrets import LONGEST, digest_of, new_secret

PREFIX: Final = "layershelf_"
# Noting every use would write a row for each request.
_NOTED_EVERY: Final = timedelta(minutes=1)


class TokenRefused(Exception):
    """A request without a token that is good for it. The text is a sentence; `status` is 401 or 403."""

    def __init__(self, sentence: str, status: HTTPStatus = HTTPStatus.UNAUTHORIZED) -> None:
        super().__init__(sentence)
        self.status = status


def make_token(
    user: User, *, name: str, scopes: list[str], expires_at: datetime | None
) -> tuple[ApiToken, str]:
    """A new token of `user`, and the secret itself, which nobody can be shown again."""
    secret = new_secret(PREFIX)
    token = ApiToken.objects.create(
        user=user, name=name, scopes=scopes, expires_at=expires_at, digest=digest_of(secret)
    )
    return token, secret


def user_of_token(header: str, *, scope: str, now: datetime) -> User:
    """Whose token stands in an Authorization header ("Bearer …"), if it may do what `scope` (ApiToken.Scope) names.

    The caller still asks what the person may see and change: a token never does more than its person. Raises TokenRefused.
    """
    kind, _, secret = header.strip().partition(" ")
    if kind.lower() != "bearer" or not secret.strip() or len(secret) > LONGEST:
        raise TokenRefused("Send a token: “Authorization: Bearer layershelf_…”.")
    found = ApiToken.objects.select_related("user").filter(digest=digest_of(secret.strip())).first()
    if found is None or not found.user.is_active:
        raise TokenRefused("This token is unknown or was revoked. Make a new one under Preferences.")
    if found.expires_at is not None and found.expires_at <= now:
        raise TokenRefused(
            f"This token expired on {found.expires_at:%d %B %Y}. Make a new one under Preferences."
        )
    if scope not in found.scopes:
        raise TokenRefused(f"This token lacks the scope “{scope}”.", HTTPStatus.FORBIDDEN)
    if found.last_used_at is None or found.last_used_at < now - _NOTED_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found.user
