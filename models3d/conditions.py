"""From the tree of a search to a condition on models: words by the word index, fields of files by one look at the files."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from models3d.file_conditions import FILE_FIELDS, file_condition
from models3d.model_conditions import model_condition
from models3d.models import ModelFile
from models3d.query_language.nodes import All, Either, Field, Node, Not
from models3d.search import matching, search_query, tsquery_text


def condition(tree: Node, *, user: Any) -> Q:
    """What the models that `tree` asks for fulfill. `user` is whose favourites count; access is left to the caller."""
    if text := tsquery_text(tree):
        return matching(search_query(text))
    if isinstance(tree, All):
        return _all(tree.parts, user)
    if isinstance(tree, Either):
        found = Q()
        for part in _words_together(tree.parts, " | "):
            found |= part if isinstance(part, Q) else condition(part, user=user)
        return found
    if isinstance(tree, Not):
        return ~condition(tree.part, user=user)
    assert isinstance(tree, Field)
    return _of_files([tree]) if tree.name in FILE_FIELDS else model_condition(tree, user)


def _all(parts: Iterable[Node], user: Any) -> Q:
    """All of the parts. What is asked of files is asked of one and the same file."""
    found, of_files = Q(), []
    for part in _words_together(parts, " & "):
        if isinstance(part, Field) and part.name in FILE_FIELDS:
            of_files.append(part)
        else:
            found &= part if isinstance(part, Q) else condition(part, user=user)
    return found & _of_files(of_files) if of_files else found


def _words_together(parts: Iterable[Node], joiner: str) -> list[Node | Q]:
    """The parts, those of words alone as one condition: each look into the word index costs."""
    left: list[Node | Q] = []
    texts = []
    for part in parts:
        if text := tsquery_text(part):
            texts.append(f"({text})")
        else:
            left.append(part)
    return [matching(search_query(joiner.join(texts))), *left] if texts else left


def _of_files(fields: list[Field]) -> Q:
    files = ModelFile.objects.present().filter(model=OuterRef("pk"))
    for number, field in enumerate(fields):
        expressions, wanted = file_condition(field, f"figure{number}")
        files = files.alias(**expressions).filter(wanted)
    return Q(Exists(files))
