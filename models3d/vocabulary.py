"""What the vocabulary is for: learning it, ending half-typed words, and finding what a misspelt word may mean."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from libraries.models import Library
from models3d.query_language.nodes import All, Either, Field, Node, Not, Words
from models3d.word_models import Word

# Stems differ from what is typed in the last letters only: “organiz” is no beginning of “organ”, the stem of “organizer”.
_LEAST_LETTERS: Final = 3
_MOST_ENDINGS: Final = 12
# Of a misspelt search: each further one costs a look into the trigrams.
_MOST_CORRECTED: Final = 6

_LEARN: Final = """
INSERT INTO models3d_word (word, stem, model_count, learned_at)
SELECT word, stem, models, %(now)s FROM (
  SELECT word, (ts_lexize('english_stem', word))[1] AS stem, ndoc AS models FROM ts_stat($$
    SELECT to_tsvector('simple', unaccent(layershelf_words(name || ' ' || tag_words || ' ' || creator_words)))
    FROM models3d_model3d WHERE missing_since IS NULL$$)
  WHERE word ~ '^[[:alpha:]]{3,40}$') AS counted
WHERE stem IS NOT NULL
ON CONFLICT (word) DO UPDATE SET model_count = excluded.model_count, learned_at = excluded.learned_at
"""
# pg_trgm is loaded by the first call of one of its functions; before, its setting is unknown to the server.
_SIMILAR: Final = """
SELECT typed.word, (
  SELECT near.word FROM models3d_word near
  WHERE near.word %% typed.plain AND levenshtein_less_equal(near.word, typed.plain, 2) <= 2
  ORDER BY levenshtein_less_equal(near.word, typed.plain, 2), near.model_count DESC, near.word LIMIT 1)
FROM (SELECT word, unaccent(lower(word)) AS plain FROM unnest(%s::text[]) AS word) AS typed
WHERE NOT EXISTS (SELECT 1 FROM models3d_word known WHERE known.word = typed.plain)
"""


def learn_if_scanned(now: datetime) -> bool:
    """Learn the words anew if a scan has ended since they were learnt; return whether that was so."""
    scanned_at = Library.objects.kept().aggregate(at=Max("scanned_at"))["at"]
    learned_at = Word.objects.aggregate(at=Max("learned_at"))["at"]
    if scanned_at is None or (learned_at and learned_at >= scanned_at):
        return False
    learn(now)
    return True


def learn(now: datetime) -> None:
    """Learn every word that is in use, and forget the others."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LEARN, {"now": now})
        Word.objects.exclude(learned_at=now).delete()


def completed(tree: Node) -> Node:
    """The tree with the word that is still being typed joined by words it is the beginning of, where search would miss them.

    Costs one look into the vocabulary, and only where there is such a word.
    """
    if isinstance(tree, All | Either):
        last = completed(tree.parts[-1])
        return tree if last is tree.parts[-1] else replace(tree, parts=(*tree.parts[:-1], last))
    if not isinstance(tree, Words) or not tree.is_open or len(tree.text) < _LEAST_LETTERS:
        return tree
    begun = tree.text.lower()
    endings = Word.objects.filter(word__startswith=begun)
    # The stem of “fly” is “fli”, which “flywheel” does not begin with.
    if not begun.endswith("y"):
        endings = endings.exclude(stem__startswith=begun)
    words = endings.order_by("-model_count", "word").values_list("word", flat=True)[:_MOST_ENDINGS]
    found = [Words(word) for word in words]
    return Either((tree, *found)) if found else tree


def corrected(tree: Node) -> Node | None:
    """The tree with unknown words replaced by the nearest known ones; None where there is nothing to replace."""
    words = sorted({word for text in _asked(tree) for word in text.split()})[:_MOST_CORRECTED]
    if not words:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT similarity('', ''), set_config('pg_trgm.similarity_threshold', '0.2', true)")
        cursor.execute(_SIMILAR, [words])
        nearest = {word: near for word, near in cursor.fetchall() if near}
    return _replaced(tree, nearest) if nearest else None


def _asked(node: Node) -> list[str]:
    """The texts of the words that are asked for; those to be left out are not misspelt if nothing has them."""
    if isinstance(node, Words):
        return [node.text]
    if isinstance(node, All | Either):
        return [text for part in node.parts for text in _asked(part)]
    return []


def _replaced(node: Node, nearest: dict[str, str]) -> Node:
    if isinstance(node, Words):
        return Words(" ".join(nearest.get(word, word) for word in node.text.split()), is_open=node.is_open)
    if isinstance(node, Not | Field):
        return node
    return replace(node, parts=tuple(_replaced(part, nearest) for part in node.parts))
