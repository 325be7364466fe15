"""What people set for themselves."""

import pytest
from django.test import Client

from config.accounts.models import User
from tests.factories import PASSWORD

CHOSEN = {
    "theme": "dark",
    "units": "in",
    "page_size": "96",
    "sensitive_models": "hide",
    "slicer": "orca",
}


def test_preferences_are_kept(as_charlie: Client, charlie: User) -> None:
    response = as_charlie.post("/account/preferences/", CHOSEN)

    assert response.status_code == 302
    charlie.refresh_from_db()
    assert (charlie.theme, charlie.page_size) == ("dark", 96)


@pytest.mark.parametrize(
    "wrong",
    [
        {"page_size": "11"},
        {"page_size": "9" * 30},
        {"theme": "pink"},
        {"slicer": "paint"},
        {"units": ""},
    ],
)
def test_a_wrong_preference_is_told_and_changes_nothing(
    as_charlie: Client, charlie: User, wrong: dict[str, str]
) -> None:
    response = as_charlie.post("/account/preferences/", CHOSEN | wrong)

    assert response.status_code == 200
    assert b"errorlist" in response.content
    charlie.refresh_from_db()
    assert charlie.theme == "system"


def test_preferences_cannot_make_somebody_an_owner(as_charlie: Client, charlie: User) -> None:
    as_charlie.post("/account/preferences/", CHOSEN | {"is_superuser": "on", "is_staff": "on"})

    charlie.refresh_from_db()
    assert not charlie.is_superuser
    assert not charlie.is_staff


def test_the_theme_of_the_header_is_kept(as_charlie: Client, charlie: User) -> None:
    response = as_charlie.post("/account/theme/", {"theme": "dark"})

    assert response.status_code == 204
    charlie.refresh_from_db()
    assert charlie.theme == "dark"


def test_an_unknown_theme_is_refused(as_charlie: Client) -> None:
    assert as_charlie.post("/account/theme/", {"theme": "<script>"}).status_code == 400


def test_a_new_password_signs_other_devices_out(as_charlie: Client, charlie: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(charlie)
    new = "staple battery horse"

    response = as_charlie.post(
        "/account/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )

    assert response.status_code == 302
    assert as_charlie.get("/account/preferences/").status_code == 200
    assert elsewhere.get("/account/preferences/").status_code == 302


def test_the_current_password_is_asked_for(as_charlie: Client, charlie: User) -> None:
    new = "staple battery horse"

    response = as_charlie.post(
        "/account/password/", {"old_password": "wrong", "new_password1": new, "new_password2": new}
    )

    assert response.status_code == 200
    charlie.refresh_from_db()
    assert charlie.check_password(PASSWORD)
