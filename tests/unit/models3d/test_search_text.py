"""What is typed into the search box always becomes a text that Postgres can read."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from models3d.query_language.parsing import parse
from models3d.search import tsquery_text

# Words in single quotes with blanks between them, perhaps negated, the last perhaps a beginning; brackets in pairs.
TERM = r"!*'[^'\\]*\w[^'\\]*'(:\*)?"
QUERY = re.compile(rf"{TERM}( [&|] {TERM})*")


def text_of(typed: str) -> str:
    """The text for Postgres of what is typed; empty where nothing is asked for."""
    tree = parse(typed).tree
    return tsquery_text(tree) if tree else ""


@settings(deadline=None)  # the first one builds the parser
@given(
    typed=st.text(alphabet=st.sampled_from("aB9_'\"\\-:*&|!() \tORor.é🐉"), max_size=60)
    | st.text(max_size=60)
)
def test_any_text_becomes_a_well_formed_query(typed: str) -> None:
    text = text_of(typed).replace("(", "").replace(")", "")

    assert not text or QUERY.fullmatch(text)


def test_only_the_last_word_may_be_a_beginning() -> None:
    assert text_of("red dra") == "'red' & 'dra':*"
    assert text_of('red "dra') == "'red' & 'dra':*"
    assert text_of('red "dra"') == "'red' & 'dra'"
    assert text_of("red -dra") == "'red' & !'dra'"


def test_or_without_a_left_side_is_left_out() -> None:
    assert text_of("OR red OR OR blue ") == "'red' | 'blue'"


def test_brackets_say_what_belongs_together() -> None:
    assert text_of("(red OR blue) vase ") == "('red' | 'blue') & 'vase'"
    assert text_of("-(red OR blue vase)") == "!('red' | 'blue' & 'vase')"
