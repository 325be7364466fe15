"""What app.js adds to every page: theme, search key, menus, dialogs, toasts, polling."""

from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.templatetags.static import static
from playwright.sync_api import Page, expect

from tests.browser.checks import settle
from tests.browser.conftest import CheckPage
from tests.browser.serving import Site, served_site

HTMX_CONFIG = '{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0}'
BODY = """
<main id="main" class="page">
  <h1>Page</h1>
  <form class="searchbox"><label class="label" for="q">Search</label><input id="q" class="field" name="q"></form>
  <button class="btn" type="button" data-theme-toggle="">Theme</button>
  <details class="menu"><summary class="btn">Account</summary><ul><li><a href="/">Home</a></li></ul></details>
  <button class="btn" type="button" data-opens="filters">Filter</button>
  <button class="btn" type="button" hx-get="/form" hx-target="#dialog">Edit</button>
  <button class="btn" type="button" hx-post="/gone">Break</button>
  <p><span hx-get="/tick" hx-trigger="poll" data-poll="100" hx-swap="outerHTML">waiting</span></p>
</main>
<dialog id="filters" class="sheet" aria-label="Filters"><button type="button" data-closes>Close</button></dialog>
<dialog id="dialog" class="dialog" aria-labelledby="dialog-title"></dialog>
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served_site() as site:
        scripts = f'<script src="{static("app.js")}"></script>'
        scripts += f'<script src="{static("django_htmx/htmx-2.min.js")}" defer></script>'
        toasts = render_to_string("components/toasts.html", {"messages": []})
        page = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
        <meta name="viewport" content="width=device-width"><meta name="htmx-config" content='{HTMX_CONFIG}'>
        <link rel="icon" href="{static("favicon.svg")}"><link rel="stylesheet" href="{static("app.css")}">{scripts}
        </head><body>{BODY}{toasts}</body></html>"""
        site.answers["/"] = ("text/html", page.encode())
        site.answers["/form"] = ("text/html", b'<h2 id="dialog-title">Edit the name</h2>')
        site.answers["/tick"] = ("text/html", b"<span>polled</span>")
        yield site


@pytest.fixture
def opened(page: Page, site: Site) -> Page:
    page.goto(site.address)
    page.wait_for_function("() => !!window.htmx")
    return page


def test_controls_are_accessible_in_both_themes_and_widths(opened: Page, check_page: CheckPage) -> None:
    check_page(opened, "page_behavior")


def test_theme_is_kept_in_this_browser(opened: Page) -> None:
    html = opened.locator("html")
    expect(html).to_have_attribute("data-theme", "light")

    opened.get_by_role("button", name="Theme").click()
    opened.reload()

    expect(html).to_have_attribute("data-theme", "dark")


def test_slash_goes_to_the_search_box_but_can_be_typed_in_it(opened: Page) -> None:
    opened.keyboard.press("/")
    expect(opened.locator("#q")).to_be_focused()

    opened.keyboard.press("/")

    expect(opened.locator("#q")).to_have_value("/")


def test_menu_closes_on_escape_and_on_a_click_elsewhere(opened: Page) -> None:
    menu, summary = opened.locator("details.menu"), opened.get_by_text("Account")
    summary.click()
    opened.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()

    summary.click()
    opened.get_by_role("heading", name="Page").click()

    expect(menu).not_to_have_attribute("open", "")


def test_sheet_opens_and_closes(opened: Page) -> None:
    opened.get_by_role("button", name="Filter").click()
    expect(opened.locator("#filters")).to_be_visible()

    opened.get_by_role("button", name="Close").click()

    expect(opened.locator("#filters")).to_be_hidden()


def test_what_htmx_puts_into_the_dialog_opens_it_until_the_server_closes_it(opened: Page) -> None:
    opened.get_by_role("button", name="Edit").click()
    expect(opened.get_by_role("dialog")).to_contain_text("Edit the name")

    opened.evaluate("htmx.trigger(document.body, 'closeDialog')")

    expect(opened.locator("#dialog")).to_be_hidden()


def test_toast_of_the_server_is_announced_and_can_be_dismissed(opened: Page) -> None:
    opened.evaluate("htmx.trigger(document.body, 'toast', {text: 'Saved <b>', level: 'success'})")
    expect(opened.get_by_role("status")).to_have_text("Saved <b>")

    opened.get_by_label("Dismiss").click()

    expect(opened.get_by_role("status")).to_be_empty()


def test_failed_request_is_told_in_words(opened: Page, complaints: list[str]) -> None:
    opened.get_by_role("button", name="Break").click()

    expect(opened.get_by_role("status")).to_contain_text("Nothing was changed")
    complaints.clear()


def test_element_is_polled_until_it_no_longer_asks_for_it(opened: Page) -> None:
    expect(opened.get_by_text("polled")).to_be_visible()

    settle(opened)
    assert opened.locator("[data-poll]").count() == 0
