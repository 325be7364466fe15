"""Links of a model as its page shows them: nothing but addresses of the web, with their site in front. Pure."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Link(NamedTuple):
    """An address that is safe to follow, and the site it leads to."""

    address: str
    site: str


def shown_links(links: Any) -> list[Link]:
    """Return those of `links`, a list of addresses of unknown origin, that lead to a page of the web.

    >>> shown_links(["https://www.example.org/orc", "javascript:alert(1)", {"url": 1}])
    [Link(address='https://www.example.org/orc', site='example.org')]
    """
    shown = []
    for address in links if isinstance(links, list) else []:
        try:
            parts = urlsplit(address) if isinstance(address, str) else None
            site = parts.hostname if parts and parts.scheme in {"http", "https"} else None
        except ValueError:
            continue
        if site:
            shown.append(Link(address, site.removeprefix("www.")))
    return shown
