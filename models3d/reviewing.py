"""The review of duplicates as a page shows it: groups with pictures, what differs in them, and what may be done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from config.lib.keyset import BadCursor, decode_cursor, encode_cursor, row_after
from config.lib.template_tags import dimensions
from libraries.models import Library
from libraries.paths import display_path
from models3d import kinds
from models3d.audience import Audience
from models3d.cards import model_url, preview_url
from models3d.duplicates import Alikeness, Evidence, Group, GroupPage, Twin, groups_for
from models3d.models import Model3D, ModelFile, Preview
from models3d.previews import SMALL

# What a person can compare at a glance; of larger groups the rest follows once these are settled.
_SHOWN_TWINS: Final = 12
_GROUPS_PER_PAGE: Final = 12
_ASIDE_PER_PAGE: Final = 50

ALIKENESSES: Final[dict[Alikeness, str]] = {
    "same_file": "Same file",
    "same_shape": "Same shape",
    "looks_alike": "Looks alike",
}
_EVIDENCE_LABELS: Final = {
    Evidence.SAME_FILE: "Same file",
    Evidence.SAME_GEOMETRY: "Same geometry",
    Evidence.RESCALED: "Same shape, other size",
    Evidence.MIRRORED: "Mirror image",
    Evidence.LOOKS_ALIKE: "Looks alike",
}


@dataclass(frozen=True, slots=True)
class ShownTwin:
    """One file of a group: addresses, and (name, value, whether it differs within the group) of what is compared."""

    file: ModelFile
    label: str
    picture_url: str
    icon: str
    is_blurred: bool
    model_name: str
    model_url: str
    folder: str
    facts: list[tuple[str, str | int | None, bool]]
    tags: list[str]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """One group; `more_count` files beyond those shown."""

    number: int
    label: str
    twins: list[ShownTwin]
    more_count: int
    file_count: int
    model_count: int
    spare_bytes: int
    is_shared_part: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A page of groups; `next` is the cursor of the page after it, empty at the end."""

    groups: list[ShownGroup]
    next: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What keeping the files of one library would do to one group; nothing is put aside where `reason` says why."""

    kept: ModelFile | None
    leaving: list[ModelFile]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AsidePage:
    """Files that were put aside, the latest first."""

    files: list[ModelFile]
    next: str


def review_page(audience: Audience, alikeness: Alikeness, *, library_id: int | None, after: str) -> Review:
    """Groups of one kind with all that is shown of them; the first page for an `after` that cannot be read."""
    found = _groups(audience, alikeness, library_id=library_id, after=after)
    files = [twin.file for group in found.groups for twin in group.twins[:_SHOWN_TWINS]]
    pictured = _pictured({file.sha256 for file in files})
    tags = _tags({file.model_id for file in files if file.model_id})
    return Review([_shown(group, audience, pictured, tags) for group in found.groups], found.next)


def choices_in(library: Library, audience: Audience, *, library_id: int | None, after: str) -> list[Choice]:
    """For each group of equal files of a page: what becomes of it if the files in `library` stay and the others go."""
    found = _groups(audience, "same_file", library_id=library_id, after=after)
    return [_choice(group, library) for group in found.groups]


def aside_page(audience: Audience, *, after: str) -> AsidePage:
    """Files that were put aside in libraries of the audience; the first page for an `after` that cannot be read."""
    files: Any = ModelFile.objects.filter(
        put_aside_at__isnull=False, archive=None, library__in=[library.pk for library in audience.libraries]
    )
    if audience.hides_sensitive:
        files = files.exclude(model__is_sensitive=True)
    if after:
        try:
            moment, number = decode_cursor(after, types=[str, int])
            last_seen = [datetime.fromisoformat(moment), number]
            files = files.filter(row_after(["put_aside_at", "id"], last_seen, descending=True))
        except (BadCursor, ValueError):
            after = ""
    rows = list(
        files.select_related("model", "library")
        .defer("model__search_vector")
        .order_by("-put_aside_at", "-id")[: _ASIDE_PER_PAGE + 1]
    )
    last = rows[_ASIDE_PER_PAGE - 1] if len(rows) > _ASIDE_PER_PAGE else None
    return AsidePage(
        rows[:_ASIDE_PER_PAGE], encode_cursor([last.put_aside_at.isoformat(), last.pk]) if last else ""
    )


def _groups(audience: Audience, alikeness: Alikeness, *, library_id: int | None, after: str) -> GroupPage:
    try:
        return groups_for(audience, alikeness, library_id=library_id, after=after, limit=_GROUPS_PER_PAGE)
    except BadCursor:
        return groups_for(audience, alikeness, library_id=library_id, limit=_GROUPS_PER_PAGE)


def _pictured(contents: Collection[str]) -> set[str]:
    made = Preview.objects.filter(sha256__in=contents, form=Preview.Form.PICTURE)
    return set(made.values_list("sha256", flat=True))


def _tags(model_ids: Collection[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    links = Model3D.tags.through.objects.filter(model3d__in=model_ids).order_by("tag__name")
    for model_id, name in links.values_list("model3d", "tag__name"):
        tags.setdefault(model_id, []).append(name)
    return tags


def _shown(group: Group, audience: Audience, pictured: set[str], tags: dict[int, list[str]]) -> ShownGroup:
    twins = group.twins[:_SHOWN_TWINS]
    return ShownGroup(
        number=twins[0].file.pk,
        label=_EVIDENCE_LABELS[group.evidence],
        twins=[_shown_twin(twin, group, audience, pictured, tags) for twin in twins],
        more_count=group.file_count - len(twins),
        file_count=group.file_count,
        model_count=group.model_count,
        spare_bytes=group.spare_bytes,
        is_shared_part=group.is_shared_part,
    )


def _shown_twin(
    twin: Twin, group: Group, audience: Audience, pictured: set[str], tags: dict[int, list[str]]
) -> ShownTwin:
    file, model = twin.file, twin.file.model
    return ShownTwin(
        file=file,
        label=_label(twin, group),
        picture_url=preview_url(file.sha256, SMALL) if file.sha256 in pictured else "",
        icon=kinds.kind_of(file.relative_path).icon,
        is_blurred=bool(model and model.is_sensitive and audience.blurs_sensitive),
        model_name=model.name if model else "",
        model_url=f"{model_url(model.pk, model.name)}?file={file.pk}" if model else "",
        folder=display_path(file.relative_path.rpartition("/")[0]),
        facts=[
            ("Format", file.format_label, "format" in group.differs),
            ("Bytes", f"{file.size_bytes:,}", "size on disk" in group.differs),
            ("Triangles", _number(file.triangle_count), "triangles" in group.differs),
            (
                f"Size, {audience.user.units}",
                dimensions(file.size_x_mm, file.size_y_mm, file.size_z_mm, audience.user.units),
                "dimensions" in group.differs,
            ),
            ("Library", file.library.name, "library" in group.differs),
        ],
        tags=tags.get(file.model_id or 0, []),
    )


def _label(twin: Twin, group: Group) -> str:
    """How a file compares with the first of its group; empty for that one, and where all are equal."""
    if twin is group.twins[0] or group.evidence is Evidence.SAME_FILE:
        return ""
    label = _EVIDENCE_LABELS[twin.evidence]
    return f"{label} × {twin.factor:.3g}" if twin.factor != 1.0 else label


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _choice(group: Group, library: Library) -> Choice:
    files = [twin.file for twin in group.twins]
    here = [file for file in files if file.library_id == library.pk]
    if not here:
        return Choice(files[0], [], f"No copy lies in {library.name}.")
    leaving = [file for file in files if file.library_id != library.pk]
    if not leaving:
        return Choice(here[0], [], f"Every copy lies in {library.name}.")
    if group.is_shared_part:
        return Choice(here[0], [], f"Used by {group.model_count:,} models, each for itself.")
    return Choice(here[0], leaving)
