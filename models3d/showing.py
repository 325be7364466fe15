"""What the page of one model shows: its files by pages, the file in the viewer, where it stands among its parents."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import MD5
from django.urls import reverse

from collections_app.tree import Place, trails
from config.lib.keyset import BadCursor, decode_cursor, encode_cursor, row_after
from config.lib.template_tags import display_path
from libraries.paths import archive_and_member
from models3d import kinds
from models3d.beds import Bed, Fit, fit_of
from models3d.cards import preview_url
from models3d.cover_order import best_mesh_first
from models3d.findings import FACT_NAMES, FileFacts, findings_of
from models3d.models import Model3D, ModelFile, Preview
from models3d.previews import LIGHT_MESH, PICTURE, SMALL

FILES_PER_PAGE: Final = 100
_THUMBNAILS: Final = 24
_PROBLEM_FILES: Final = 20


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as the page shows it: the row with the addresses of what was made of it (empty where nothing was).

    `archive` is the name of the archive that it lies in, or empty; `folder` is then the folder in there.
    """

    row: ModelFile
    name: str
    archive: str
    folder: str
    icon: str
    small_url: str
    picture_url: str
    light_mesh_url: str
    show_url: str
    download_url: str
    fit: Fit | None


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of a model's files in the order of their paths; `next_query` is empty at the end."""

    files: list[ShownFile]
    next_query: str


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One file and what is wrong with it; severity is info, warning or error."""

    file_name: str
    severity: str
    sentence: str


def file_page(model: Model3D, *, after: str, bed: Bed | None = None) -> FilePage:
    """The files that follow cursor `after`; the first ones where it cannot be read. Each says how it fits on `bed`."""
    files = _with_previews(model).order_by("relative_path", "id")
    if after:
        try:
            files = files.filter(
                row_after(["relative_path", "id"], decode_cursor(after, types=[str, int]), descending=False)
            )
        except BadCursor:
            after = ""
    rows = list(files[: FILES_PER_PAGE + 1])
    last = rows[FILES_PER_PAGE - 1] if len(rows) > FILES_PER_PAGE else None
    next_query = f"?files_after={encode_cursor([last.relative_path, last.pk])}" if last else ""
    return FilePage([_shown(model, row, bed) for row in rows[:FILES_PER_PAGE]], next_query)


def file_in_viewer(model: Model3D, *, asked: str, bed: Bed | None = None) -> ShownFile | None:
    """The file that was asked for by number; else the one to turn first: the cover's mesh, the best, a picture."""
    files = _with_previews(model)
    chosen = (
        files.filter(pk=int(asked)).first()
        if asked.isascii() and asked.isdigit() and len(asked) < 19
        else None
    )
    if chosen is None:
        is_cover = Case(When(sha256=model.cover_sha256, then=Value(0)), default=Value(1))
        chosen = (
            files.filter(Q(has_light_mesh=True) | Q(has_picture=True))
            .order_by("-has_light_mesh", is_cover, *best_mesh_first())
            .first()
        )
    return _shown(model, chosen, bed) if chosen else None


def thumbnails(model: Model3D) -> list[ShownFile]:
    """Files with a picture, meshes first, for the strip below the viewer; none where there is no choice."""
    files = _with_previews(model).filter(has_picture=True, missing_since=None)
    rows = list(files.order_by("-has_light_mesh", "relative_path", "id")[:_THUMBNAILS])
    return [_shown(model, row) for row in rows] if len(rows) > 1 else []


def problems(model: Model3D) -> list[FileProblem]:
    """What is wrong with the files of a model, in sentences; of the first files that have anything wrong."""
    wrong = (
        Q(missing_since__isnull=False, binned_at=None, archive=None)
        | Q(size_bytes=0)
        | ~Q(listing_error_code="")
        | Q(analysis_state=ModelFile.State.FAILED)
        | Q(triangle_count=0)
        | Q(is_watertight=False)
        | Q(nonmanifold_edge_count__gt=0)
        | Q(inverted_body_count__gt=0)
        | ~Q(suspected_unit="")
        | Q(bed_contact_mm2__lt=1)
    )
    files = ModelFile.objects.filter(wrong, model=model, binned_at=None).order_by("relative_path", "id")
    found = []
    for row in files.values("relative_path", *FACT_NAMES)[:_PROBLEM_FILES]:
        name = display_path(row.pop("relative_path").rpartition("/")[2])
        found += [FileProblem(name, one.severity, one.sentence) for one in findings_of(FileFacts(**row))]
    return found


def places(model: Model3D) -> list[list[Place]]:
    """For each collection of the model the way to it from the outermost one."""
    ways = trails(list(model.collections.order_by().values_list("pk", flat=True)))
    return sorted(ways.values(), key=lambda way: [place.name.lower() for place in way])


def parents(model: Model3D) -> list[Model3D]:
    """The models in whose folders this one lies, outermost first."""
    parts = model.relative_path.split("/")[:-1]
    folders = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    if not folders:
        return []
    # By digest, as the index on paths has it.
    found = Model3D.objects.filter(library=model.library_id).annotate(digest=MD5("relative_path"))
    found = found.filter(digest__in=[MD5(Value(folder)) for folder in folders]).only("name", "relative_path")
    return sorted(found, key=lambda parent: len(parent.relative_path))


def _with_previews(model: Model3D) -> Any:
    # Any: the annotations are columns that the plugin of mypy does not see across functions.
    made = Preview.objects.filter(sha256=OuterRef("sha256"))
    return ModelFile.objects.filter(model=model, binned_at=None).annotate(
        has_picture=Exists(made.filter(form=Preview.Form.PICTURE)),
        has_light_mesh=Exists(made.filter(form=Preview.Form.LIGHT_MESH)),
    )


def _shown(model: Model3D, row: Any, bed: Bed | None = None) -> ShownFile:
    archive, folder = _whereabouts(model, row.relative_path)
    size = (row.size_x_mm, row.size_y_mm, row.size_z_mm)
    return ShownFile(
        row=row,
        name=display_path(row.relative_path.rpartition("/")[2]),
        archive=display_path(archive),
        folder=display_path(folder),
        icon=kinds.kind_of(row.relative_path).icon,
        small_url=preview_url(row.sha256, SMALL) if row.has_picture else "",
        picture_url=preview_url(row.sha256, PICTURE) if row.has_picture else "",
        light_mesh_url=preview_url(row.sha256, LIGHT_MESH) if row.has_light_mesh else "",
        show_url=f"?file={row.pk}",
        download_url=reverse("models3d:download", args=[row.pk]),
        fit=fit_of(size, bed) if bed and None not in size else None,
    )


def _whereabouts(model: Model3D, path: str) -> tuple[str, str]:
    """The archive's name, or nothing, and the folder in it or else in the model."""
    if inside := archive_and_member(path):
        archive, member = inside
        return archive.rpartition("/")[2], member.rpartition("/")[0]
    return "", path.rpartition("/")[0].removeprefix(model.relative_path).strip("/")
