"""What is typed into the search box always becomes a text that Postgres can read."""

import re

from hypothesis import given
from hypothesis import strategies as st

from models3d.search import tsquery_text

# Words in single quotes with blanks between them, perhaps negated, the last perhaps a beginning.
TERM = r"!?'[^'\\]*\w[^'\\]*'(:\*)?"
QUERY = re.compile(rf"({TERM}( [&|] {TERM})*)?")


@given(
    typed=st.text(alphabet=st.sampled_from("aB9_'\"\\-:*&|!() \tORor.é🐉"), max_size=60)
    | st.text(max_size=60)
)
def test_any_text_becomes_a_well_formed_query(typed: str) -> None:
    assert QUERY.fullmatch(tsquery_text(typed))


def test_only_the_last_word_may_be_a_beginning() -> None:
    assert tsquery_text("red dra") == "'red' & 'dra':*"
    assert tsquery_text('red "dra') == "'red' & 'dra':*"
    assert tsquery_text('red "dra"') == "'red' & 'dra'"
    assert tsquery_text("red -dra") == "'red' & !'dra'"


def test_or_without_a_left_side_is_left_out() -> None:
    assert tsquery_text("OR red OR OR blue ") == "'red' | 'blue'"
