"""Word search: words of a search become one Postgres text query over `Model3D.search_vector`."""

from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import BooleanField, F, FloatField, Func, Q, Value
from django.db.models.functions import Cast

from models3d.models import SEARCH_CONFIG
from models3d.query_language.nodes import All, Either, Node, Not, Words

# Ranking reads the vector of every match, so only the newest matches are ranked.
RANKED_MATCHES: Final = 2_000


def tsquery_text(node: Node) -> str:
    """Text for `to_tsquery` of a tree that holds words alone; empty where there is a field in it.

    >>> from models3d.query_language.parsing import parse
    >>> tsquery_text(parse('red dragonHead_v2 -"old one" OR vas').tree)
    "'red' & 'dragon Head v2' & !'old one' | 'vas':*"
    """
    if isinstance(node, Words):
        return f"'{node.text}'{':*' if node.is_open else ''}"
    if isinstance(node, Not):
        text = tsquery_text(node.part)
        return f"!({text})" if isinstance(node.part, All | Either) and text else text and f"!{text}"
    if isinstance(node, All | Either):
        texts = [tsquery_text(part) for part in node.parts]
        if not all(texts):
            return ""
        if isinstance(node, Either):
            return " | ".join(texts)
        return " & ".join(
            f"({text})" if isinstance(part, Either) else text
            for part, text in zip(node.parts, texts, strict=True)
        )
    return ""


def word_query(tree: Node | None) -> SearchQuery | None:
    """The query of all words that a search asks for, fields left aside; None where it asks for none."""
    if tree is None:
        return None
    text = tsquery_text(tree)
    if not text and isinstance(tree, All):
        text = " & ".join(f"({found})" for part in tree.parts if (found := tsquery_text(part)))
    return search_query(text) if text else None


def search_query(text: str) -> SearchQuery:
    """The query of a text that `tsquery_text` made."""
    return SearchQuery(text, config=SEARCH_CONFIG, search_type="raw")


def matching(query: SearchQuery) -> Q:
    """Models that match; every model while all words are ones that search leaves out, such as “the”."""
    says_nothing = Func(
        query, function="numnode", template="%(function)s(%(expressions)s) = 0", output_field=BooleanField()
    )
    return Q(search_vector=query) | Q(says_nothing)


def relevance(query: SearchQuery) -> Cast:
    """How well a model matches; comparable within one query, exact enough to continue a page from."""
    return Cast(SearchRank(F("search_vector"), query, normalization=Value(1)), FloatField())
