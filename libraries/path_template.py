"""What the owner says a path means: `{creator}/{collection}/{tags}/{name}` and fixed text. Pure.

A template is anchored at the end: its last part stands for a model's own folder, the one before for the folder above.
Putting what a path tells onto a model is left to the caller.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from libraries.paths import display_path
from libraries.safe_names import safe_name

TOKENS: Final = ("creator", "collection", "tags", "name")
_REPEATABLE: Final = "collection"
_BRACES: Final = re.compile(r"\{([^{}/]*)\}|[{}]")
_ALL: Final = "{creator}, {collection}, {tags} or {name}"


class TemplateError(ValueError):
    """A template that cannot be read. The text is a sentence for the user; `position` counts characters from 0."""

    def __init__(self, sentence: str, *, position: int) -> None:
        super().__init__(sentence)
        self.position = position


class CannotBePlaced(ValueError):
    """A model has no path by the template. The text is a sentence for the user about the model, such as “It has no creator.”"""


@dataclass(frozen=True, slots=True)
class PathValues:
    """What a path tells; collections from the outermost inwards."""

    creator: str = ""
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    name: str = ""


class PathTemplate:
    """A template that was read. Raises TemplateError.

    >>> PathTemplate("{creator}/{name} ({tags})").parse("minis/Fates End/Dragon (fantasy, 32mm)")
    PathValues(creator='Fates End', collections=(), tags=('fantasy', '32mm'), name='Dragon')
    >>> PathTemplate("{author}/{name}")
    Traceback (most recent call last):
    libraries.path_template.TemplateError: “{author}” at character 1 means nothing. Use {creator}, {collection}, {tags} or {name}.
    """

    def __init__(self, text: str) -> None:
        text = unicodedata.normalize("NFC", text)
        self._parts: list[_Part] = []
        seen: set[str] = set()
        start = 0
        for part in text.split("/"):
            if not part.strip():
                raise TemplateError(f"There is no name of a folder at character {start + 1}.", position=start)
            self._parts.append(_read_part(part, start, seen))
            start += len(part) + 1
        if not seen:
            raise TemplateError(f"It says nothing without one of {_ALL}.", position=0)

    def parse(self, row_path: str) -> PathValues | None:
        """What the path of a model (as rows hold it, without a file's extension) tells; None if it is built otherwise."""
        parts = unicodedata.normalize("NFC", display_path(row_path)).split("/")[-len(self._parts) :]
        if len(parts) < len(self._parts):
            return None
        found: list[tuple[str, str]] = []
        for part, text in zip(self._parts, parts, strict=True):
            values = part.match(text)
            if values is None:
                return None
            found += [
                (token, " ".join(value.split())) for token, value in zip(part.tokens, values, strict=True)
            ]
        return _values(found)

    def format(self, values: PathValues) -> str:
        """The path, as rows hold it, of a model of which `values` are true; raises CannotBePlaced.

        Names become such as every system takes. What is read back from the path is the same again.

        >>> template = PathTemplate("{creator}/{collection}/{name}")
        >>> template.format(PathValues("Ann", ("Fantasy",), (), "AC/DC: Dragon"))
        'Ann/Fantasy/AC_DC_ Dragon'
        """
        collections = iter(values.collections)
        parts, wanted = [], list[tuple[str, str]]()
        for part in self._parts:
            filled = [_filling(token, values, collections) for token in part.tokens]
            wanted += zip(part.tokens, filled, strict=True)
            name = unicodedata.normalize("NFC", part.filled(filled))
            if safe_name(name) != name or name.startswith("."):
                raise CannotBePlaced(f"“{name}” is no name for a folder.")
            parts.append(name)
        path = "/".join(parts)
        if self.parse(path) != _values(wanted):
            raise CannotBePlaced(f"“{path}” would be read back with other words where these belong.")
        return path


@dataclass(frozen=True, slots=True)
class _Part:
    """One folder of a template: fixed texts with tokens between them, so that there is one text more."""

    texts: tuple[str, ...]
    tokens: tuple[str, ...]

    def match(self, name: str) -> list[str] | None:
        """What stands for each token, at least one character each, the first ones as short as can be.

        Each text is sought once, from the left: nothing is tried again, however odd the name.
        """
        first, last = self.texts[0], self.texts[-1]
        if not self.tokens:
            return [] if name == first else None
        end = len(name) - len(last)
        if not (name.startswith(first) and name.endswith(last)):
            return None
        values, at = [], len(first)
        for text in self.texts[1:-1]:
            found = name.find(text, at + 1, end)
            if found < 0:
                return None
            values.append(name[at:found])
            at = found + len(text)
        return [*values, name[at:end]] if at < end else None

    def filled(self, values: list[str]) -> str:
        """The name with `values` for its tokens."""
        return self.texts[0] + "".join(
            value + text for value, text in zip(values, self.texts[1:], strict=True)
        )


def _filling(token: str, values: PathValues, collections: Iterator[str]) -> str:
    if token == _REPEATABLE:
        text = next(collections, "")
    elif token == "tags":
        text = ", ".join(sorted(values.tags))
    else:
        text = values.creator if token == "creator" else values.name
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text:
        raise CannotBePlaced(f"It has no {'tag' if token == 'tags' else token}.")
    return safe_name(text)


def _read_part(part: str, start: int, seen: set[str]) -> _Part:
    texts: list[str] = []
    tokens: list[str] = []
    at = 0
    for found in _BRACES.finditer(part):
        token, where = found[1], start + found.start()
        shown = f"“{found[0]}” at character {where + 1}"
        if token is None:
            raise TemplateError(f"{shown} has no partner; words stand in {{…}}.", position=where)
        if token not in TOKENS:
            raise TemplateError(f"{shown} means nothing. Use {_ALL}.", position=where)
        if token in seen and token != _REPEATABLE:
            raise TemplateError(
                f"{shown} is there a second time; only {{collection}} may repeat.", position=where
            )
        if tokens and found.start() == at:
            raise TemplateError(
                f"{shown} follows another word directly; put something between them that tells where one ends, such as “ - ”.",
                position=where,
            )
        texts.append(part[at : found.start()])
        tokens.append(token)
        seen.add(token)
        at = found.end()
    return _Part((*texts, part[at:]), tuple(tokens))


def _values(found: list[tuple[str, str]]) -> PathValues:
    by_token = dict(found)
    tags = dict.fromkeys(" ".join(tag.split()) for tag in by_token.get("tags", "").split(","))
    return PathValues(
        creator=by_token.get("creator", ""),
        collections=tuple(value for token, value in found if token == _REPEATABLE and value),
        tags=tuple(tag for tag in tags if tag),
        name=by_token.get("name", ""),
    )
