"""The grammar of searches, for lark's LALR parser; the parser is built once, at the first search that needs it."""

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lark import Lark

# A colon makes a field only where a value follows, a minus negates only what follows at once: any text without stray
# brackets is a search. After a field the contextual lexer knows neither minus nor OR: `z:-1` and `tag:or` have a value.
_GRAMMAR: Final = r"""
start: either
either: (_part | OR)*
_part: word | phrase | field | negated | group
negated: MINUSES _part
group: "(" either ")"
field: FIELD [COMPARISON] (WORD | PHRASE)
word: WORD
phrase: PHRASE

OR.3: /(OR|or|\|)(?=[\s()]|$)/
FIELD.2: /[^\W\d_]\w*:(?=[^\s()])/
MINUSES.2: /-+(?=[^\s)-])/
COMPARISON.2: /(<=|>=|<|>|=)[ \t]*(?=[^\s()])/
PHRASE.1: /"[^"]*"?/
WORD: /[^\s()"]+/
%ignore /\s+/
"""


@cache
def parser() -> "Lark":
    """The parser. Its `parse` takes any text whose brackets outside quotes are in pairs."""
    # lark takes 12 MB and 0.2 s, which plain words do not need.
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=True)
