"""A small library for the journeys: real files, scanned, measured and pictured as they would be for a person."""

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from config.accounts.models import User
from libraries.models import Library
from models3d.meshes.arrays import Float64
from tests.factories import OwnerFactory
from tests.unit.models3d.solids import binary_stl, cube, sphere


@pytest.fixture
def alice(page: Page, live_server: LiveServer, transactional_db: None) -> User:
    """The owner, signed in in the browser; the fewest models a page there can be."""
    owner = OwnerFactory(username="alice", page_size=12)
    client = Client()
    client.force_login(owner)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return owner


@pytest.fixture
def shelf(transactional_db: None, tmp_path: Path) -> Library:
    """Sixteen models: a kit of four files of which one is open and one cut off, two text files beside it, and spheres."""
    folder = tmp_path / "models"
    for n in range(15):
        _write(
            folder / f"Marble run/Marble {n + 1} ({n + 8} mm)/marble.stl",
            binary_stl(sphere((n + 8) / 2, rings=16)),
        )
    kit = folder / "Dragon tower"
    _write(kit / "STLs/tower_base.stl", binary_stl(cube(40.0)))
    _write(kit / "STLs/tower_roof.stl", binary_stl(_egg(12.0, 30.0)))
    _write(kit / "STLs/window.stl", binary_stl(cube(9.0)[2:]))
    _write(kit / "STLs/cut_off.stl", binary_stl(sphere(9.0))[:-700])
    _write(kit / "README.md", b"Print the roof without supports.")
    call_command("add_library", str(folder), name="Workshop", stdout=StringIO())
    call_command("scan", "--all", "--wait", stdout=StringIO(), stderr=StringIO())
    return Library.objects.get()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _egg(radius: float, height: float) -> Float64:
    return np.asarray(sphere(1.0, rings=24) * (radius, radius, height / 2))
