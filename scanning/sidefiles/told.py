"""What papers tell about a model, tidied: nothing in it can harm a database or a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

_MOST_TAGS: Final = 50
_MOST_LINKS: Final = 10
_LONGEST: Final = {"title": 300, "creator": 200, "collection": 200, "license": 100, "tag": 100, "link": 2_000}
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Told:
    """Values, empty where nothing is told. `license` is an SPDX identifier, `links` are http(s) addresses, `notes` Markdown."""

    title: str = ""
    creator: str = ""
    license: str = ""
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    notes: str = ""

    def or_else(self, other: Self) -> Self:
        """These values, and those of `other` where here are none."""
        return type(self)(
            title=self.title or other.title,
            creator=self.creator or other.creator,
            license=self.license or other.license,
            tags=self.tags or other.tags,
            links=self.links or other.links,
            notes=self.notes or other.notes,
        )


def tidy_text(text: str) -> str:
    r"""Return text without characters that no database takes or no page can show, and with one kind of line end.

    >>> tidy_text("a\x00b\r\nc\ud800")
    'ab\nc'
    """
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def tidy_line(value: Any, *, of: str) -> str:
    """Return a value of unknown type as one line; empty if it is no text or longer than a thing of kind `of` can be.

    >>> tidy_line("  Fates \\n End ", of="creator"), tidy_line(["x"], of="creator"), tidy_line("x" * 101, of="tag")
    ('Fates End', '', '')
    """
    if not isinstance(value, str):
        return ""
    line = " ".join(tidy_text(value).split())
    return line if len(line) <= _LONGEST[of] else ""


def tidy_tags(values: Any) -> tuple[str, ...]:
    """Return the texts of a list as tags, each once whatever its case; nothing if it is no list."""
    if not isinstance(values, list | tuple):
        return ()
    tags = {
        tag.lower(): tag
        for tag in (tidy_line(value, of="tag").strip("#,; ") for value in values[:1_000])
        if tag
    }
    return tuple(tags.values())[:_MOST_TAGS]


def tidy_links(values: Iterable[Any]) -> tuple[str, ...]:
    """Return those of `values` that are addresses of pages, each once.

    >>> tidy_links(["https://example.org/x", "javascript:alert(1)", 7, "https:///x"])
    ('https://example.org/x',)
    """
    links = dict.fromkeys(tidy_line(value, of="link") for value in values)
    return tuple(link for link in links if is_web_address(link))[:_MOST_LINKS]


def is_web_address(link: str) -> bool:
    """Whether `link` leads to a page of the web, and nowhere else."""
    if not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
