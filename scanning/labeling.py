"""What a person typed while uploading, put onto the models that the scan made of the files."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from collections_app.shelving import collections_at
from models3d.models import Model3D
from models3d.services import edit_model, set_creator, set_tags
from scanning.models import Scan
from scanning.sql import fetch
from scanning.upload_models import Upload, UploadBatch

_MODELS_AT: Final = """
SELECT relative_path, model_id FROM models3d_modelfile
WHERE library_id = %(library)s AND missing_since IS NULL AND model_id IS NOT NULL
  AND md5(relative_path) IN (SELECT md5(path) FROM unnest(%(paths)s::text[]) AS path)
  AND relative_path = ANY(%(paths)s::text[])
"""
_MOST_LOOKED_AT: Final = 200
_GIVEN_UP_AFTER: Final = timedelta(days=7)


def label_placed(*, now: datetime) -> None:
    """Give names, creators, tags and so on to models whose files a scan has found; others wait for theirs."""
    batches = (
        UploadBatch.objects.filter(uploads__state=Upload.State.PLACED).select_related("library").distinct()
    )
    for batch in batches:
        placed = list(batch.uploads.filter(state=Upload.State.PLACED))
        models = _models_at(batch, placed)
        found = {
            upload.pk: {models[path] for path in upload.placed_paths if path in models} for upload in placed
        }
        every = set[int]().union(*found.values())
        for model_id in sorted(every):
            _label(batch, model_id, is_only=len(every) == 1)
        Upload.objects.filter(pk__in=[pk for pk, ids in found.items() if ids]).update(
            state=Upload.State.ADDED
        )
        _end_without_model(batch, [upload for upload in placed if not found[upload.pk]], now=now)


def models_of(batch: UploadBatch) -> list[Model3D]:
    """The models that hold the files of a batch, those of its first uploads if there are many."""
    placed = batch.uploads.filter(state=Upload.State.ADDED)[:_MOST_LOOKED_AT]
    ids = set(_models_at(batch, placed).values())
    return list(Model3D.objects.filter(pk__in=ids).defer("search_vector").order_by("name", "id"))


def _models_at(batch: UploadBatch, uploads: Iterable[Upload]) -> dict[str, int]:
    """The model of each file that these uploads became, by its path, as far as it has one."""
    paths = [path for upload in uploads for path in upload.placed_paths]
    return dict(fetch(_MODELS_AT, library=batch.library_id, paths=paths))


def _label(batch: UploadBatch, model_id: int, *, is_only: bool) -> None:
    """Put what was typed onto one model; where it had something of its own before the upload, that stays."""
    try:
        with transaction.atomic():
            model = Model3D.objects.defer("search_vector").select_related("creator").get(pk=model_id)
            is_new = batch.submitted_at is not None and model.added_at >= batch.submitted_at
            edit_model(
                model_id,
                name=batch.name if batch.name and is_only and is_new else None,
                license=batch.license if batch.license and not (model.license and not is_new) else None,
            )
            if batch.creator and (is_new or model.creator is None):
                set_creator(model_id, batch.creator)
            if batch.tags:
                set_tags(model_id, [*model.tags.values_list("name", flat=True), *batch.tags])
            if batch.collection:
                _shelve(model_id, batch.collection)
    except Model3D.DoesNotExist:
        return  # a scan joined it with another one; the next round finds that


def _shelve(model_id: int, collection: str) -> None:
    place = tuple(name for name in (part.strip() for part in collection.split("/")) if name)
    model = (
        Model3D.objects.select_for_update(of=("self",), no_key=True).defer("search_vector").get(pk=model_id)
    )
    model.collections.add(*(pk for at, pk in collections_at([place]).items() if at == place))
    model.edited_fields = sorted({*model.edited_fields, "collections"})
    model.save(update_fields=["edited_fields", "updated_at"])


def _end_without_model(batch: UploadBatch, uploads: list[Upload], *, now: datetime) -> None:
    """End those of `uploads`, which no model has, that a whole scan has passed."""
    done = Scan.objects.filter(library=batch.library_id, state=Scan.State.DONE, is_dry_run=False)
    last = done.order_by("-id").values_list("started_at", flat=True).first()
    for upload in uploads:
        placed_at = upload.placed_at or now
        if (last is not None and last > placed_at) or now - placed_at > _GIVEN_UP_AFTER:
            sentence = (
                f"{upload.sentence} It is in the library, whose rules leave it out of the models.".strip()
            )
            Upload.objects.filter(pk=upload.pk).update(state=Upload.State.ADDED, sentence=sentence)
