"""Cursors: what is put in comes out, and nothing else is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.keyset import BadCursor, decode_cursor, encode_cursor

NUMBERS = st.integers(min_value=-(2**62), max_value=2**62)


@given(
    name=st.text(max_size=100).filter(lambda text: "\x00" not in text), size=st.floats(-1e9, 1e9), pk=NUMBERS
)
def test_a_cursor_gives_back_its_values(name: str, size: float, pk: int) -> None:
    cursor = encode_cursor([name, size, pk])

    assert decode_cursor(cursor, types=[str, float, int]) == [name, size, pk]


@given(text=st.text(max_size=2_000))
def test_any_text_is_a_cursor_or_a_bad_one(text: str) -> None:
    try:
        values = decode_cursor(text, types=[str, int])
    except BadCursor:
        return
    assert isinstance(values[0], str) and isinstance(values[1], int)


@pytest.mark.parametrize(
    "values", [[1], [1, 2, 3], [True, 1], ["a\x00", 1], [None, 1], ["a", 2**63], ["a", 1.5]]
)
def test_values_of_the_wrong_kind_are_refused(values: list[object]) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(encode_cursor(values), types=[str, int])  # type: ignore[arg-type]  # wrong on purpose
