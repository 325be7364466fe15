"""API tokens: made, shown once, recognized, refused with a sentence, revoked."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from config.accounts.models import ApiToken, User
from config.accounts.tokens import TokenRefused, make_token, user_of_token

TOKENS = "/account/tokens/"


def secret_of(client: Client, **given: object) -> str:
    page = client.post(TOKENS, {"name": "script", "scopes": ["read"], "days": "30", **given}).content.decode()
    found = re.search(r'value="(layershelf_[^"]+)"', page)
    assert found, page
    return found[1]


def test_a_token_acts_for_its_person_within_its_scopes(as_bob: Client, bob: User) -> None:
    secret, now = secret_of(as_bob, scopes=["read", "files"]), timezone.now()

    assert user_of_token(f"Bearer {secret}", scope="read", now=now) == bob
    assert user_of_token(f"bearer  {secret} ", scope="files", now=now) == bob
    with pytest.raises(TokenRefused, match="lacks the scope") as refusal:
        user_of_token(f"Bearer {secret}", scope="edit", now=now)
    assert refusal.value.status == 403


def test_the_secret_is_shown_once_and_kept_as_a_digest(as_bob: Client) -> None:
    secret = secret_of(as_bob)

    assert secret not in as_bob.get(TOKENS).content.decode()
    assert secret not in str(ApiToken.objects.values())


def test_use_is_noted_once_a_minute(bob: User) -> None:
    now = timezone.now()
    token, secret = make_token(bob, name="x", scopes=["read"], expires_at=None)

    for seconds in (0, 30, 90):
        user_of_token(f"Bearer {secret}", scope="read", now=now + timedelta(seconds=seconds))

    token.refresh_from_db()
    assert token.last_used_at == now + timedelta(seconds=90)


def test_an_expired_token_says_when_it_expired(bob: User) -> None:
    now = timezone.now()
    _, secret = make_token(bob, name="x", scopes=["read"], expires_at=now)

    with pytest.raises(TokenRefused, match="expired on") as refusal:
        user_of_token(f"Bearer {secret}", scope="read", now=now)

    assert refusal.value.status == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer \x00", "Bearer é", "Bearer " + "x" * 10_000],
)
def test_what_is_no_token_is_refused(bob: User, header: str) -> None:
    with pytest.raises(TokenRefused) as refusal:
        user_of_token(header, scope="read", now=timezone.now())

    assert refusal.value.status == 401


def test_a_token_of_somebody_switched_off_or_revoked_is_refused(as_bob: Client, bob: User) -> None:
    kept, revoked = secret_of(as_bob), secret_of(as_bob)
    newest = ApiToken.objects.first()
    assert newest is not None

    as_bob.post(f"{TOKENS}{newest.pk}/revoke/")
    User.objects.filter(pk=bob.pk).update(is_active=False)

    for secret in (kept, revoked):
        with pytest.raises(TokenRefused, match="revoked"):
            user_of_token(f"Bearer {secret}", scope="read", now=timezone.now())


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"scopes": []},
        {"scopes": ["admin"]},
        {"scopes": ["edit"]},
        {"days": "5"},
    ],
)
def test_a_viewer_makes_no_token_for_what_viewers_may_not_do(
    as_bob: Client, wrong: dict[str, object]
) -> None:
    response = as_bob.post(TOKENS, {"name": "script", "scopes": ["read"], "days": "30", **wrong})

    assert b"errorlist" in response.content
    assert not ApiToken.objects.exists()


def test_tokens_of_others_are_neither_shown_nor_revoked(
    as_bob: Client, as_charlie: Client, alice: User
) -> None:
    token, _ = make_token(alice, name="alice-backup", scopes=["admin"], expires_at=None)

    for client in (as_bob, as_charlie):
        assert "alice-backup" not in client.get(TOKENS).content.decode()
        assert client.post(f"{TOKENS}{token.pk}/revoke/").status_code == 404

    assert ApiToken.objects.filter(pk=token.pk).exists()
