"""The search language: any text is read or complained about at a place, and what was read can be written again."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models3d.query_language.fields import FIELDS
from models3d.query_language.nodes import (
    Age,
    All,
    Box,
    Days,
    Either,
    Field,
    Flag,
    Not,
    Query,
    Range,
    Text,
    Words,
)
from models3d.query_language.parsing import MOST_TERMS, parse
from models3d.query_language.printing import field_text, text_of

PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in [*FIELDS, "license", "by", "foo", "http"]),
        *(
            "<",
            ">=",
            "=",
            "..",
            "5",
            "20mm",
            "1.5M",
            "9" * 30,
            "1e9",
            "yes",
            "no",
            "2026-01",
            "30d",
            "220x220x250",
        ),
        *(
            "(",
            ")",
            "-",
            "--",
            '"',
            " ",
            " ",
            " ",
            "OR",
            "or",
            "|",
            "red",
            "dragonHead_v2",
            "*",
            "/",
            "é",
            "\x00",
            "²",
        ),
    ]
)
SEARCHES = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80)


def value(typed: str) -> object:
    """The value of the one field that is typed."""
    tree = parse(typed).tree
    assert isinstance(tree, Field), typed
    return tree.value


def complaint(typed: str) -> str:
    """The one complaint about what is typed."""
    (found,) = parse(typed).complaints
    return found.sentence


@settings(max_examples=400, deadline=None)
@given(typed=SEARCHES)
def test_any_text_is_read_or_complained_about_at_its_place(typed: str) -> None:
    found = parse(typed)

    assert isinstance(found, Query)
    for one in found.complaints:
        assert 0 <= one.position < len(typed)
        assert one.length > 0
        assert one.sentence.endswith((".", "?"))


@settings(max_examples=400, deadline=None)
@given(typed=SEARCHES)
def test_what_was_read_is_written_so_that_it_reads_the_same(typed: str) -> None:
    tree = parse(typed).tree

    assert parse(text_of(tree)).tree == tree


@settings(deadline=None)
@given(words=st.lists(st.from_regex(r"[a-z0-9.]{1,8}", fullmatch=True), max_size=6))
def test_plain_words_read_the_same_with_and_without_the_grammar(words: list[str]) -> None:
    words = [word for word in words if word != "or"]
    plain, bracketed = " ".join(words) + " ", "(" + " ".join(words) + " )"

    assert parse(plain).tree == parse(bracketed).tree


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("x:20mm", Range(19.5, 20.5, includes_high=False)),
        ("x:2.0cm", Range(19.5, 20.5, includes_high=False)),
        ("z:<=1in", Range(high=25.4)),
        ("z:> 1m", Range(low=1000.0, includes_low=False)),
        ("y:10..20mm", Range(10.0, 20.0)),
        ("y:1..2cm", Range(10.0, 20.0)),
        ("y:..20", Range(high=20.0)),
        ("volume:>5", Range(low=5000.0, includes_low=False)),
        ("volume:<5ml", Range(high=5000.0, includes_high=False)),
        ("volume:>5cm³", Range(low=5000.0, includes_low=False)),
        ("triangles:<1M", Range(high=1e6, includes_high=False)),
        ("triangles:>=500k", Range(low=500_000.0)),
        ("overhang:<10%", Range(high=10.0, includes_high=False)),
        ("time:<2h", Range(high=7200.0, includes_high=False)),
        ("watertight:yes", Flag(True)),
        ("watertight:NO", Flag(False)),
        ("added:2025-12", Days(date(2025, 12, 1), date(2026, 1, 1))),
        ("added:>2025", Days(first=date(2026, 1, 1))),
        ("added:<2026-01-05", Days(end=date(2026, 1, 5))),
        ("added:2025..2026-01", Days(date(2025, 1, 1), date(2026, 2, 1))),
        ("added:2w", Age(14)),
        ("added:>1y", Age(365, is_older=True)),
        ("fits:220x250x210", Box((210.0, 220.0, 250.0))),
        ('fits:"22 × 22 × 25 cm"', Box((220.0, 220.0, 250.0))),
        ('tag:"low poly"', Text("low poly", is_exact=True)),
        ("tag:drag", Text("drag", is_open=True)),
        ("tag:drag ", Text("drag")),
        ("License:CC-BY ", Text("CC-BY")),
        ("has:3MF", Text("3mf")),
    ],
)
def test_values_are_read_by_the_kind_of_their_field(typed: str, expected: object) -> None:
    assert value(typed) == expected


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("size:<5parsec", "is not a unit"),
        ("size:<", "Write a number such as 100mm."),
        ("size:20..10", "begins with the smaller"),
        ("size:..", "10..20"),
        ("triangles:5mm", "not a unit"),
        ("x:" + "9" * 40, "Write a number"),
        ("watertight:perhaps", "yes or no"),
        ("tag:<5", "is no number"),
        ("tag:", "such as tag:fantasy"),
        ("added:2026-13", "no such day"),
        ("added:soon", "a day, month or year"),
        ("added:9999", "no such day"),
        ("fits:220x220", "width x depth x height"),
        ("in:stl", "archive, zip"),
        ("hash:xyz", "8 to 64 digits"),
        ("creater:ada", "Did you mean “creator:”?"),
        ("red)", "closes nothing"),
        ("(red", "never closed"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_write(typed: str, says: str) -> None:
    assert says in complaint(typed)


def test_the_rest_of_a_faulty_search_counts() -> None:
    found = parse("red size:<5parsec watertight:yes")

    assert found.tree == All((Words("red"), Field("watertight", "", "yes", Flag(True))))
    assert [(one.position, one.length) for one in found.complaints] == [(4, 13)]


def test_not_binds_closer_than_and_and_and_closer_than_or() -> None:
    tree = parse("-red blue OR -(red OR blue) ").tree

    assert tree == Either(
        (All((Not(Words("red")), Words("blue"))), Not(Either((Words("red"), Words("blue")))))
    )


@pytest.mark.parametrize(
    "typed",
    [
        "(" * 10_000,
        ")" * 10_000,
        "(" * 5_000 + "a" + ")" * 5_000,
        "-" * 10_001 + "a",
        '"' * 9_999,
        "a:" * 5_000,
        "\x00" * 50,
    ],
)
def test_hostile_searches_are_answered(typed: str) -> None:
    assert isinstance(parse(typed), Query)


def test_three_hundred_terms_are_cut_and_that_is_told() -> None:
    found = parse(" ".join(f"x:<{n}" for n in range(300)))

    assert isinstance(found.tree, All)
    assert len(found.tree.parts) == MOST_TERMS
    assert [one.sentence for one in found.complaints] == [
        "A search has at most 60 parts. The others are left out."
    ]


def test_every_example_of_the_help_is_read_without_complaint() -> None:
    for field in FIELDS.values():
        for example in field.examples:
            assert parse(example).complaints == (), example


def test_values_are_quoted_where_they_have_to_be() -> None:
    assert field_text("tag", "low poly") == 'tag:"low poly"'
    assert field_text("tag", "dragon") == "tag:dragon"
    assert value(field_text("creator", 'Ada "the" (1st)')) == Text("Ada the (1st)", is_exact=True)
