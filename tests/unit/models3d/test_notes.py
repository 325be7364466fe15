"""Notes: Markdown is shown as meant, whatever is written does no harm."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from models3d.notes import render_notes


class Seen(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@given(st.text(alphabet=st.sampled_from("<>\"'=/()[]!*#`\\ \n&;:javscriptonload"), max_size=200))
def test_no_text_makes_a_script_or_a_handler(markdown: str) -> None:
    seen = Seen()

    seen.feed(render_notes(markdown))

    assert not {"script", "img", "iframe", "style", "svg", "form"} & set(seen.tags)
    for name, value in seen.attributes:
        assert name in {"href", "title", "rel", "start"}
        assert name != "href" or not (value or "").lower().startswith("javascript")


def test_headings_start_below_those_of_the_page() -> None:
    assert render_notes("# One\n\n###### Six") == "<h3>One</h3>\n<h6>Six</h6>"


def test_links_lead_out_quietly() -> None:
    assert 'rel="nofollow noopener noreferrer"' in render_notes("[x](https://example.org)")


def test_tables_are_shown() -> None:
    assert "<td>2</td>" in render_notes("| a | b |\n|---|---|\n| 1 | 2 |")
