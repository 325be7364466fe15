"""What people decide about the files of a model: pin its folder, merge it with another, split files off; and undo it.

Merges and splits are done at once, by rows alone. Whoever changes the rule of a folder, or undoes something, asks for a
scan afterwards: the next one groups by what is decided then.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Q

from config.lib.locks import library_lock, metadata_lock
from models3d import derived
from models3d.merging import join_models
from models3d.models import Model3D, ModelFile
from scanning import model_statements
from scanning.decision_models import FolderGrouping, ModelDecision
from scanning.folder_rules import How
from scanning.metadata import mark_models
from scanning.models import Problem, Scan
from scanning.sql import execute


class GroupingRefused(Exception):
    """What was asked for cannot be done. The text is a sentence for the user."""


def group_folder(library_id: int, folder: str, *, how: How, by: Any) -> None:
    """Decide how the files in a folder become models, in place of what was decided about it before."""
    FolderGrouping.objects.update_or_create(
        library_id=library_id, folder=folder, defaults={"how": how.value, "decided_by": by}
    )


def merge(gone: Model3D, *, into: Model3D, by: Any) -> None:
    """Let all files of a model, and those that will come, belong to another; what people wrote about both is united.

    Raises GroupingRefused, and Model3D.DoesNotExist if one of them went meanwhile.
    """
    if gone.library_id != into.library_id:
        raise GroupingRefused(
            "Models of different libraries cannot be merged: their files lie on different shelves."
        )
    if gone.pk == into.pk:
        raise GroupingRefused("A model cannot be merged with itself. Choose another one.")
    with _alone(gone.library_id), transaction.atomic():
        gone, kept = (Model3D.objects.defer("search_vector").get(pk=model.pk) for model in (gone, into))
        decisions = ModelDecision.objects.filter(library=gone.library_id)
        decisions.filter(kind=ModelDecision.Kind.MERGED, path=kept.relative_path).delete()
        is_split_off = decisions.filter(kind=ModelDecision.Kind.SPLIT, target=gone.relative_path).exists()
        decisions.filter(target=gone.relative_path).update(target=kept.relative_path)
        if not is_split_off:
            decisions.update_or_create(
                library_id=gone.library_id,
                kind=ModelDecision.Kind.MERGED,
                path=gone.relative_path,
                defaults={"target": kept.relative_path, "decided_by": by},
            )
        execute(model_statements.MOVE_PROBLEMS, gone=gone.pk, kept=kept.pk)
        join_models([(gone.pk, kept.pk)])
        _settle(kept)


def split(model: Model3D, file_ids: Collection[int], *, name: str, by: Any) -> Model3D:
    """Make these files of a model a model of their own called `name`, and return it. Creator and licence go along.

    Files inside an archive go with it. Raises GroupingRefused.
    """
    with _alone(model.library_id), transaction.atomic():
        model = Model3D.objects.defer("search_vector").get(pk=model.pk)
        loose = ModelFile.objects.filter(model=model, archive=None)
        chosen = list(loose.filter(pk__in=file_ids).order_by("relative_path"))
        if not chosen:
            raise GroupingRefused("Tick the files that are to be a model of their own.")
        if len(chosen) == loose.count():
            raise GroupingRefused(
                "These are all files of the model. Leave at least one, or change the model's name."
            )
        apart = _make_model(model, path=_free_path(model, chosen), name=name)
        ids = [file.pk for file in chosen]
        ModelFile.objects.filter(Q(pk__in=ids) | Q(archive__in=ids)).update(
            model=apart, are_problems_stale=True
        )
        Problem.objects.filter(Q(file__in=ids) | Q(file__archive__in=ids)).update(model=apart)
        if model.cover_id in ids:
            Model3D.objects.filter(pk=apart.pk).update(cover=model.cover_id)
            Model3D.objects.filter(pk=model.pk).update(cover=None)
        decisions = ModelDecision.objects.filter(library=model.library_id, kind=ModelDecision.Kind.SPLIT)
        decisions.filter(path__in=[file.relative_path for file in chosen]).delete()
        ModelDecision.objects.bulk_create(
            ModelDecision(
                library_id=model.library_id,
                kind=ModelDecision.Kind.SPLIT,
                path=file.relative_path,
                target=apart.relative_path,
                decided_by=by,
            )
            for file in chosen
        )
        _settle(model, apart)
        derived.recount_tags_and_creators()
    return apart


def forget_folder(library_id: int, folder_id: int) -> bool:
    """Let the folder follow the rules of the one above it again; False if nothing was decided about it."""
    return bool(FolderGrouping.objects.filter(library=library_id, pk=folder_id).delete()[0])


def forget_decision(library_id: int, decision_id: int) -> bool:
    """Undo a merge, or the split of all files that were split off with this one; False if it was undone already."""
    decisions = ModelDecision.objects.filter(library=library_id)
    decision = decisions.filter(pk=decision_id).first()
    if decision is None:
        return False
    if decision.kind == ModelDecision.Kind.SPLIT:
        decisions.filter(kind=decision.kind, target=decision.target).delete()
    else:
        decision.delete()
    # It may have been done and undone between two scans: then the rules are those of the last one, the files are not.
    Scan.objects.filter(library=library_id).exclude(rules="").update(rules="")
    return True


@contextmanager
def _alone(library_id: int) -> Iterator[None]:
    """Keep scans away, and wait for those who fill models with parsed values, which takes them a second at most."""
    with library_lock(library_id) as is_held:
        if not is_held:
            raise GroupingRefused("The library is being scanned just now. Try again when the scan is done.")
        with metadata_lock(library_id, waits=True):
            yield


def _free_path(model: Model3D, files: Collection[ModelFile]) -> str:
    """The path that stands for the files: that of the first which is no model's already."""
    paths = [file.relative_path for file in files]
    taken = set(
        Model3D.objects.filter(library=model.library_id, relative_path__in=paths).values_list(
            "relative_path", flat=True
        )
    )
    free = [path for path in paths if path not in taken]
    if not free:
        raise GroupingRefused(
            "This file is what the model is named after. Split off the other files instead."
        )
    return free[0]


def _make_model(model: Model3D, *, path: str, name: str) -> Model3D:
    return Model3D.objects.create(
        library_id=model.library_id,
        relative_path=path,
        name=name,
        edited_fields=["name"],
        creator_id=model.creator_id,
        creator_words=model.creator_words,
        license=model.license,
        is_sensitive=model.is_sensitive,
    )


def _settle(*models: Model3D) -> None:
    library = models[0].library
    derived.refresh_models(model.pk for model in models)
    derived.refresh_libraries([library.pk])
    mark_models(library, model_ids=[model.pk for model in models])
