"""The start-up checks say what is wrong and what to do."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from config import checks


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_a_folder_that_takes_files_passes(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "not" / "made" / "yet"

    assert checks.data_folder_can_be_written(None) == []


def test_a_data_folder_that_is_a_file_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.write_text("")

    (message,) = checks.data_folder_can_be_written(None)

    assert message.id == "layershelf.E001"
    assert str(settings.DATA_DIR) in message.msg
    assert "LAYERSHELF_DATA" in str(message.hint)


def test_a_folder_without_the_right_to_write_is_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the superuser may write anywhere

    assert ids(checks.data_folder_can_be_written(None)) == ["layershelf.E001"]


@pytest.mark.parametrize(("free_bytes", "told"), [(999_999_999, ["layershelf.W001"]), (1_000_000_000, [])])
def test_a_disk_that_is_nearly_full_is_told(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    free_bytes: int,
    told: list[str],
) -> None:
    settings.DATA_DIR = tmp_path
    usage = shutil._ntuple_diskusage(2_000_000_000, 0, free_bytes)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    assert ids(checks.data_folder_has_room(None)) == told


def test_missing_static_files_are_named(settings: Settings, tmp_path: Path) -> None:
    settings.STATICFILES_DIRS = [tmp_path]

    (message,) = checks.static_files_are_there(None)

    assert message.id == "layershelf.E002"
    assert "app.css" in message.msg


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("redis://cache:6379/0", []),
        ("rediss://:secret@cache/1", []),
        ("redis+socket:///run/valkey.sock", []),
        ("redis://", ["layershelf.E003"]),
        ("redis+socket://", ["layershelf.E003"]),
        ("amqp://rabbit", ["layershelf.E003"]),
        ("cache:6379", ["layershelf.E003"]),
    ],
)
def test_the_form_of_the_broker_address_is_checked(settings: Settings, address: str, told: list[str]) -> None:
    settings.CELERY_BROKER_URL = address

    assert ids(checks.broker_address_is_one(None)) == told


def test_a_missing_program_for_rars_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (message,) = checks.rar_archives_can_be_read(None)
    (tmp_path / "bsdtar").touch(mode=0o755)

    assert message.id == "layershelf.I001"
    assert "unrar" in (message.hint or "")
    assert checks.rar_archives_can_be_read(None) == []
