"""Brackets of a search put in pairs before the grammar sees them, so that a stray one spoils nothing but itself."""

import re
from typing import Final

from models3d.query_language.nodes import Complaint

_DEEPEST: Final = 16
_QUOTED_OR_BRACKET: Final = re.compile(r'"[^"]*"?|[()]')


def in_pairs(typed: str) -> tuple[str, list[Complaint]]:
    """`typed` with its brackets in pairs and every character at its place; what was closed stands at the end.

    >>> in_pairs("(red OR blue")[0], in_pairs("red)")[0]
    ('(red OR blue)', 'red ')
    """
    complaints: list[Complaint] = []
    text = list(typed)
    opened: list[int] = []
    for found in _QUOTED_OR_BRACKET.finditer(typed):
        place = found.start()
        if found[0] == "(":
            opened.append(place)
            if len(opened) > _DEEPEST:
                too_deep = Complaint(
                    place, 1, f"Brackets stand at most {_DEEPEST} deep in each other. They are left out."
                )
                return typed.translate({ord("("): " ", ord(")"): " "}), [too_deep]
        elif found[0] == ")" and opened:
            opened.pop()
        elif found[0] == ")":
            text[place] = " "
            complaints.append(Complaint(place, 1, "This bracket closes nothing."))
    complaints += [Complaint(place, 1, "This bracket is never closed.") for place in opened]
    # A quote that is still open would swallow what closes the brackets.
    quote = '"' if opened and typed.count('"') % 2 else ""
    return "".join(text) + quote + ")" * len(opened), complaints
