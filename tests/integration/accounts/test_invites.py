"""Invites: who makes them, what they make, and every way in which one is none."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.accounts.invites import InviteRefused, NameTaken, accept_invite, make_invite
from config.accounts.models import Invite, User
from libraries.models import Library
from tests.factories import PASSWORD, LibraryFactory, OwnerFactory

NEW = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}


def link_of(client: Client, **given: object) -> str:
    response = client.post("/account/people/invite/", {"role": "viewer", "days": "7", **given})
    found = re.search(r'value="http://testserver(/account/join/[^"]+)"', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def test_an_invite_makes_an_account_with_its_role_and_libraries(
    as_alice: Client, shared_library: Library
) -> None:
    link = link_of(as_alice, role="editor", libraries=shared_library.pk, note="Dora")
    guest = Client()

    welcomed = guest.get(link).content.decode()
    response = guest.post(link, NEW)

    dora = User.objects.get(username="dora")
    assert "alice invites you" in welcomed
    assert response["Location"] == "/"
    assert (dora.role, list(dora.libraries.all())) == ("editor", [shared_library])
    assert guest.get("/").status_code == 200
    assert Invite.objects.get().used_by == dora


def test_the_link_is_shown_once_and_kept_as_a_digest(as_alice: Client) -> None:
    secret = link_of(as_alice).split("/")[-2]

    assert secret not in as_alice.get("/account/people/").content.decode()
    assert secret not in str(Invite.objects.values())


def test_an_invite_is_used_once(as_alice: Client) -> None:
    link = link_of(as_alice)
    Client().post(link, NEW)

    response = Client().post(link, NEW | {"username": "eve"})

    assert response.status_code == 404
    assert "used already" in response.content.decode()
    assert not User.objects.filter(username="eve").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_gets_in() -> None:
    _, secret = make_invite(
        note="",
        role="viewer",
        library_ids=[],
        expires_at=timezone.now() + timedelta(days=1),
        by=OwnerFactory(),
    )
    both_are_ready = Barrier(2)

    def accept(name: str) -> bool:
        both_are_ready.wait()
        try:
            accept_invite(secret, username=name, password=PASSWORD, now=timezone.now())
        except InviteRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(accept, ["dora", "eve"]))

    assert sorted(outcomes) == [False, True]


def test_an_expired_invite_says_so(as_alice: Client) -> None:
    link = link_of(as_alice)
    Invite.objects.update(expires_at=timezone.now())

    response = Client().get(link)

    assert response.status_code == 404
    assert "has expired" in response.content.decode()


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", "..%2f", "é" * 300])
def test_a_forged_invite_is_none(alice: User, secret: str) -> None:
    response = Client().get(f"/account/join/{secret}/")

    assert response.status_code == 404


def test_an_invite_taken_back_or_of_somebody_gone_is_none(as_alice: Client, alice: User) -> None:
    taken_back, orphaned = link_of(as_alice, note="first"), link_of(as_alice, note="second")
    first = Invite.objects.get(note="first")

    as_alice.post(f"/account/people/invites/{first.pk}/take-back/")
    OwnerFactory()
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert "taken back" in Client().get(taken_back).content.decode()
    assert "no longer here" in Client().get(orphaned).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "alice"},
        {"username": "a b"},
        {"password2": "other"},
        {"password1": "short", "password2": "short"},
    ],
)
def test_a_wrong_entry_leaves_the_invite_open(as_alice: Client, wrong: dict[str, str]) -> None:
    link = link_of(as_alice)

    response = Client().post(link, NEW | wrong)

    assert response.status_code == 200
    assert b"errorlist" in response.content
    assert Invite.objects.get().used_at is None


def test_a_name_that_was_taken_meanwhile_is_told_and_leaves_the_invite_open(alice: User) -> None:
    _, secret = make_invite(
        note="", role="viewer", library_ids=[], expires_at=timezone.now() + timedelta(days=1), by=alice
    )

    with pytest.raises(NameTaken, match="Choose another"):
        accept_invite(secret, username="alice", password=PASSWORD, now=timezone.now())

    assert Invite.objects.get().used_at is None


def test_who_has_an_account_is_told_that_it_needs_no_invite(as_alice: Client, as_bob: Client) -> None:
    link = link_of(as_alice)

    response = as_bob.get(link, follow=True)

    assert "You have an account already" in response.content.decode()
    assert Invite.objects.get().used_at is None


def test_a_removed_library_is_left_out(as_alice: Client, shared_library: Library) -> None:
    link = link_of(as_alice, libraries=shared_library.pk)
    Library.objects.update(removed_at=timezone.now())
    LibraryFactory()

    Client().post(link, NEW)

    assert not User.objects.get(username="dora").libraries.exists()


@pytest.mark.parametrize(
    "wrong", [{"role": "king"}, {"days": "9999"}, {"libraries": "7"}, {"note": "x" * 101}]
)
def test_a_wrong_invite_is_told(as_alice: Client, shared_library: Library, wrong: dict[str, str]) -> None:
    response = as_alice.post("/account/people/invite/", {"role": "viewer", "days": "7", **wrong})

    assert b"errorlist" in response.content
    assert not Invite.objects.exists()
