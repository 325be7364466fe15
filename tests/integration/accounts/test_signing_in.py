"""Signing in and out, and where one gets to."""

import pytest
from django.test import Client

from config.accounts.models import User
from tests.factories import PASSWORD

ALICE = {"username": "alice", "password": PASSWORD}


def test_signing_in_leads_to_where_one_wanted_to_go(alice: User) -> None:
    client = Client()
    refused = client.get("/activity/?show=failed")

    response = client.post("/account/sign-in/", ALICE | {"next": "/activity/?show=failed"})

    assert refused["Location"] == "/account/sign-in/?next=/activity/%3Fshow%3Dfailed"
    assert response["Location"] == "/activity/?show=failed"
    assert client.get("/activity/").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(alice: User, target: str) -> None:
    response = Client().post("/account/sign-in/", ALICE | {"next": target})

    assert response.status_code == 302
    assert response["Location"] == "/"


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"username": "nobody"}, {"username": "a\x00b"}, {"password": ""}]
)
def test_a_wrong_name_or_password_is_told_without_saying_which(alice: User, wrong: dict[str, str]) -> None:
    client = Client()

    response = client.post("/account/sign-in/", ALICE | wrong)

    assert response.status_code == 200
    assert client.get("/activity/").status_code == 302


def test_an_account_that_is_switched_off_cannot_sign_in(bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)

    response = Client().post("/account/sign-in/", {"username": "bob", "password": PASSWORD})

    assert response.status_code == 200


def test_signing_out_needs_a_post(as_alice: Client) -> None:
    by_link = as_alice.get("/account/sign-out/")
    stayed = as_alice.get("/activity/").status_code
    by_form = as_alice.post("/account/sign-out/")

    assert (by_link.status_code, stayed) == (405, 200)
    assert by_form["Location"] == "/account/sign-in/"
    assert as_alice.get("/activity/").status_code == 302


def test_a_form_of_another_site_is_refused(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    assert client.post("/account/sign-out/").status_code == 403


def test_an_expired_session_reloads_the_page_instead_of_filling_a_fragment(alice: User) -> None:
    response = Client().get("/activity/live/", headers={"HX-Request": "true"})

    assert response.status_code == 204
    assert response["HX-Refresh"] == "true"
