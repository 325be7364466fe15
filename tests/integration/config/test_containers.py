"""The containers: Compose understands compose.yaml, and the image gets what runs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[3]
OWN = ("web", "worker", "beat")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services as Compose itself understands them."""
    command = [str(Path(sys.executable).with_name("docker-compose")), "-f", "compose.yaml", "config"]
    answer = subprocess.run(
        [*command, "--format", "json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)["services"]
    return found


def test_each_service_is_watched_and_nobody_is_root(services: dict[str, Any]) -> None:
    assert set(services) == {*OWN, "postgres", "valkey"}
    for name, service in services.items():
        assert service["healthcheck"]["test"], name
        assert service["user"] not in ("", "0", "root", "0:0"), name


def test_web_worker_and_beat_share_image_data_and_servers(services: dict[str, Any]) -> None:
    shared = ("image", "volumes", "environment", "user")

    assert all(services[name][part] == services["web"][part] for name in OWN for part in shared)
    assert [services[name]["command"][2] for name in OWN] == list(OWN)


def test_worker_and_beat_wait_until_the_database_is_up_to_date(services: dict[str, Any]) -> None:
    assert "--migrate" in services["web"]["command"]
    for name in ("worker", "beat"):
        assert services[name]["depends_on"]["web"]["condition"] == "service_healthy"


def test_the_image_gets_every_app() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    apps = {name.split(".")[0] for name in settings.INSTALLED_APPS}

    needed = {name for name in apps if (ROOT / name).is_dir()} | {
        "manage.py",
        "templates",
        "static",
        "uv.lock",
    }

    assert needed <= let_in
