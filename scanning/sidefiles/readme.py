"""What a README tells: notes, and designer, licence, tags and page where it says them in so many words."""

import re
from typing import Final

from scanning.sidefiles.licenses import license_mentioned
from scanning.sidefiles.told import Told, tidy_line, tidy_links, tidy_tags, tidy_text

# Thingiverse puts a drawing of letters, an address and this sentence before the text of the designer.
_THING: Final = re.compile(
    r"^[ \t]*(?P<link>https?://(?:www\.)?thingiverse\.com/thing:\d+)[ \t]*\n"
    r"[ \t]*(?P<title>[^\n]{1,300}) by (?P<creator>[^\n]{1,200}?) is licensed under the [^\n]{1,200} license",
    re.MULTILINE,
)
_SUMMARY: Final = re.compile(r"^#+[ \t]*Summary[ \t]*\n", re.MULTILINE)
# The words that end the preamble: an address and the line of the license.
_PREAMBLE_LINES: Final = 2

_MARKUP: Final = re.compile(r"[*_`#>|]+|\[|\]\([^)\n]{0,200}\)")
_CREATOR: Final = re.compile(
    r"^\W*(?:author|creator|designer|(?:designed|created|made|modell?ed) by)\s*:?\s+(?P<name>[^\n.;,(|]{2,80})",
    re.IGNORECASE,
)
# A bare “By …” must look like a name, and stand alone or end its sentence.
_BY: Final = re.compile(r"^\W*[Bb]y:?\s+(?P<name>[^\W\d_a-z]\S*(?:\s+\S+){0,3}?)\s*(?:\.(?:\s|$)|$)")
_TAGS: Final = re.compile(r"\b(?:tags|keywords):\s*(?P<tags>[^\n]{1,500})", re.IGNORECASE)
_PAGE: Final = re.compile(
    r"https?://(?:www\.)?(?:thingiverse\.com/thing:\d+|printables\.com/model/\d[\w-]*|makerworld\.com/\w+/models/\d[\w-]*"
    r"|cults3d\.com/\w+/3d-model/[\w/-]+|myminifactory\.com/object/[\w-]+|thangs\.com/designer/[\w/%-]+)"
)
_HEAD_LINES: Final = 12


def told_by_readme(text: str, *, is_markdown: bool) -> Told:
    """Return what a README says; plain text (`is_markdown` false) keeps its lines in the notes."""
    text = tidy_text(text)
    if thing := _THING.search(text):
        return _told_by_thingiverse(text, thing)
    return Told(
        creator=_creator_in(text),
        license=license_mentioned(text),
        tags=_tags_in(text),
        links=tidy_links(_PAGE.findall(text))[:1],
        notes=text if is_markdown else _with_kept_lines(text),
    )


def _told_by_thingiverse(text: str, thing: re.Match[str]) -> Told:
    summary = _SUMMARY.search(text, thing.end())
    rest = text[summary.end() :] if summary else "\n".join(text[thing.end() :].split("\n")[_PREAMBLE_LINES:])
    return Told(
        title=tidy_line(thing["title"], of="title"),
        creator=tidy_line(thing["creator"], of="creator"),
        license=license_mentioned(text[thing.start() : thing.end() + 200]),
        links=tidy_links([thing["link"]]),
        notes=rest.strip(),
    )


def _creator_in(text: str) -> str:
    for line in text.split("\n", _HEAD_LINES)[:_HEAD_LINES]:
        plain = " ".join(_MARKUP.sub("", line[:300]).split())
        if found := _CREATOR.match(plain) or _BY.match(plain):
            return tidy_line(found["name"], of="creator")
    return ""


def _tags_in(text: str) -> tuple[str, ...]:
    found = _TAGS.search(_MARKUP.sub("", text))
    return tidy_tags(found["tags"].rstrip(". ").split(",")) if found else ()


def _with_kept_lines(text: str) -> str:
    """Plain text as Markdown that shows the same lines: two blanks at the end of a line break it."""
    return re.sub(r"(?<=\S)\n(?=\S)", "  \n", text)
