"""From what is typed to a tree. Nothing that can be typed raises: what cannot be read is left out and complained about."""

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from models3d.query_language import fields
from models3d.query_language.brackets import in_pairs
from models3d.query_language.grammar import parser
from models3d.query_language.nodes import All, Comparison, Complaint, Either, Field, Node, Not, Query, Words
from models3d.query_language.units import ValueNotRead
from models3d.query_language.values import read_value
from models3d.query_language.words import words_of

if TYPE_CHECKING:
    from lark import Token, Tree

# More than a person types; keeps a hostile search from becoming a hostile query.
MOST_TERMS: Final = 60

# Text without any of this is words that are all asked for: no grammar is needed, nor loaded, to read it.
_SPECIAL: Final = re.compile(r'["():]|(?:^|\s)-\S|(?:^|\s)(?:OR|or|\|)(?:\s|$)')
_WORD: Final = re.compile(r"\S+")


@lru_cache(maxsize=256)
def parse(typed: str) -> Query:
    """Read a search.

    >>> parse("red vase ").tree
    All(parts=(Words(text='red', is_open=False), Words(text='vase', is_open=False)))
    >>> parse("size:<5parsec").complaints[0].sentence
    '“parsec” is not a unit of this. Use mm, cm, m, in, inch, ft, um, µm.'
    """
    text, complaints = in_pairs(typed)
    reader = _Reader(text, len(typed), complaints)
    if _SPECIAL.search(text):
        tree = reader.either(cast("Tree[Any]", parser().parse(text).children[0]))
    else:
        tree = _all([reader.words(found[0], found.start(), found.end()) for found in _WORD.finditer(text)])
    return Query(tree, tuple(sorted(complaints, key=lambda complaint: complaint.position)))


class _Reader:
    """Makes nodes of what the grammar found in one text; `end` is where typing stopped."""

    def __init__(self, text: str, end: int, complaints: list[Complaint]) -> None:
        self._text, self._end, self._complaints = text, end, complaints
        self._count = 0

    def either(self, tree: "Tree[Any]") -> Node | None:
        groups: list[list[Node | None]] = [[]]
        for child in tree.children:
            if getattr(child, "type", "") == "OR":
                groups.append([])
            else:
                groups[-1].append(self._part(child))
        parts = [part for group in groups if (part := _all(group))]
        if len(parts) < 2:
            return parts[0] if parts else None
        return Either(_flat(parts, Either))

    def words(self, text: str, start: int, end: int) -> Words | None:
        words = words_of(text)
        if not words or not self._is_room(start, end):
            return None
        return Words(words, is_open=self._is_open(text, end))

    def _part(self, tree: "Tree[Any]") -> Node | None:
        children: list[Any] = tree.children
        if tree.data == "group":
            return self.either(children[0])
        if tree.data == "negated":
            minuses, child = children
            part = self._part(child)
            return part if part is None or len(minuses) % 2 == 0 else _negated(part)
        if tree.data == "field":
            return self._field(*children)
        token = children[0]
        if tree.data == "word" and token.endswith(":") and fields.field_of(token[:-1]):
            self._complain(token, f"Say what to look for, such as {_example(token[:-1])}.")
            return None
        return self.words(str(token), token.start_pos, token.end_pos)

    def _field(self, written: "Token", comparison: "Token | None", token: "Token") -> Node | None:
        start, end = written.start_pos or 0, token.end_pos or 0
        name, is_quoted = written[:-1], token.type == "PHRASE"
        is_open = self._is_open(token, end)
        field = fields.field_of(name)
        if field is None:
            self._complain(written, _unknown(name))
            return self.words(self._text[start:end], start, end)
        if not self._is_room(start, end):
            return None
        text, how = token.strip('"').strip(), cast("Comparison", (comparison or "").strip())
        try:
            value = read_value(field, how, text, is_quoted=is_quoted and not is_open, is_open=is_open)
        except ValueNotRead as error:
            self._complaints.append(Complaint(start, end - start, str(error)))
            return None
        return Field(field.name, how, text, value)

    def _is_open(self, text: str, end: int) -> bool:
        """Whether it is still being typed; a quote that stands behind `_end` was not typed."""
        is_closed = len(text) > 1 and text.startswith('"') and text.endswith('"') and end <= self._end
        return end >= self._end and not is_closed

    def _is_room(self, start: int, end: int) -> bool:
        self._count += 1
        if self._count == MOST_TERMS + 1:
            sentence = f"A search has at most {MOST_TERMS} parts. The others are left out."
            self._complaints.append(Complaint(start, end - start, sentence))
        return self._count <= MOST_TERMS

    def _complain(self, token: "Token", sentence: str) -> None:
        self._complaints.append(Complaint(token.start_pos or 0, len(token), sentence))


def _all(parts: list[Node | None]) -> Node | None:
    found = [part for part in parts if part]
    if len(found) < 2:
        return found[0] if found else None
    return All(_flat(found, All))


def _flat(parts: list[Node], kind: type[All] | type[Either]) -> tuple[Node, ...]:
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    return tuple(flat)


def _negated(part: Node) -> Node:
    if isinstance(part, Not):
        return part.part
    # The word after a minus is whole: what begins with it is not to go while one types.
    return Not(Words(part.text) if isinstance(part, Words) else part)


def _example(name: str) -> str:
    field = fields.field_of(name)
    return field.examples[0] if field else ""


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), fields.names(), n=1)
    asked = f" Did you mean “{close[0]}:”?" if close else " Press ? beside the search box for all fields."
    return f"There is no field “{name[:30]}”, so it was searched as words.{asked}"
