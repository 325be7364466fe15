"""Searching as JSON: saved searches, and what may be meant while somebody types."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from collections_app.models import SavedSearch
from config.lib.answers import Refusal, answer, needs, nothing, page, require_unchanged, row_number
from config.lib.api_types import After, Limit, PathId, Text
from models3d.audience import audience_of
from models3d.filters import LONGEST_QUERY
from models3d.saved_searches import SearchNotSaved, rename_search, save_search, searches_of
from models3d.schemas import NewSearch, SearchChange, SearchOut, SearchPage, Suggestions
from models3d.suggestions import suggestions

router = Router(tags=["Searching"])


@router.get("searches", response=SearchPage, operation_id="list_searches", **needs("read"))
def list_searches(request: HttpRequest, limit: Limit, after: After) -> HttpResponse:
    """Your saved searches, in the order they were saved."""
    rows = searches_of(request.user).filter(pk__gt=row_number(after)).order_by("pk")
    found = list(rows[: limit + 1])
    following = found[limit - 1].pk if len(found) > limit else ""
    return answer(request, page([_told(row) for row in found[:limit]], following))


@router.get("searches/{int:pk}", response=SearchOut, operation_id="get_search", **needs("read"))
def get_search(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One saved search. Its models: `/models?` and the `query`."""
    return answer(request, _told(_own(request, pk)))


@router.post("searches", response={201: SearchOut}, operation_id="add_search", **needs("edit"))
def add(request: HttpRequest, body: NewSearch) -> HttpResponse:
    """Keep a search under a name."""
    try:
        search = save_search(request.user, name=body.name, query=body.query)
    except SearchNotSaved as error:
        raise Refusal(409, str(error)) from error
    headers = {"Location": f"{request.path}/{search.pk}"}
    return answer(request, _told(search), status=201, headers=headers)


@router.patch("searches/{int:pk}", response=SearchOut, operation_id="change_search", **needs("edit"))
def change(request: HttpRequest, pk: PathId, body: SearchChange) -> HttpResponse:
    """Rename a saved search."""
    search = _own(request, pk)
    require_unchanged(request, _told(search))
    try:
        rename_search(search, name=body.name)
    except SearchNotSaved as error:
        raise Refusal(409, str(error)) from error
    return answer(request, _told(search))


@router.delete("searches/{int:pk}", response={204: None}, operation_id="delete_search", **needs("edit"))
def delete(request: HttpRequest, pk: PathId) -> HttpResponse:
    """Forget a saved search."""
    search = _own(request, pk)
    require_unchanged(request, _told(search))
    search.delete()
    return nothing()


@router.get("suggestions", response=Suggestions, operation_id="suggest", **needs("read"))
def suggest(
    request: HttpRequest,
    q: Annotated[Text, Query(max_length=LONGEST_QUERY, description="What is typed so far.")],
) -> HttpResponse:
    """What the end of a search may become: fields, and names of what you may see."""
    typed = q.lstrip()
    found = suggestions(typed, audience_of(request.user)) if typed else []
    items = [{"fill": one.fill, "text": one.text, "about": one.about} for one in found]
    return answer(request, {"items": items})


def _own(request: HttpRequest, pk: int) -> SavedSearch:
    found = searches_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _told(search: SavedSearch) -> dict[str, Any]:
    return {name: getattr(search, name) for name in ("id", "name", "query", "created_at")}
