"""Models as JSON: flat rows continued by cursor, one model, changing it, and all of its files as one ZIP."""

from typing import Annotated, Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router

from collections_app.models import Tag
from collections_app.tree import BETWEEN, trails
from config.lib.answers import API_ROOT, Refusal, answer, needs, page, require_unchanged
from config.lib.api_types import After, Limit, PathId
from models3d import marks, services
from models3d.audience import audience_of
from models3d.filters import LONGEST_QUERY, BrowseFilters
from models3d.licenses import canonical
from models3d.links import shown_links
from models3d.models import Mark, Model3D
from models3d.permissions import get_editable_model, get_visible_model
from models3d.prints.asking import unknown_printers
from models3d.schemas import Marks, ModelChange, ModelOut, ModelPage
from models3d.sorting import slice_of
from models3d.zipping import TooManyFiles, zip_plan, zip_response

router = Router(tags=["Models"])
ROW_FIELDS: Final = (
    "library_id", "name", "relative_path", "creator__name", "license", "added_at", "file_count", "total_bytes",
    "formats", "size_x_mm", "size_y_mm", "size_z_mm", "is_watertight",
)  # fmt: skip
# The names of ROW_FIELDS in answers, where they are the same.
_PLAIN: Final = tuple(name for name in ROW_FIELDS if name != "creator__name")
_Many = Annotated[list[str], Query([], description="May be given several times.")]


@router.get("models", response=ModelPage, operation_id="list_models", **needs("read"))
def list_models(
    request: HttpRequest,
    limit: Limit,
    after: After,
    q: Annotated[
        str, Query("", description=f"A search, as typed into the page; at most {LONGEST_QUERY} characters.")
    ],
    sort: Annotated[str, Query("", description="newest, name, largest, bytes or relevance.")],
    favourite: Annotated[str, Query("", description="“yes”: only those that you marked.")],
    fits: Annotated[str, Query("", description="“mine”: only what fits your default printer.")],
    library: _Many,
    collection: _Many,
    type: _Many,
    tag: _Many,
    creator: _Many,
) -> HttpResponse:
    """Models that fit a search and choices, by the rules of the library page: numbers of libraries, tags and so on."""
    filters = BrowseFilters.from_query(request.GET)
    if filters.errors:
        raise Refusal(400, " ".join(filters.errors))
    if filters.complaints:
        raise _unread_search(filters)
    if unknown := unknown_printers(filters.search.tree, user=request.user):
        raise Refusal(400, " ".join(unknown))
    found = slice_of(
        filters.apply(audience_of(request.user).models, user=request.user),
        sort=filters.effective_sort,
        words=filters.search.tree,
        fields=ROW_FIELDS,
        after=after,
        limit=limit,
    )
    return answer(request, page([model_row(row) for row in found.rows], found.next))


@router.get("models/{int:pk}", response=ModelOut, operation_id="get_model", **needs("read"))
def get_model(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One model."""
    return answer(request, _told(request, get_visible_model(request, pk)))


@router.patch("models/{int:pk}", response=ModelOut, operation_id="change_model", **needs("edit"))
def change_model(request: HttpRequest, pk: PathId, body: ModelChange) -> HttpResponse:
    """Change what people say of a model: name, creator, licence, tags, collections, links, notes, sensitive or not."""
    get_editable_model(request, pk)
    given = body.model_dump(exclude_none=True)
    if any(BETWEEN in f" {name} " for place in given.get("collections", []) for name in place):
        raise Refusal(422, "The name of a collection cannot hold “ / ”.")
    if len(shown_links(given.get("links"))) != len(given.get("links", [])):
        raise Refusal(422, "One of the links is no address of the web.")
    with transaction.atomic():
        # Tags before models, as everywhere; what is read below then stays as it is until the change is done.
        Tag.objects.lock([tag.pk for tag in Tag.objects.known(services.tag_names(given.get("tags", [])))])
        Model3D.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        require_unchanged(request, _told(request, get_visible_model(request, pk)))
        _change(pk, given)
    return answer(request, _told(request, get_visible_model(request, pk)))


@router.put("models/{int:pk}/marks", response=ModelOut, operation_id="mark_model", **needs("read"))
def mark_model(request: HttpRequest, pk: PathId, body: Marks) -> HttpResponse:
    """Make a model one of your favourites, or give it stars. Whoever sees a model may."""
    model = get_visible_model(request, pk)
    if body.is_favorite is not None:
        marks.set_favorite(model, user=request.user, is_favorite=body.is_favorite)
    if "rating" in body.model_fields_set:
        marks.set_rating(model, user=request.user, rating=body.rating)
    return answer(request, _told(request, model))


@router.get("models/{int:pk}/zip", operation_id="download_model", **needs("files"))
def download_model(request: HttpRequest, pk: PathId) -> HttpResponseBase:
    """All files of a model as one ZIP, made while it is sent."""
    try:
        plan = zip_plan([get_visible_model(request, pk)])
    except TooManyFiles as error:
        raise Refusal(422, str(error)) from error
    if not plan.contents:
        raise Refusal(404, "None of the files can be read now. Is the disk of the library there?")
    return zip_response(request, plan)


def model_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of ROW_FIELDS and its number, under the names of the interface."""
    return {"id": row["id"], "creator": row["creator__name"], **{name: row[name] for name in _PLAIN}}


def _change(pk: int, given: dict[str, Any]) -> None:
    if "tags" in given:
        services.set_tags(pk, given["tags"])
    if "creator" in given:
        services.set_creator(pk, given["creator"])
    if "collections" in given:
        before = Model3D.collections.through.objects.filter(model3d=pk)
        places = [tuple(place) for place in given["collections"]]
        services.set_collections(pk, places, before=list(before.values_list("collection", flat=True)))
    if "license" in given:
        given["license"] = canonical(given["license"])
    services.edit_model(
        pk,
        **{
            name: given[name]
            for name in ("name", "notes", "license", "links", "is_sensitive")
            if name in given
        },
    )


def _told(request: HttpRequest, model: Model3D) -> dict[str, Any]:
    mark = Mark.objects.filter(user=request.user.pk, model=model).first()
    ways = trails(list(model.collections.values_list("pk", flat=True)))
    return {
        "id": model.pk,
        "creator": model.creator.name if model.creator else None,
        **{name: getattr(model, name) for name in _PLAIN},
        "creator_id": model.creator_id,
        "tags": list(model.tags.values_list("name", flat=True)),
        "collections": [{"id": pk, "path": [one.name for one in way]} for pk, way in sorted(ways.items())],
        "links": [link.address for link in shown_links(model.links)],
        "notes": model.notes,
        "is_sensitive": model.is_sensitive,
        "is_favorite": bool(mark and mark.is_favorite),
        "rating": mark.rating if mark else None,
        "custom_fields": model.custom_fields,
        "updated_at": model.updated_at,
        "missing_since": model.missing_since,
        "picture": f"{API_ROOT}/models/{model.pk}/picture" if model.cover_sha256 else None,
        "page": model.get_absolute_url(),
    }


def _unread_search(filters: BrowseFilters) -> Refusal:
    """Each fault of the search with its place: a program that asks for something gets that or nothing."""
    faults = [
        {"position": fault.position, "length": fault.length, "detail": fault.sentence}
        for fault in filters.complaints
    ]
    return Refusal(400, " ".join(fault.sentence for fault in filters.complaints), errors=faults)
