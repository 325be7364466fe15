"""What READMEs, licences and datapackages tell, friendly and hostile ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanning.sidefiles.decoding import decoded
from scanning.sidefiles.licenses import license_identifier, license_mentioned, license_of_text
from scanning.sidefiles.papers import MOST_BYTES, Paper, paper_kind, papers_of, told_by_papers
from scanning.sidefiles.readme import told_by_readme
from scanning.sidefiles.told import Told

THING = """
  ,:::::::  drawn letters  ::
https://www.thingiverse.com/thing:2750749
Clip by the sea by ecoiras is licensed under the Creative Commons - Attribution - Share Alike license.
http://creativecommons.org/licenses/by-sa/3.0/

# Summary

Holds **two** toys.

# Print Settings

Printer: any
"""


def told(**papers: bytes) -> Told:
    names = {"readme": "M/README.md", "license": "M/LICENSE", "datapackage": "M/datapackage.json"}
    kinds = {Paper(kind): names[kind] for kind in papers}
    return told_by_papers(kinds, {names[kind]: content for kind, content in papers.items()})


def test_a_readme_of_thingiverse_tells_title_designer_licence_page_and_summary() -> None:
    found = told_by_readme(THING, is_markdown=False)

    assert (found.title, found.creator, found.license) == ("Clip by the sea", "ecoiras", "CC-BY-SA-3.0")
    assert found.links == ("https://www.thingiverse.com/thing:2750749",)
    assert found.notes.startswith("Holds **two** toys.")
    assert "drawn letters" not in found.notes


@pytest.mark.parametrize(
    ("line", "creator"),
    [
        ("By **Tinker Loft**. Licence: CC0 1.0.", "Tinker Loft"),
        ("Author: [Ann Lee](https://example.org/ann)", "Ann Lee"),
        ("> Designed by Ann, for fun", "Ann"),
        ("by Ann", "Ann"),
        ("By default everything is printed without supports.", ""),
        ("By Using this you agree to everything that follows below", ""),
        ("A thing made by machines", ""),
    ],
)
def test_a_designer_is_believed_where_a_line_says_so(line: str, creator: str) -> None:
    assert told_by_readme(f"# Orc\n\n{line}\n", is_markdown=True).creator == creator


def test_plain_text_keeps_its_lines_and_markdown_its_form() -> None:
    assert told_by_readme("one\ntwo\n\nthree", is_markdown=False).notes == "one  \ntwo\n\nthree"
    assert told_by_readme("one\r\ntwo", is_markdown=True).notes == "one\ntwo"


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("Licence: CC0 1.0", "CC0-1.0"),
        ("## License\n\nlicensed under [Creative Commons Attribution Share Alike 4.0](https://x)", "CC-BY-SA-4.0"),
        ("licensed under CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("This work is licensed under http://creativecommons.org/licenses/by-nc-nd/3.0/", "CC-BY-NC-ND-3.0"),
        ("License: GPLv3 or later", "GPL-3.0-or-later"),
        ("License: GPL-3.0", "GPL-3.0-only"),
        ("The code is MIT licensed, the models are licensed under CC-BY-4.0", "CC-BY-4.0"),
        ("Models: CC-BY-4.0 license. Pictures: CC-BY-SA-4.0 license.", ""),
        ("License: Creative Commons", ""),
        ("Works with the MIT badge and an Apache 2.0 hat", ""),
    ],
)  # fmt: skip
def test_a_licence_in_prose_is_told_only_where_it_is_certain(text: str, identifier: str) -> None:
    assert license_mentioned(text) == identifier


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("GNU GENERAL PUBLIC LICENSE\n  Version 3, 29 June 2007\n and the GNU Affero General Public License", "GPL-3.0-only"),
        ("Attribution-NonCommercial 4.0 International\n" + "x" * 900 + "Attribution 3.0", "CC-BY-NC-4.0"),
        ("Attribution-NoDerivatives 4.0 International", "CC-BY-ND-4.0"),
        ("Orc by Ann is licensed under the Attribution license.\nhttp://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("All rights reserved. Ask me.", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_text_of_a_licence_is_recognized(text: str, identifier: str) -> None:
    assert license_of_text(text) == identifier


def test_names_that_are_no_identifiers_are_not_taken_for_some() -> None:
    names = [
        "CC-BY-4.0",
        "OFL-1.1",
        "LicenseRef-Commercial",
        "GPL-3.0-or-later",
        "free for all",
        "yes",
        "a" * 99 + "-1",
    ]

    assert [license_identifier(name) for name in names] == [*names[:4], "", "", ""]


def test_a_datapackage_counts_before_licence_and_readme() -> None:
    package = {
        "title": "Ancient Dragon",
        "description": "Coiled.",
        "homepage": "https://example.org/d",
        "links": [{"path": "https://example.org/e"}, {"path": "javascript:alert(1)"}],
        "keywords": ["dragon", "Dragon", 7, "75mm"],
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "Bob", "roles": ["sculptor"]}, {"title": "Ann", "roles": ["creator"]}],
    }

    found = told(
        datapackage=json.dumps(package).encode(), license=b"MIT License", readme=b"By Carl.\n\nTags: x"
    )

    assert found == Told(
        title="Ancient Dragon",
        creator="Ann",
        license="CC0-1.0",
        tags=("Dragon", "75mm"),
        links=("https://example.org/d", "https://example.org/e"),
        notes="Coiled.",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 60_000,
        b'{"name": "x", "contributors": "not a list"',
        b'{"title": ["<b>"], "contributors": "no", "keywords": {"a": 1}, "licenses": [7, {"name": {}}], "links": [1]}',
        b'{"contributors": [{"roles": [[]], "title": null}], "homepage": "file:///etc/passwd", "description": 5}',
        b"9" * 60_000,
        b"\xff\xfe\x00\xd8",
    ],
)
def test_a_datapackage_that_is_not_one_tells_nothing(content: bytes) -> None:
    assert told(datapackage=content) == Told()


def test_nothing_told_can_break_a_row() -> None:
    found = told(
        datapackage=b'{"title": "a\\u0000\\ud800b", "description": "x\\u0000y", "keywords": ["\\ud83d"]}'
    )

    assert found == Told(title="ab", notes="xy")


@given(st.binary(max_size=3_000), st.sampled_from(list(Paper)))
def test_any_bytes_are_read_without_complaint(content: bytes, kind: Paper) -> None:
    found = told(**{kind.value: content})

    for text in (found.title, found.creator, found.notes, *found.tags):
        assert "\x00" not in text
        text.encode()


@given(st.text(max_size=200))
def test_text_survives_the_usual_ways_of_writing_it(text: str) -> None:
    text = text.replace("\x00", "").lstrip("\ufeff")

    assert decoded(text.encode("utf-8-sig")) == text
    assert decoded(text.encode("utf-16")) == text


def test_a_readme_that_is_too_long_is_cut_and_says_so() -> None:
    assert told(readme=b"a" * MOST_BYTES).notes.endswith("a\n\n…")


@pytest.mark.parametrize(
    "evil", ["license " * 8_000, "by " * 20_000, "tags: " * 10_000, "_*" * 30_000, "[](" * 20_000]
)
def test_repetitive_text_is_read_at_once(evil: str) -> None:
    assert told(readme=evil.encode(), license=evil.encode()).creator == ""


def test_the_paper_nearest_to_the_model_is_its_paper() -> None:
    paths = [
        "M/OptoTap/README.md",
        "M/readme.txt",
        "M/pack.zip//LICENSE",
        "M/a/b/datapackage.json",
        "M/README.stl",
    ]

    assert papers_of("M", paths) == {Paper.README: "M/readme.txt", Paper.LICENSE: "M/pack.zip//LICENSE"}
    assert papers_of("p.zip", ["p.zip//p/README.md"]) == {Paper.README: "p.zip//p/README.md"}
    assert papers_of("p.7z", ["p.7z//README.md"]) == {}


def test_papers_are_known_by_their_names() -> None:
    named = {
        "Read Me.TXT",
        "readme",
        "LICENCE",
        "LICENSE-CC0.txt",
        "License.md",
        "COPYING",
        "DataPackage.json",
    }

    assert {name for name in named if paper_kind(name) is None} == set()
    assert [
        paper_kind(name)
        for name in ("readme_first.stl", "license plate.stl", "licensed.md", "datapackage.stl")
    ] == [None] * 4
