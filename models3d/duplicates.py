"""Duplicates: groups of files with the same content, the same shape or a like one, and what people said about them."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any, Final, Literal

from django.db import connection

from config.lib.keyset import decode_cursor, encode_cursor
from models3d.audience import Audience
from models3d.models import ModelFile
from models3d.shape_models import NotDuplicate
from models3d.shapes import is_mirrored, is_same_scale

Alikeness = Literal["same_file", "same_shape", "looks_alike"]
# Of larger groups the first files are given, and their number.
MOST_MEMBERS: Final = 50


class Evidence(StrEnum):
    """Why two files are thought to be duplicates, the surest first."""

    SAME_FILE = "same file"
    SAME_GEOMETRY = "same geometry"
    RESCALED = "rescaled"
    MIRRORED = "mirrored"
    LOOKS_ALIKE = "looks alike"


@dataclass(frozen=True, slots=True)
class Twin:
    """A file of a group and how it compares with the group's first file; `factor`: how many times as large it is."""

    file: ModelFile
    evidence: Evidence
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """Files that may be duplicates of one another, the one that was there first in front.

    `evidence` is the weakest among them, `differs` names what is not the same in all: format, size on disk, triangles,
    dimensions, watertight, name, library. A shared part lies in several models that have other files too: each needs
    its own, so nothing of it is ever suggested for deletion. `spare_bytes` is what further copies of the same content
    take outside of archives; 0 for shared parts.
    """

    evidence: Evidence
    twins: list[Twin]
    file_count: int
    model_count: int
    differs: tuple[str, ...]
    is_shared_part: bool
    spare_bytes: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One page of groups; `next` is the cursor of the page after it, empty at the end."""

    groups: list[Group]
    next: str


@dataclass(frozen=True, slots=True)
class _Grouping:
    """SQL: files with equal `keys` make a group if they are of different `unit`s, two of which nobody told apart."""

    keys: tuple[str, ...]
    types: tuple[type, ...]
    unit: str
    condition: str


_GROUPINGS: Final[dict[Alikeness, _Grouping]] = {
    # The largest first: that is where copies cost most.
    "same_file": _Grouping(
        ("file.size_bytes", "file.sha256"),
        (int, str),
        "file.id::text",
        "file.sha256 <> '' AND file.size_bytes > 0 AND NOT EXISTS (SELECT FROM models3d_notduplicate said"
        " WHERE said.first_sha256 = file.sha256 AND said.second_sha256 = file.sha256)",
    ),
    "same_shape": _Grouping(("shape.family_id",), (int,), "file.sha256", "shape.id IS NOT NULL"),
    "looks_alike": _Grouping(("shape.likeness_id",), (int,), "shape.family_id::text", "shape.id IS NOT NULL"),
}
_GROUPS: Final = """
SELECT found.* FROM (
  SELECT {keys}, count(*), count(DISTINCT file.model_id), (array_agg(file.id ORDER BY file.id))[1:%(most)s],
    array_agg(file.sha256) AS contents, array_agg({unit}) AS units
  FROM models3d_modelfile file LEFT JOIN models3d_shape shape ON shape.id = file.shape_id
  WHERE {condition} AND {further} AND file.library_id = ANY(%(libraries)s) AND file.missing_since IS NULL
    AND file.put_aside_at IS NULL
    AND (NOT %(hides_sensitive)s OR NOT EXISTS (
      SELECT FROM models3d_model3d model WHERE model.id = file.model_id AND model.is_sensitive))
  GROUP BY {keys} HAVING count(DISTINCT {unit}) > 1
    AND (%(within)s::bigint IS NULL OR bool_or(file.library_id = %(within)s)) ORDER BY {order}) AS found
WHERE EXISTS (
  SELECT FROM (SELECT DISTINCT * FROM unnest(contents, units)) AS one(sha256, unit)
  JOIN (SELECT DISTINCT * FROM unnest(contents, units)) AS other(sha256, unit)
    ON one.sha256 <= other.sha256 AND one.unit <> other.unit
  WHERE NOT EXISTS (
    SELECT FROM models3d_notduplicate said
    WHERE said.first_sha256 = one.sha256 AND said.second_sha256 = other.sha256))
LIMIT %(limit)s
"""
# Models with equal signatures hold equal files. What is not hashed yet may be anything.
_HOLDINGS: Final = """
SELECT model_id, count(*), CASE WHEN bool_and(sha256 <> '')
  THEN md5(string_agg(sha256, '' ORDER BY sha256)) ELSE model_id::text END
FROM models3d_modelfile
WHERE model_id = ANY(%(models)s) AND missing_since IS NULL AND put_aside_at IS NULL GROUP BY model_id
"""


def groups_for(
    audience: Audience,
    alikeness: Alikeness,
    *,
    library_id: int | None = None,
    after: str = "",
    limit: int = 24,
) -> GroupPage:
    """Groups of files that the audience may see, those left out that somebody said are no duplicates or put aside.

    `same_file`: equal content, the largest files first. `same_shape`: different contents of the same geometry, perhaps
    of another size or mirrored. `looks_alike`: different shapes of about one size, for a person to judge; thinned
    and repaired copies are among them, and so are variants. Both begin with what was found last. With `library_id` only
    groups of which a file lies in that library. Raises config.lib.keyset.BadCursor for an `after` that no page gave.
    """
    grouping = _GROUPINGS[alikeness]
    values: dict[str, Any] = {
        "libraries": [library.pk for library in audience.libraries],
        "hides_sensitive": audience.hides_sensitive,
        "within": library_id,
        "most": MOST_MEMBERS,
        "limit": limit + 1,
    }
    further = "true"
    if after:
        values |= {
            f"after{place}": value for place, value in enumerate(decode_cursor(after, types=grouping.types))
        }
        marks = ", ".join(f"%(after{place})s" for place in range(len(grouping.keys)))
        further = f"({', '.join(grouping.keys)}) < ({marks})"
    statement = _GROUPS.format(
        keys=", ".join(grouping.keys),
        order=", ".join(f"{key} DESC" for key in grouping.keys),
        unit=grouping.unit,
        condition=grouping.condition,
        further=further,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    width = len(grouping.keys)
    shown = [row[width : width + 3] for row in rows[:limit]]
    next_cursor = encode_cursor(rows[limit - 1][:width]) if len(rows) > limit else ""
    return GroupPage(_groups(shown, alikeness), next_cursor)


def are_shared_parts(files: Collection[ModelFile]) -> bool:
    """Whether several models need these files each for itself, as kits need their screws."""
    return _is_shared_part(files, _holdings({file.model_id for file in files if file.model_id}))


def say_not_duplicates(files: Iterable[ModelFile], *, said_by: Any) -> int:
    """Keep that none of these files is a duplicate of another, wherever they are moved; return how many pairs are new.

    Files of one content are told apart by that content: its copies are then no longer shown as copies. Files of one
    shape family are left together where the files are of several.
    """
    known = {(file.sha256, _family(file)) for file in files if file.sha256}
    families = {family for _, family in known}
    pairs = {
        (min(one, other), max(one, other))
        for (one, family), (other, other_family) in combinations(sorted(known), 2)
        if len(families) == 1 or family != other_family
    }
    if len(known) == 1:
        pairs = {(sha256, sha256) for sha256, _ in known}
    before = NotDuplicate.objects.count()
    NotDuplicate.objects.bulk_create(
        [
            NotDuplicate(first_sha256=one, second_sha256=other, said_by=said_by)
            for one, other in sorted(pairs)
        ],
        ignore_conflicts=True,
    )
    return NotDuplicate.objects.count() - before


def take_back(files: Iterable[ModelFile]) -> int:
    """Forget what was said about any two of these files; return how many pairs that were."""
    contents = {file.sha256 for file in files}
    pairs = NotDuplicate.objects.filter(first_sha256__in=contents, second_sha256__in=contents)
    return pairs.delete()[0]


def _family(file: ModelFile) -> int | None:
    return file.shape.family_id if file.shape else None


def _groups(rows: list[tuple[int, int, list[int]]], alikeness: Alikeness) -> list[Group]:
    found = ModelFile.objects.select_related("model", "library", "shape").defer("model__search_vector")
    files = found.in_bulk([number for _, _, numbers in rows for number in numbers])
    holdings = _holdings({file.model_id for file in files.values() if file.model_id})
    told_apart = _told_apart({file.sha256 for file in files.values()})
    groups = []
    for file_count, model_count, numbers in rows:
        members = [files[number] for number in numbers if number in files]
        related = _related(members, alikeness, told_apart)
        if len(related) > 1:
            left_out = len(members) - len(related)
            groups.append(_group(related, file_count - left_out, model_count, holdings))
    return groups


def _told_apart(contents: Collection[str]) -> set[tuple[str, str]]:
    said = NotDuplicate.objects.filter(first_sha256__in=contents, second_sha256__in=contents)
    return set(said.values_list("first_sha256", "second_sha256"))


def _related(
    files: list[ModelFile], alikeness: Alikeness, told_apart: set[tuple[str, str]]
) -> list[ModelFile]:
    """The files without those that were told apart from all others."""
    if alikeness == "same_file" or not told_apart:
        return files
    units = {file.pk: file.sha256 if alikeness == "same_shape" else _family(file) for file in files}
    return [
        file
        for file in files
        if any(
            units[file.pk] != units[other.pk]
            and (min(file.sha256, other.sha256), max(file.sha256, other.sha256)) not in told_apart
            for other in files
        )
    ]


def _group(
    files: list[ModelFile], file_count: int, model_count: int, holdings: dict[int, tuple[int, str]]
) -> Group:
    twins = [_twin(files[0], file) for file in files]
    is_shared_part = _is_shared_part(files, holdings)
    copies = Counter(file.sha256 for file in files if file.archive_id is None)
    sizes = {file.sha256: file.size_bytes for file in files}
    spare_bytes = sum(sizes[sha256] * (count - 1) for sha256, count in copies.items())
    ranks = list(Evidence)
    return Group(
        evidence=max((twin.evidence for twin in twins[1:]), key=ranks.index),
        twins=twins,
        file_count=file_count,
        model_count=model_count,
        differs=_differences(files),
        is_shared_part=is_shared_part,
        spare_bytes=0 if is_shared_part else spare_bytes,
    )


def _twin(first: ModelFile, file: ModelFile) -> Twin:
    if file.sha256 == first.sha256 or first.shape is None or file.shape is None:
        return Twin(file, Evidence.SAME_FILE)
    if file.shape_id == first.shape_id:
        return Twin(file, Evidence.SAME_GEOMETRY)
    scales = first.shape.scale_mm, file.shape.scale_mm
    factor = 1.0 if is_same_scale(*scales) else scales[1] / scales[0]
    if file.shape.family_id != first.shape.family_id:
        return Twin(file, Evidence.LOOKS_ALIKE, factor)
    if is_mirrored(first.shape.chirality, file.shape.chirality):
        return Twin(file, Evidence.MIRRORED, factor)
    return Twin(file, Evidence.RESCALED, factor)


def _differences(files: list[ModelFile]) -> tuple[str, ...]:
    sizes = [sorted(value or 0 for value in (f.size_x_mm, f.size_y_mm, f.size_z_mm)) for f in files]
    values: dict[str, list[Any]] = {
        "format": [file.extension for file in files],
        "size on disk": [file.size_bytes for file in files],
        "triangles": [file.triangle_count for file in files],
        # To a hundredth of a millimeter, whichever way up.
        "dimensions": [tuple(round(value, 2) for value in size) for size in sizes],
        "watertight": [file.is_watertight for file in files],
        "name": [file.relative_path.rpartition("/")[2].rpartition(".")[0] for file in files],
        "library": [file.library_id for file in files],
    }
    return tuple(name for name, column in values.items() if len(set(column)) > 1)


def _is_shared_part(files: Collection[ModelFile], holdings: dict[int, tuple[int, str]]) -> bool:
    """Whether models need these files each for itself; whole copies of a model count as one."""
    here = Counter(file.model_id for file in files if file.model_id)
    kinds = {holdings[model_id][1] for model_id in here}
    return len(kinds) > 1 and any(holdings[model_id][0] > count for model_id, count in here.items())


def _holdings(model_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """How many files each model holds, and a signature of their contents."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDINGS, {"models": sorted(model_ids)})
        return {model_id: (count, signature) for model_id, count, signature in cursor.fetchall()}
