"""Notes in Markdown become HTML that can do no harm."""

from functools import cache
from typing import TYPE_CHECKING, Final

import nh3
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS: Final = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # a twentieth of the start, for pages with notes only

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def render_notes(markdown: str) -> SafeString:
    """HTML of notes: no raw HTML, no pictures from elsewhere, links that lead out without telling from where.

    Headings start at level 3, below those of the page.

    >>> render_notes("# Print *slowly* <b>")
    '<h3>Print <em>slowly</em> &lt;b&gt;</h3>'
    """
    parser = _parser()
    tokens = parser.parse(markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean.strip())
