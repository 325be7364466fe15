"""Path templates: what a path tells, and what is said about a template that cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libraries.path_template import PathTemplate, PathValues, TemplateError

_names = st.text(st.characters(exclude_characters="/{}"), min_size=1, max_size=20).filter(str.strip)
_words = st.text("abc ü-", min_size=1, max_size=12).filter(str.strip)


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("{creator}/{name}", "minis/Fates End/Dragon", PathValues(creator="Fates End", name="Dragon")),
        ("{creator}/{name}", "Dragon", None),
        (
            "{collection}/{collection}/{name}",
            "a/b/c/d",
            PathValues(collections=("b", "c"), name="d"),
        ),
        (
            "{creator}/{collection} - {collection}/{name}",
            "A/Year - May - x/n",
            PathValues(creator="A", collections=("Year", "May - x"), name="n"),
        ),
        ("by {creator}/{name}", "A/n", None),
        ("{name} [{tags}]", "Orc [big, Big,, 32mm ]", PathValues(tags=("big", "Big", "32mm"), name="Orc")),
        ("{name} by {creator}", "Pen by the sea by Ann", PathValues(creator="the sea by Ann", name="Pen")),
        ("models/{name}", "my models/Orc", None),
        ("models/{name}", "my/models/Orc", PathValues(name="Orc")),
        ("{creator}/{name}", "A  B/ x ", PathValues(creator="A B", name="x")),
        ("{creator}/{name}", " /x", PathValues(name="x")),
        ("{creator} é/{name}", "Ann e\u0301/x", PathValues(creator="Ann", name="x")),
        ("{creator}/{name}", "caf\U0010ffe9/x", PathValues(creator=r"caf\xe9", name="x")),
    ],
)
def test_a_path_tells_what_the_template_says(template: str, path: str, values: PathValues | None) -> None:
    assert PathTemplate(template).parse(path) == values


@pytest.mark.parametrize(
    ("template", "position", "words"),
    [
        ("", 0, "no name of a folder"),
        ("/{name}", 0, "no name of a folder"),
        ("{name}/", 7, "no name of a folder"),
        ("{creator}//{name}", 10, "no name of a folder"),
        ("{creator}/{author}", 10, "“{author}” at character 11 means nothing"),
        ("{creator}/{}", 10, "means nothing"),
        ("{Creator}", 0, "means nothing"),
        ("a{name", 1, "has no partner"),
        ("{name}}", 6, "has no partner"),
        ("{creator/x}/{name}", 0, "has no partner"),
        ("{name}/{creator}/{name}", 17, "second time"),
        ("{creator}{name}", 9, "follows another word directly"),
        ("models/minis", 0, "says nothing"),
    ],
)
def test_a_template_that_cannot_be_read_says_where_and_why(template: str, position: int, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        PathTemplate(template)

    assert caught.value.position == position
    assert words in str(caught.value)


@given(creator=_words, collection=_words, name=_words)
def test_what_a_path_was_built_of_is_read_again(creator: str, collection: str, name: str) -> None:
    path = f"far/above/{creator}/[{collection}]/{name}"

    values = PathTemplate("{creator}/[{collection}]/{name}").parse(path)

    tidy = [" ".join(word.split()) for word in (creator, collection, name)]
    assert values is not None
    assert [values.creator, *values.collections, values.name] == tidy


@given(st.text("{}/ -abtgsnmecrolin", max_size=40), st.lists(_names, min_size=1, max_size=6))
def test_any_text_is_a_template_or_refused_within_itself(text: str, parts: list[str]) -> None:
    try:
        template = PathTemplate(text)
    except TemplateError as error:
        assert 0 <= error.position <= len(text)
        return

    assert template.parse("/".join(parts)) == template.parse("/".join(["above", *parts])) or len(
        parts
    ) < 1 + text.count("/")


def test_no_name_makes_the_reading_slow() -> None:
    template = PathTemplate("-".join(["{collection}"] * 20) + "!")

    assert template.parse("-" * 100_000) is None
