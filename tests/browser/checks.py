"""What every page must pass in a real browser: no complaint, no overflow, nothing inaccessible; with screenshots."""

from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Page

AXE = Path(__file__).with_name("axe.min.js")
SCREENSHOTS = Path(__file__).parents[2] / "test-results" / "screenshots"
SIZES = {1440: 900, 390: 844}
THEMES = ("light", "dark")

_IMAGES_DECODED = """
async () => {
  await document.fonts.ready;
  const seen = [...document.images].filter((image) => {
    const box = image.getBoundingClientRect();
    return box.width && box.top < innerHeight && box.bottom > 0;
  });
  await Promise.all(seen.map((image) => image.decode().catch(() => { throw new Error(`no picture: ${image.src}`); })));
}
"""
_AXE_RUN = """
async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));
}
"""
_STILL = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"


def watch(page: Page) -> list[str]:
    """A list that fills with what the browser complains about from now on; CSP violations are among it."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def hear_exception(error: Error) -> None:
        complaints.append(f"exception: {error}")

    page.on("console", hear)
    page.on("pageerror", hear_exception)
    return complaints


def settle(page: Page) -> None:
    """Wait until htmx has no request under way and has bound what it swapped in."""
    page.wait_for_function(_STILL)


def check_look(page: Page, name: str) -> list[str]:
    """Faults of the page in light and dark at both widths; leaves a screenshot of each, and the page as it was."""
    before: Any = page.viewport_size
    theme_before = page.evaluate("document.documentElement.dataset.theme")
    faults = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            faults += [f"{name} {width} {theme}: {fault}" for fault in _faults(page)]
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}_{width}_{theme}.png", animations="disabled")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme_before)
    if before:
        page.set_viewport_size(before)
    return faults


def _faults(page: Page) -> list[str]:
    settle(page)
    page.evaluate(_IMAGES_DECODED)
    faults = []
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        faults.append(f"is {overflow} px too wide")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Colors still on their way from one theme to the other would be measured half-way.
    page.evaluate(
        "() => document.getAnimations().forEach((a) => a.effect.getTiming().iterations < 99 && a.finish())"
    )
    faults += page.evaluate(_AXE_RUN)
    return faults
