"""Putting copies aside: one file stays, the others leave the shelf; nothing is moved or deleted, and all can be taken back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from models3d import derived
from models3d.curation import settle_words_and_counts
from models3d.duplicates import are_shared_parts
from models3d.merging import unite_words
from models3d.models import Model3D, ModelFile

_BATCH: Final = 500

# Files of archives go with their archive. Who stood aside for one of these now stands aside for what stays.
_PUT_ASIDE: Final = """
UPDATE models3d_modelfile SET put_aside_at = %(now)s, put_aside_for = %(kept)s
WHERE (id = ANY(%(files)s) OR archive_id = ANY(%(files)s)) AND put_aside_at IS NULL
"""
_FOLLOW: Final = """
UPDATE models3d_modelfile SET put_aside_for = %(kept)s
WHERE put_aside_at IS NOT NULL AND put_aside_for = ANY(%(contents)s)
  AND NOT EXISTS (
    SELECT FROM models3d_modelfile other WHERE other.sha256 = models3d_modelfile.put_aside_for
      AND other.sha256 <> '' AND other.put_aside_at IS NULL AND other.missing_since IS NULL)
"""
_BRING_BACK: Final = """
UPDATE models3d_modelfile SET put_aside_at = NULL, put_aside_for = ''
WHERE (id = ANY(%(files)s) OR archive_id = ANY(%(files)s)) AND put_aside_at IS NOT NULL
RETURNING model_id, library_id
"""
# A file without a hash was written to since, and may be anything.
_ORPHANS: Final = """
SELECT file.id FROM models3d_modelfile file
WHERE file.put_aside_at IS NOT NULL AND ((file.sha256 = '' AND file.archive_id IS NULL) OR NOT EXISTS (
  SELECT FROM models3d_modelfile kept JOIN libraries_library library ON library.id = kept.library_id
  WHERE kept.sha256 = file.put_aside_for AND kept.sha256 <> '' AND kept.put_aside_at IS NULL
    AND kept.missing_since IS NULL AND library.removed_at IS NULL))
ORDER BY file.id LIMIT %(limit)s
"""


class NotPutAside(Exception):
    """These files cannot be put aside for that one; the text is a sentence for the user. Retrying does not help."""


def put_aside(kept: ModelFile, others: Collection[ModelFile], *, now: datetime) -> int:
    """Let `others` leave the shelf, as `kept` stays in their place; return how many files did.

    A model that has no other file left leaves with them; its tags, collections, marks, notes, links, licence and creator
    are put onto the model of `kept` too. Raises NotPutAside, and changes nothing, where `kept` is not there, a file is
    neither a copy of it nor like it, or they are parts that several models share.
    """
    wanted = {file.pk for file in others} - {kept.pk}
    with transaction.atomic():
        files = _locked({kept.pk, *wanted})
        there = files.get(kept.pk)
        if there is None or there.put_aside_at or there.missing_since or not there.sha256:
            raise NotPutAside("The file that was to stay is not there any more. Load the page again.")
        leaving = [files[pk] for pk in sorted(wanted) if pk in files and files[pk].put_aside_at is None]
        _check(there, leaving)
        values: dict[str, Any] = {
            "now": now,
            "kept": there.sha256,
            "files": [file.pk for file in leaving],
            "contents": sorted({file.sha256 for file in leaving}),
        }
        with connection.cursor() as cursor:
            cursor.execute(_PUT_ASIDE, values)
            cursor.execute(_FOLLOW, values)
        _settle(leaving, kept_model_id=there.model_id)
    return len(leaving)


def bring_back(files: Collection[ModelFile]) -> int:
    """Put files that were put aside onto the shelf again; return how many, those in archives counted too."""
    return _bring_back([file.pk for file in files])


def bring_back_orphans() -> int:
    """Bring back whatever was put aside for a content that is no longer there, or was changed since; return how many."""
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_ORPHANS, {"limit": _BATCH})
            found = [row[0] for row in cursor.fetchall()]
        if not found:
            return total
        total += _bring_back(found)


def is_put_aside(model: Model3D) -> bool:
    """Whether a model left the shelf because its files were put aside, and not because they are missing."""
    files = ModelFile.objects.present().filter(model=model, put_aside_at__isnull=False)
    return model.missing_since is not None and files.exists()


def _locked(file_ids: Collection[int]) -> dict[int, ModelFile]:
    rows = ModelFile.objects.select_for_update(of=["self"]).select_related("shape").order_by("pk")
    return {file.pk: file for file in rows.filter(pk__in=file_ids)}


def _check(kept: ModelFile, leaving: list[ModelFile]) -> None:
    for file in leaving:
        if not _is_alike(kept, file):
            raise NotPutAside(f"{file.file_name} is neither a copy of {kept.file_name} nor like it.")
    if are_shared_parts([kept, *leaving]):
        raise NotPutAside(
            f"{kept.file_name} is a part that several models need, each for itself. Nothing was put aside."
        )


def _is_alike(one: ModelFile, other: ModelFile) -> bool:
    if one.sha256 == other.sha256:
        return True
    if one.shape is None or other.shape is None:
        return False
    return one.shape.family_id == other.shape.family_id or one.shape.likeness_id == other.shape.likeness_id


def _settle(leaving: list[ModelFile], *, kept_model_id: int | None) -> None:
    """Bring the models of these files up to date, and hand on what people put into those that left."""
    touched = _models_of([file.pk for file in leaving])
    on_the_shelf = set(Model3D.objects.present().filter(pk__in=touched).values_list("pk", flat=True))
    derived.refresh_models(touched)
    left = on_the_shelf - set(Model3D.objects.present().filter(pk__in=touched).values_list("pk", flat=True))
    if kept_model_id is not None:
        unite_words([(gone_id, kept_model_id) for gone_id in sorted(left - {kept_model_id})])
    if left:
        derived.refresh_libraries({file.library_id for file in leaving})


def _models_of(file_ids: Collection[int]) -> set[int]:
    """Models of these files and of what is inside of them."""
    found = ModelFile.objects.filter(pk__in=file_ids) | ModelFile.objects.filter(archive__in=file_ids)
    return set(found.exclude(model=None).order_by().values_list("model", flat=True).distinct())


def _bring_back(file_ids: list[int]) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_BRING_BACK, {"files": file_ids})
            rows = cursor.fetchall()
        models = sorted({model_id for model_id, _ in rows if model_id})
        derived.refresh_models(models)
        derived.refresh_libraries({library_id for _, library_id in rows})
        settle_words_and_counts(models)
    return len(rows)
