"""What templates show: icons, versioned addresses of static files, times."""

from datetime import UTC, datetime, timedelta

import pytest

from config.lib.template_tags import ago, asset, display_path, icon

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_icon_is_hidden_from_screen_readers_and_taken_from_the_sprite() -> None:
    svg = icon("box", "size-4")

    assert svg.startswith('<svg class="i size-4" aria-hidden="true"><use href="/static/icons.svg?v=')
    assert svg.endswith('#box"/></svg>')


def test_icon_escapes_what_it_is_given() -> None:
    assert '"><script>' not in icon("box", '"><script>')


def test_address_of_a_static_file_carries_a_version_of_its_content() -> None:
    address, version = asset("app.css").split("?v=")

    assert address == "/static/app.css"
    assert len(version) == 8


def test_address_of_an_unknown_static_file_has_no_version() -> None:
    assert asset("none.css") == "/static/none.css"


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5, seconds=59), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=12, hours=5), "12 d ago"),
        (timedelta(days=40), "14 Oct 2026"),
        (-timedelta(minutes=5), "just now"),
    ],
)
def test_time_passed_is_told_roughly(before: timedelta, text: str) -> None:
    assert ago(NOW - before, NOW) == text


def test_time_of_what_never_happened_is_never() -> None:
    assert ago(None) == "never"


def test_direction_marks_in_a_path_cannot_disguise_its_extension() -> None:
    assert display_path("cad\u202elts.exe") == "cad\\u202elts.exe"
