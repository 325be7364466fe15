"""Word search: what people type becomes one Postgres text query over `Model3D.search_vector`."""

import re
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import BooleanField, F, FloatField, Func, Q, Value
from django.db.models.functions import Cast

from models3d.models import SEARCH_CONFIG

LONGEST_QUERY: Final = 300
# Ranking reads the vector of every match, so only the newest matches are ranked.
RANKED_MATCHES: Final = 2_000

_TERM = re.compile(r'(-?)(?:"([^"]*)("?)|(\S+))')
_NO_WORD = re.compile(r"[\W_]+")


def tsquery_text(typed: str) -> str:
    r"""Text for `to_tsquery`: words all asked for, "quotes", -not and OR; the last word may be a beginning.

    Words are cut as `layershelf_words` cuts the names, so that `dragonHead_v2` asks for these three in a row.

    >>> tsquery_text('red dragonHead_v2 -"old one" OR vas')
    "'red' & 'dragon Head v2' & !'old one' | 'vas':*"
    >>> tsquery_text("vase "), tsquery_text("-"), tsquery_text("OR")
    ("'vase'", '', '')
    """
    text, joiner = "", ""
    for term in _TERM.finditer(typed):
        minus, quoted, closing, word = term.groups()
        if word in {"OR", "or"} and not minus:
            joiner = " | " if text else ""
            continue
        words = _words(quoted if word is None else word)
        if not words:
            continue
        is_open = term.end() == len(typed) and not minus and not closing
        text += f"{joiner if text else ''}{'!' if minus else ''}'{words}'{':*' if is_open else ''}"
        joiner = " & "
    return text


def _words(text: str) -> str:
    spaced = "".join(
        f" {after}" if before.islower() and after.isupper() else after
        for before, after in zip(" " + text, text, strict=False)
    )
    return _NO_WORD.sub(" ", spaced).strip()


def search_query(typed: str) -> SearchQuery | None:
    """The query for what was typed; None where it holds no word."""
    text = tsquery_text(typed)
    return SearchQuery(text, config=SEARCH_CONFIG, search_type="raw") if text else None


def matching(query: SearchQuery) -> Q:
    """Models that match; every model while all words are ones that search leaves out, such as “the”."""
    says_nothing = Func(
        query, function="numnode", template="%(function)s(%(expressions)s) = 0", output_field=BooleanField()
    )
    return Q(search_vector=query) | Q(says_nothing)


def relevance(query: SearchQuery) -> Cast:
    """How well a model matches; comparable within one query, exact enough to continue a page from."""
    return Cast(SearchRank(F("search_vector"), query, normalization=Value(1)), FloatField())
