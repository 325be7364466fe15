"""What can be wrong at start-up with the place Layershelf runs in, each said in a sentence with a way out."""

import os
import shutil
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Info, Warning, register

from libraries.archives.outside import rar_programs

_LEAST_FREE_BYTES: Final = 1_000_000_000
_NEEDED_STATIC_FILES: Final = ("app.css", "app.js", "icons.svg", "viewer/mesh-viewer.js")
_BROKER_SCHEMES: Final = frozenset({"redis", "rediss", "redis+socket", "valkey", "valkeys"})


@register
def data_folder_can_be_written(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The data folder, or the folder it is going to be made in, takes files."""
    folder = _existing(settings.DATA_DIR)
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The data folder {settings.DATA_DIR} cannot be written to.",
            hint="Give the user that runs Layershelf the right to write there, or set LAYERSHELF_DATA to another folder.",
            id="layershelf.E001",
        )
    ]


@register
def data_folder_has_room(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The disk of the data folder has a gigabyte left for pictures and the database."""
    try:
        free_bytes = shutil.disk_usage(_existing(settings.DATA_DIR)).free
    except OSError:
        return []  # told by the check above
    if free_bytes >= _LEAST_FREE_BYTES:
        return []
    return [
        Warning(
            f"The disk of the data folder {settings.DATA_DIR} has {free_bytes // 1_000_000:,} MB left.",
            hint="Free at least 1 GB, or set LAYERSHELF_DATA to a folder on a larger disk.",
            id="layershelf.W001",
        )
    ]


@register
def static_files_are_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Style sheet, scripts and icons, which are part of the checkout."""
    missing = [name for name in _NEEDED_STATIC_FILES if not finders.find(name)]
    if not missing:
        return []
    return [
        Error(
            f"Static files are missing: {', '.join(missing)}.",
            hint="Check out the static folder again, or make it with `make assets`.",
            id="layershelf.E002",
        )
    ]


@register
def broker_address_is_one(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """REDIS_URL, if given, is the address of a Redis or Valkey server."""
    address = urlsplit(settings.CELERY_BROKER_URL)
    is_complete = bool(address.path if address.scheme == "redis+socket" else address.hostname)
    if address.scheme in _BROKER_SCHEMES and is_complete:
        return []
    return [
        Error(
            "REDIS_URL is not the address of a Redis or Valkey server.",
            hint="Write it as redis://host:6379/0, or leave it out: Layershelf then starts its own.",
            id="layershelf.E003",
        )
    ]


@register(deploy=True)  # told by `check --deploy` only, and not by every command
def rar_archives_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A program is installed that unpacks RAR; everything else is read without one."""
    if rar_programs():
        return []
    return [
        Info(
            "No program that unpacks RAR is installed, so files inside packed RAR archives are not shown.",
            hint="Install unrar, unar, 7-Zip or bsdtar if there are any; the next scan then looks into them.",
            id="layershelf.I001",
        )
    ]


def _existing(folder: Path) -> Path:
    """`folder`, or the nearest folder above it that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
