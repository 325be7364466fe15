"""Browser tests: a Chromium of the system, every page watched for complaints. Without one they are left out, aloud."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_look, watch

# Playwright runs an event loop in this thread, and Django then refuses the database to ordinary test code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REQUIRED = os.environ.get("LAYERSHELF_REQUIRE_BROWSER") == "1"
ABSENT = "no Chromium found (chromium, chromium-browser or google-chrome on PATH)"

CheckPage = Callable[[Page, str], None]

# Software rendering on a busy machine takes its time; what never comes fails all the same.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("browser")
    if CHROMIUM or not ours:
        return
    if REQUIRED:
        raise pytest.UsageError(f"LAYERSHELF_REQUIRE_BROWSER=1, but {ABSENT}.")
    config.hook.pytest_deselected(items=ours)
    items[:] = [item for item in items if HERE not in item.path.parents]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line(f"Browser tests were left out: {ABSENT}.", yellow=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += [
        "--disable-component-update",
        "--disable-sync",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
    ]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complained about so far. A test that provokes a complaint clears the list."""
    return watch(page)


@pytest.fixture(autouse=True)
def no_complaints_at_the_end(complaints: list[str]) -> Iterator[None]:
    """Fails a test whose pages logged an error or broke the content security policy."""
    yield

    assert complaints == []


@pytest.fixture
def check_page(complaints: list[str]) -> CheckPage:
    """check_page(page, name): light and dark, 1440 and 390 px wide: axe, overflow, complaints; takes screenshots."""

    def check(page: Page, name: str) -> None:
        faults = check_look(page, name)

        assert faults + complaints == []

    return check
