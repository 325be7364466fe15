"""From a tree back to text that reads as the same tree."""

import re
from typing import Final

from models3d.query_language.nodes import All, Either, Field, Node, Not, Text, Words

_BARE: Final = re.compile(r"[^\s()\"]+")
_OPERATORS: Final = frozenset({"OR", "or", "|"})


def text_of(tree: Node | None) -> str:
    """What one would type for `tree`, which parsing gave; a blank at the end ends its last word.

    >>> from models3d.query_language.parsing import parse
    >>> text_of(parse("red   -( vase or  x:<5cm )").tree)
    'red -(vase OR x:<5cm)'
    """
    if tree is None:
        return ""
    text, last = _text(tree), _last(tree)
    if isinstance(last, Words):
        return _opened(text) if last.is_open else f"{text} "
    if isinstance(last, Field) and isinstance(last.value, Text):
        return _opened(text) if last.value.is_open else f"{text} "
    return text


def field_text(name: str, value: str) -> str:
    """A field with its value, quoted where it has to be.

    >>> field_text("tag", "low poly"), field_text("size", "<5cm")
    ('tag:"low poly"', 'size:<5cm')
    """
    bare = value.replace('"', "")
    return f"{name}:{bare}" if _BARE.fullmatch(bare) else f'{name}:"{bare}"'


def _text(node: Node) -> str:
    if isinstance(node, Words):
        return f'"{node.text}"' if " " in node.text or node.text in _OPERATORS else node.text
    if isinstance(node, Field):
        is_exact = isinstance(node.value, Text) and node.value.is_exact
        value = f'"{node.text}"' if is_exact or not _BARE.fullmatch(node.text) else node.text
        return f"{node.name}:{node.comparison}{value}"
    if isinstance(node, Not):
        return f"-{_inner(node.part)}"
    if isinstance(node, All):
        return " ".join(
            f"({_text(part)})" if isinstance(part, Either) else _text(part) for part in node.parts
        )
    return " OR ".join(_text(part) for part in node.parts)


def _inner(node: Node) -> str:
    return f"({_text(node)})" if isinstance(node, All | Either) else _text(node)


def _last(node: Node) -> Words | Field:
    while not isinstance(node, Words | Field):
        node = node.part if isinstance(node, Not) else node.parts[-1]
    return node


def _opened(text: str) -> str:
    """The text with nothing closed behind its last word."""
    return text.rstrip(")").removesuffix('"')
