"""Whatever goes wrong is a problem in words: no page, no trace, no bare status."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config.accounts.models import User
from config.api import limits
from tests.factories import Model3DFactory

JSON = "application/json"
HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"name"',
    b"\xff\xfe",
    b'{"name": "\\u0000"}',
    b'{"name": "\\ud800"}',
    b'{"name": ""}',
    b'{"name": 5}',
    b'{"name": "' + b"a" * 600 + b'"}',
    b'{"unknown": 1}',
    b'{"tags": "toy"}',
    b'{"tags": ["a,b"]}',
    b'{"tags": ["' + b"a" * 101 + b'"]}',
    b'{"tags": [' + b'"a",' * 200 + b'"a"]}',
    b'{"collections": [[]]}',
    b'{"collections": [["a / b"]]}',
    b'{"links": ["javascript:alert(1)"]}',
    b'{"links": ["https://[::1"]}',
    b'{"is_sensitive": "perhaps"}',
    b"[" * 5_000,
    b'{"name": ' + b"[" * 100_000,
]  # fmt: skip


def assert_in_words(response: Any, status: int) -> None:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith(".")


@pytest.mark.parametrize("body", HOSTILE, ids=[repr(body[:30]) for body in HOSTILE])
def test_hostile_bodies_change_nothing(program: Client, body: bytes) -> None:
    model = Model3DFactory(name="Orc")

    response = program.generic("PATCH", f"/api/v1/models/{model.pk}", body, content_type=JSON)

    assert response.status_code in {400, 422}
    assert_in_words(response, response.status_code)
    model.refresh_from_db()
    assert (model.name, model.links, model.tags.count()) == ("Orc", [], 0)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v1/models/0", 422),
        ("GET", "/api/v1/models/99999999999999999999", 422),
        ("GET", "/api/v1/models/9999999999", 404),
        ("GET", "/api/v1/models?after=x", 400),
        ("GET", "/api/v1/scans?after=x", 400),
        ("GET", "/api/v1/tags?name=%00", 422),
        ("POST", "/api/v1/models", 405),
        ("PUT", "/api/v1/libraries/1", 405),
    ],
)
def test_refusals_are_problems(program: Client, method: str, address: str, status: int) -> None:
    assert_in_words(program.generic(method, address), status)


def test_a_fault_of_ours_is_told_without_its_trace(program: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE models3d_model3d RENAME TO gone")

    response = program.get("/api/v1/models")

    assert_in_words(response, 500)
    assert "models3d" not in response.content.decode()


def test_who_asks_too_often_is_told_when_to_come_again(program: Client, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2

    statuses = [program.get("/api/v1/models") for _ in range(6)]

    assert [one.status_code for one in statuses].count(200) <= 4  # a minute may end in between
    assert_in_words(statuses[-1], 429)
    assert 1 <= int(statuses[-1]["Retry-After"]) <= 60


def test_requests_are_counted_while_valkey_is_silent(
    program: Client, alice: User, settings: Any, tmp_path: Any
) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/nobody.sock"
    settings.API_REQUESTS_PER_MINUTE = 2
    limits._valkey.cache_clear()

    try:
        statuses = [program.get("/api/v1/models").status_code for _ in range(6)]
    finally:
        limits._valkey.cache_clear()

    assert statuses.count(200) <= 4
    assert statuses[-1] == 429


def test_who_is_told_to_sign_in_learns_how(db: None) -> None:
    response = Client().get("/api/v1/models")

    assert_in_words(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")
