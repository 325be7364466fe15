"""What programs read and send about models, their files, and how people group them."""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from config.lib.api_types import Body, Moment, Name, RowId, ShortText, Text
from models3d.bulk_models import BulkEdit
from models3d.models import ModelFile

_Notes = Annotated[Text, StringConstraints(max_length=100_000)]
_TagName = Annotated[
    Text, StringConstraints(min_length=1, max_length=100, strip_whitespace=True, pattern="^[^,]*$")
]
_Links = Annotated[
    list[Annotated[Text, StringConstraints(max_length=2_000, pattern=r"^https?://\S+$")]],
    Field(max_length=50),
]
# A collection by the names from the outermost inwards.
_Place = Annotated[list[Name], Field(min_length=1, max_length=20)]


class ModelRow(Schema):
    """A model in a list."""

    id: int
    library_id: int
    name: str
    relative_path: str
    creator: str | None
    license: str
    added_at: Moment
    file_count: int
    total_bytes: int
    formats: list[str]
    size_x_mm: float | None
    size_y_mm: float | None
    size_z_mm: float | None
    is_watertight: bool | None


class ModelPage(Schema):
    items: list[ModelRow]
    next: str | None


class CollectionName(Schema):
    id: int
    path: list[str]


class ModelOut(ModelRow):
    """A model with all that people said of it. `is_favorite` and `rating` are your own."""

    creator_id: int | None
    tags: list[str]
    collections: list[CollectionName]
    links: list[str]
    notes: str
    is_sensitive: bool
    is_favorite: bool
    rating: int | None
    custom_fields: dict[str, Any]
    updated_at: Moment
    missing_since: Moment | None
    picture: str | None
    page: str


class ModelChange(Body):
    """What is to change; the rest stays. `tags`, `collections` and `links` are set as a whole."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)] | None = (
        None
    )
    creator: ShortText | None = Field(None, description="Made if there is none; empty takes it away.")
    license: Annotated[Text, StringConstraints(max_length=100)] | None = None
    tags: Annotated[list[_TagName], Field(max_length=100)] | None = None
    collections: Annotated[list[_Place], Field(max_length=100)] | None = None
    links: _Links | None = None
    notes: _Notes | None = None
    is_sensitive: bool | None = None


class Marks(Body):
    """What you yourself think of a model; what is left out stays, and a `rating` of null takes the stars away."""

    is_favorite: bool | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None


class FileRow(Schema):
    """A file in a list; `picture` is the address of its picture, if there is one."""

    id: int
    model_id: int | None
    library_id: int
    relative_path: str
    kind: str
    role: str
    size_bytes: int
    sha256: str
    missing_since: Moment | None
    analysis_state: ModelFile.State
    triangle_count: int | None
    size_x_mm: float | None
    size_y_mm: float | None
    size_z_mm: float | None
    is_watertight: bool | None


class FilePage(Schema):
    items: list[FileRow]
    next: str | None


class FileOut(FileRow):
    """A file with every fact that is known of it; lengths in mm, times in seconds."""

    caption: str
    notes: str
    first_seen_at: Moment
    analysis_error: str
    vertex_count: int | None
    volume_mm3: float | None
    area_mm2: float | None
    body_count: int | None
    hole_count: int | None
    boundary_edge_count: int | None
    nonmanifold_edge_count: int | None
    warnings: list[str]
    slicer: str
    printer_name: str
    material: str
    layer_height_mm: float | None
    print_seconds: int | None
    filament_grams: float | None
    resin_ml: float | None
    width_px: int | None
    height_px: int | None
    content: str
    pictures: list[str]


class CollectionRow(Schema):
    """A collection; `model_count` counts those anywhere inside, "1,000+" where counting on would take long."""

    id: int
    name: str
    model_count: str
    inner_count: int
    picture: str | None


class CollectionPage(Schema):
    items: list[CollectionRow]
    next: str | None


class CollectionOut(Schema):
    id: int
    name: str
    inside: list[str]
    description: str
    collections: list[CollectionRow]


class CollectionChange(Body):
    """`inside` names the collection it stands in, from the outermost inwards; [] is the outermost place."""

    name: Name | None = None
    inside: Annotated[list[Name], Field(max_length=20)] | None = None
    description: Annotated[Text, StringConstraints(max_length=10_000)] | None = None


class NewCollection(CollectionChange):
    name: Name


class TagOut(Schema):
    """`model_count` is told to those from whom no library is hidden."""

    id: int
    name: str
    model_count: int | None


class TagPage(Schema):
    items: list[TagOut]
    next: str | None


class TagChange(Body):
    name: _TagName


class CreatorOut(TagOut):
    links: list[str]
    notes: str


class CreatorPage(Schema):
    items: list[CreatorOut]
    next: str | None


class CreatorChange(Body):
    name: Name | None = None
    links: _Links | None = None
    notes: _Notes | None = None


class SearchOut(Schema):
    """A saved search of yours; `query` is what stands behind `?` at the list of models."""

    id: int
    name: str
    query: str
    created_at: Moment


class SearchPage(Schema):
    items: list[SearchOut]
    next: str | None


class NewSearch(Body):
    name: Name
    query: Annotated[Text, StringConstraints(max_length=2_000)]


class SearchChange(Body):
    name: Name


class Suggested(Schema):
    fill: str
    text: str
    about: str


class Suggestions(Schema):
    items: list[Suggested]


class Near(Schema):
    """`distance` 0 is the same shape; beyond 0.04 nothing is called alike."""

    distance: float
    file_id: int
    model: ModelRow


class NearModels(Schema):
    items: list[Near]


class TwinOut(Schema):
    file_id: int
    model_id: int | None
    relative_path: str
    size_bytes: int
    evidence: str
    factor: float


class DuplicateGroup(Schema):
    """Files that may be duplicates. Those of a shared part are all needed, each by its own model."""

    evidence: str
    file_count: int
    model_count: int
    differs: list[str]
    is_shared_part: bool
    spare_bytes: int
    files: list[TwinOut]


class DuplicatePage(Schema):
    items: list[DuplicateGroup]
    next: str | None


Alike = Literal["same_file", "same_shape", "looks_alike"]


class NotDuplicates(Body):
    files: Annotated[list[RowId], Field(min_length=2, max_length=50)]


class JobOut(Schema):
    """An edit of many models, on its way in the background or done."""

    id: int
    title: str
    action: BulkEdit.Action
    state: BulkEdit.State
    total_count: int | None
    done_count: int
    changed_count: int
    error: str
    requested_at: Moment
    finished_at: Moment | None
    undone_at: Moment | None


class JobPage(Schema):
    items: list[JobOut]
    next: str | None
