"""Alive, ready, and why not."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

FINE = {"database": "ok", "data_folder": "ok", "broker": "ok"}


@pytest.fixture(autouse=True)
def data_folder(settings: Settings) -> None:
    settings.DATA_DIR.mkdir(exist_ok=True)


@pytest.mark.django_db
def test_all_parts_are_fine(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": FINE}


@pytest.mark.django_db
def test_a_broker_that_is_gone_is_named_without_its_address(client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "parts": FINE | {"broker": "does not answer"}}


@pytest.mark.django_db
def test_a_data_folder_that_is_gone_is_named_without_its_path(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "gone"

    answer = client.get("/readyz")

    assert answer.json()["parts"]["data_folder"] == "cannot be written"
    assert str(tmp_path) not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lags_behind_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = name || '_' WHERE app = 'scanning'")
    try:
        answer = client.get("/readyz")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET name = rtrim(name, '_') WHERE app = 'scanning'")

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "is not up to date"


def test_a_database_that_is_gone_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "does not answer"
    assert client.get("/healthz").status_code == 200
