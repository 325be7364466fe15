"""Slowing down who guesses: waits grow, end by themselves, and hit who guesses rather than who owns the account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from config.accounts.models import Throttle, User
from config.accounts.throttling import (
    LONGEST_WAIT,
    Guard,
    TooManyTries,
    address_of,
    admit,
    forgive,
)
from tests.factories import PASSWORD

NOW = timezone.now()
WRONG = {"username": "alice", "password": "wrong"}


def tries_let_through(guard: Guard, *, count: int) -> list[bool]:
    found = []
    for _ in range(count):
        try:
            admit(guard, now=NOW)
            found.append(True)
        except TooManyTries:
            found.append(False)
    return found


@pytest.mark.django_db
def test_some_tries_are_free_and_then_one_has_to_wait() -> None:
    guard = Guard("a door", 3)

    assert tries_let_through(guard, count=6) == [True, True, True, True, False, False]


@pytest.mark.django_db
def test_waits_grow_up_to_a_limit_and_end_by_themselves() -> None:
    guard, now, waits = Guard("a door", 1), NOW, []
    admit(guard, now=now)

    for _ in range(12):
        admit(guard, now=now)
        with pytest.raises(TooManyTries, match="Wait") as refusal:
            admit(guard, now=now)
        waits.append(refusal.value.wait)
        now += refusal.value.wait

    assert waits[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert waits[-1] == LONGEST_WAIT


@pytest.mark.django_db
def test_the_right_password_and_a_day_forget_the_tries() -> None:
    guard = Guard("a door", 2)
    tries_let_through(guard, count=4)

    forgive(guard)
    assert tries_let_through(guard, count=2) == [True, True]
    admit(guard, now=NOW + timedelta(days=2))
    admit(guard, now=NOW + timedelta(days=2))


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_get_no_further_than_one_after_the_other() -> None:
    guard = Guard("a door", 3)

    def is_let_through(_: int) -> bool:
        try:
            admit(guard, now=NOW)
        except TooManyTries:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(is_let_through, range(16)))

    assert sum(outcomes) == 4


@pytest.mark.django_db
def test_old_rows_are_cleared_away() -> None:
    admit(Guard("old", 1), now=NOW - timedelta(days=3))

    admit(Guard("new", 1), now=NOW)

    assert Throttle.objects.count() == 1


def test_guessing_a_password_is_slowed_down_with_a_sentence(alice: User) -> None:
    client = Client()
    for _ in range(6):
        client.post("/account/sign-in/", WRONG)

    refused = client.post("/account/sign-in/", WRONG | {"password": PASSWORD})
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post("/account/sign-in/", WRONG | {"password": PASSWORD})

    assert refused.status_code == 429
    assert "Too many tries. Wait 5 seconds" in refused.content.decode()
    assert elsewhere.status_code == 302


def test_guessing_many_names_is_slowed_down_too(alice: User) -> None:
    client = Client()

    answers = [client.post("/account/sign-in/", WRONG | {"username": f"x{n}"}).status_code for n in range(40)]

    assert answers[-1] == 429


def test_an_own_account_does_not_wash_away_the_tries_at_others(alice: User, bob: User) -> None:
    for _ in range(4):
        Client().post("/account/sign-in/", WRONG)
        Client().post("/account/sign-in/", {"username": "bob", "password": PASSWORD})

    assert sorted(Throttle.objects.values_list("tries", flat=True)) == [4, 4]


def test_signing_in_gives_the_session_a_new_key(alice: User) -> None:
    client = Client()
    client.get("/account/sign-in/")
    planted = client.session
    planted["x"] = 1
    planted.save()
    before = planted.session_key

    client.post("/account/sign-in/", WRONG | {"password": PASSWORD})

    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("meta", "address"),
    [
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "192.0.2.1"),
        ({"REMOTE_ADDR": "2001:db8::1"}, "2001:0db8:0000:0000"),
        ({"REMOTE_ADDR": ""}, "unknown"),
    ],
)
def test_the_address_is_not_what_the_sender_says(meta: dict[str, Any], address: str) -> None:
    assert address_of(RequestFactory().get("/", **meta)) == address


def test_behind_a_proxy_its_word_is_taken(settings: Any) -> None:
    settings.HTTPS = True
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")

    assert address_of(request) == "203.0.113.9"
