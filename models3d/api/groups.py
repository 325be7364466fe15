"""Tags and creators as JSON: lists, one, changing and deleting."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from collections_app.models import Creator, Tag
from config.lib.answers import Refusal, answer, needs, nothing, page, require_unchanged
from config.lib.api_types import After, PathId, ShortText
from config.lib.versions import version_of
from models3d import group_services
from models3d.audience import Audience, audience_of
from models3d.grouping_lists import group_page, visible_groups
from models3d.links import shown_links
from models3d.permissions import require_arranging
from models3d.schemas import CreatorChange, CreatorOut, CreatorPage, TagChange, TagOut, TagPage

router = Router(tags=["Tags and creators"])


@router.get("tags", response=TagPage, operation_id="list_tags", **needs("read"))
def list_tags(request: HttpRequest, after: After, name: ShortText = "") -> HttpResponse:
    """Tags whose name holds `name`, 100 on a page, the most used first where you see every library."""
    return _list(request, Tag.objects, name, after)


@router.get("tags/{int:pk}", response=TagOut, operation_id="get_tag", **needs("read"))
def get_tag(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One tag. Its models: `/models?tag=`."""
    return answer(request, _one(request, Tag.objects, pk)[1])


@router.patch("tags/{int:pk}", response=TagOut, operation_id="change_tag", **needs("edit"))
def change_tag(request: HttpRequest, pk: PathId, body: TagChange) -> HttpResponse:
    """Rename a tag."""
    tag, told = _arranged(request, Tag.objects, pk)
    require_unchanged(request, told)
    try:
        group_services.rename_tag(pk, name=" ".join(body.name.split()), version=version_of(tag.name))
    except group_services.NameTaken as error:
        raise Refusal(409, str(error)) from error
    except Tag.DoesNotExist as error:
        raise Http404 from error
    return answer(request, _one(request, Tag.objects, pk)[1])


@router.delete("tags/{int:pk}", response={204: None}, operation_id="delete_tag", **needs("edit"))
def delete_tag(request: HttpRequest, pk: PathId) -> HttpResponse:
    """Take a tag off all models."""
    return _deleted(request, Tag.objects, pk)


@router.get("creators", response=CreatorPage, operation_id="list_creators", **needs("read"))
def list_creators(request: HttpRequest, after: After, name: ShortText = "") -> HttpResponse:
    """Creators whose name holds `name`, 100 on a page, the most used first where you see every library."""
    return _list(request, Creator.objects, name, after)


@router.get("creators/{int:pk}", response=CreatorOut, operation_id="get_creator", **needs("read"))
def get_creator(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One creator. The models: `/models?creator=`."""
    return answer(request, _one(request, Creator.objects, pk)[1])


@router.patch("creators/{int:pk}", response=CreatorOut, operation_id="change_creator", **needs("edit"))
def change_creator(request: HttpRequest, pk: PathId, body: CreatorChange) -> HttpResponse:
    """Name, links and notes of a creator."""
    creator, told = _arranged(request, Creator.objects, pk)
    require_unchanged(request, told)
    if len(shown_links(body.links)) != len(body.links or []):
        raise Refusal(422, "One of the links is no address of the web.")
    try:
        group_services.change_creator(
            pk,
            name=" ".join((body.name or creator.name).split()),
            links=creator.links if body.links is None else body.links,
            notes=creator.notes if body.notes is None else body.notes,
            version=group_services.creator_version(creator),
        )
    except group_services.NameTaken as error:
        raise Refusal(409, str(error)) from error
    except Creator.DoesNotExist as error:
        raise Http404 from error
    return answer(request, _one(request, Creator.objects, pk)[1])


@router.delete("creators/{int:pk}", response={204: None}, operation_id="delete_creator", **needs("edit"))
def delete_creator(request: HttpRequest, pk: PathId) -> HttpResponse:
    """Forget a creator; the models stay."""
    return _deleted(request, Creator.objects, pk)


def _list(request: HttpRequest, groups: Any, name: str, after: str) -> HttpResponse:
    audience = audience_of(request.user)
    found = group_page(groups, audience, typed=name, after=after)
    return answer(request, page([_told(row, audience) for row in found.rows], found.next))


def _one(request: HttpRequest, groups: Any, pk: int) -> tuple[Any, dict[str, Any]]:
    """The row, if the person may know of it, and what is told of it; else Http404."""
    audience = audience_of(request.user)
    found = visible_groups(groups, audience).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found, _told(found, audience)


def _arranged(request: HttpRequest, groups: Any, pk: int) -> tuple[Any, dict[str, Any]]:
    found = _one(request, groups, pk)
    require_arranging(request, audience_of(request.user))
    return found


def _deleted(request: HttpRequest, groups: Any, pk: int) -> HttpResponse:
    row, told = _arranged(request, groups, pk)
    require_unchanged(request, told)
    group_services.delete([row])
    return nothing()


def _told(row: Any, audience: Audience) -> dict[str, Any]:
    # The counters tell of all models.
    is_counted = audience.sees_all and not audience.hides_sensitive
    told = {"id": row.pk, "name": row.name, "model_count": row.model_count if is_counted else None}
    if isinstance(row, Creator):
        told |= {"links": [link.address for link in shown_links(row.links)], "notes": row.notes}
    return told
