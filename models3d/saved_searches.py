"""Searches that a person keeps under a name: the address of the grid, in its shortest form."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from collections_app.models import SavedSearch
from models3d.filters import BrowseFilters

# More than one finds again in a list.
MOST_SEARCHES = 200


class SearchNotSaved(ValueError):
    """The name is taken, or there are too many; the text is a sentence for the user."""


def searches_of(user: Any) -> QuerySet[SavedSearch]:
    """What `user` saved, by name. Nobody else sees it."""
    return SavedSearch.objects.filter(user=user).order_by("name", "pk")


def save_search(user: Any, *, name: str, query: str) -> SavedSearch:
    """Keep the look that the query string `query` stands for. Raises SearchNotSaved."""
    if searches_of(user).count() >= MOST_SEARCHES:
        raise SearchNotSaved(f"There are {MOST_SEARCHES} saved searches. Delete one first.")
    search = SavedSearch(user=user, name=name, query=shortest(query))
    _store(search)
    return search


def rename_search(search: SavedSearch, *, name: str) -> None:
    """Give the search another name. Raises SearchNotSaved."""
    search.name = name
    _store(search)


def shortest(query: str) -> str:
    """The query string with what can be read of it, without `?`."""
    return BrowseFilters.from_query(QueryDict(query.removeprefix("?"))).address().removeprefix("?")


def _store(search: SavedSearch) -> None:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        raise SearchNotSaved(
            f"You already have a search called “{search.name}”. Choose another name."
        ) from error
