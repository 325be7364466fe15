"""The first visit makes the owner's account, once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from config.accounts.models import User
from config.accounts.services import OwnerExistsError, create_owner

FIRST = {"username": "alice", "password1": "correct horse battery", "password2": "correct horse battery"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/libraries/", "/activity/", "/account/sign-in/", "/account/preferences/"]
)
def test_all_roads_lead_to_the_set_up_while_nobody_has_an_account(address: str) -> None:
    response = Client().get(address)

    assert response.status_code == 302
    assert response["Location"] == "/account/set-up/"


@pytest.mark.django_db
def test_the_first_visitor_becomes_owner_and_is_led_to_adding_a_library() -> None:
    client = Client()

    response = client.post("/account/set-up/", FIRST)

    assert response.status_code == 302
    assert response["Location"] == "/libraries/add/"
    owner = User.objects.get()
    assert (owner.username, owner.is_superuser, owner.is_staff) == ("alice", True, True)
    assert client.get("/libraries/add/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"password2": "another horse battery"},
        {"password1": "short", "password2": "short"},
        {"password1": "password123", "password2": "password123"},
        {"username": ""},
        {"username": "al ice"},
        {"username": "a" * 200},
        {"username": "ali\x00ce"},
    ],
)
def test_a_wrong_entry_is_told_beside_the_field(wrong: dict[str, str]) -> None:
    response = Client().post("/account/set-up/", FIRST | wrong)

    assert response.status_code == 200
    assert b"errorlist" in response.content
    assert not User.objects.exists()


def test_set_up_is_closed_once_somebody_has_an_account(alice: User) -> None:
    client = Client()

    shown, sent = (
        client.get("/account/set-up/"),
        client.post("/account/set-up/", FIRST | {"username": "mallory"}),
    )

    assert shown["Location"] == sent["Location"] == "/account/sign-in/"
    assert User.objects.get() == alice


@pytest.mark.django_db(transaction=True)
def test_two_set_ups_at_once_make_one_owner() -> None:
    both_are_ready = Barrier(2)

    def set_up(name: str) -> bool:
        both_are_ready.wait()
        try:
            create_owner(username=name, password="correct horse battery")
        except OwnerExistsError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(set_up, ["alice", "mallory"]))

    assert sorted(outcomes) == [False, True]
    assert User.objects.count() == 1
