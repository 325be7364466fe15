"""Collections as JSON: the outermost ones, one with those inside it, making, changing and deleting."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from collections_app.models import Collection
from collections_app.services import (
    CollectionProblem,
    change_collection,
    collection_version,
    delete_collection,
    make_collection,
)
from collections_app.tree import BETWEEN
from config.lib.answers import Refusal, answer, needs, nothing, page, require_unchanged
from config.lib.api_types import After, PathId
from config.lib.keyset import decode_cursor, encode_cursor
from models3d.audience import audience_of
from models3d.collecting import PAGE, CollectionCard, Opened, collection_cards, opened
from models3d.permissions import require_arranging, require_editor
from models3d.schemas import CollectionChange, CollectionOut, CollectionPage, NewCollection

router = Router(tags=["Collections"])


@router.get("collections", response=CollectionPage, operation_id="list_collections", **needs("read"))
def list_collections(request: HttpRequest, after: After) -> HttpResponse:
    """The outermost collections by name, 60 on a page. Their models: `/models?collection=`."""
    name = decode_cursor(after, types=[str])[0] if after else ""
    cards = collection_cards(audience_of(request.user), parent=None, after=name)
    following = encode_cursor([cards[PAGE - 1].name]) if len(cards) > PAGE else ""
    return answer(request, page([_row(card) for card in cards[:PAGE]], following))


@router.get("collections/{int:pk}", response=CollectionOut, operation_id="get_collection", **needs("read"))
def get_collection(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One collection, with the first 60 of those inside it."""
    return answer(request, _told(_opened(request, pk)))


@router.post("collections", response={201: CollectionOut}, operation_id="add_collection", **needs("edit"))
def add(request: HttpRequest, body: NewCollection) -> HttpResponse:
    """Make a collection, and those it is to stand in where there are none."""
    require_editor(request)
    _check(body)
    try:
        made = make_collection(
            name=body.name, inside=tuple(body.inside or ()), description=body.description or ""
        )
    except CollectionProblem as error:
        raise Refusal(409, str(error)) from error
    told = {"id": made.pk, "name": made.name, "inside": body.inside or [], "description": made.description}
    headers = {"Location": f"{request.path}/{made.pk}"}
    return answer(request, {**told, "collections": []}, status=201, headers=headers)


@router.patch(
    "collections/{int:pk}", response=CollectionOut, operation_id="change_collection", **needs("edit")
)
def change(request: HttpRequest, pk: PathId, body: CollectionChange) -> HttpResponse:
    """Rename, move, describe."""
    found = _opened(request, pk)
    require_arranging(request, audience_of(request.user))
    _check(body)
    before = _told(found)
    inside = before["inside"] if body.inside is None else body.inside
    require_unchanged(request, before)
    try:
        change_collection(
            pk,
            version=collection_version(found.row),
            name=body.name or found.row.name,
            inside=tuple(inside),
            description=found.row.description if body.description is None else body.description,
            cover_sha256=found.row.cover_sha256,
        )
    except CollectionProblem as error:
        raise Refusal(409, str(error)) from error
    except Collection.DoesNotExist as error:
        raise Http404 from error
    return answer(request, _told(_opened(request, pk)))


@router.delete(
    "collections/{int:pk}", response={204: None}, operation_id="delete_collection", **needs("edit")
)
def delete(request: HttpRequest, pk: PathId) -> HttpResponse:
    """Delete a collection and those inside it. Models stay."""
    found = _opened(request, pk)
    require_arranging(request, audience_of(request.user))
    require_unchanged(request, _told(found))
    with transaction.atomic():
        delete_collection(pk)
    return nothing()


def _check(body: CollectionChange) -> None:
    if any(BETWEEN in f" {name} " for name in (body.name or "", *(body.inside or ()))):
        raise Refusal(422, "The name of a collection cannot hold “ / ”.")


def _opened(request: HttpRequest, pk: int) -> Opened:
    found = opened(pk, audience_of(request.user))
    if found is None:
        raise Http404
    return found


def _row(card: CollectionCard) -> dict[str, Any]:
    return {
        "id": card.pk,
        "name": card.name,
        "model_count": card.count_label,
        "inner_count": card.inner_count,
        "picture": card.picture_url or None,
    }


def _told(found: Opened) -> dict[str, Any]:
    return {
        "id": found.row.pk,
        "name": found.row.name,
        "inside": [place.name for place in found.trail[:-1]],
        "description": found.row.description,
        "collections": [_row(card) for card in found.inner],
    }
