"""What the page of a model tells of its grouping: its folders, what was decided about them, and the models inside."""

from dataclasses import dataclass
from typing import Final

from models3d.models import Model3D, ModelFile
from models3d.querysets import Model3DQuerySet
from scanning.decision_models import FolderGrouping, ModelDecision

_CHILDREN: Final = 8
_MERGED: Final = 20
_CHOICES: Final = 12
_MOST_FILES: Final = 500


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that the model is or lies in, and the rule that it has for itself, if any."""

    path: str
    rule: FolderGrouping | None


@dataclass(frozen=True, slots=True)
class Grouping:
    """`folders` are in order, the nearest first; `merged` are models merged into this one, `split_off` tells that its files
    were split off another; `children` are the first of the models in its folder."""

    folders: list[Folder]
    merged: list[ModelDecision]
    split_off: ModelDecision | None
    children: list[Model3D]
    has_more_children: bool

    @property
    def ruled(self) -> list[Folder]:
        """The folders with a rule of their own."""
        return [folder for folder in self.folders if folder.rule]


def grouping_of(model: Model3D) -> Grouping:
    """What there is to tell, by four queries."""
    paths = folders_of(model)
    rules = {
        row.folder: row for row in FolderGrouping.objects.filter(library=model.library_id, folder__in=paths)
    }
    decided = ModelDecision.objects.filter(library=model.library_id, target=model.relative_path)
    inside = Model3D.objects.present().filter(
        library=model.library_id, relative_path__startswith=f"{model.relative_path}/"
    )
    children = list(inside.only("name", "relative_path").order_by("sort_name", "id")[: _CHILDREN + 1])
    return Grouping(
        folders=[Folder(path, rules.get(path)) for path in paths],
        merged=list(decided.filter(kind=ModelDecision.Kind.MERGED)[:_MERGED]),
        split_off=decided.filter(kind=ModelDecision.Kind.SPLIT).first(),
        children=children[:_CHILDREN],
        has_more_children=len(children) > _CHILDREN,
    )


def folders_of(model: Model3D) -> list[str]:
    """The folders that a rule may be given to on the page of this model: its own and those around it, nearest first."""
    within = ModelFile.objects.filter(model=model, archive=None)
    path = model.relative_path
    is_folder = within.filter(relative_path__startswith=f"{path}/").exists()
    parts = path.split("/") if is_folder else path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


def mergeable(model: Model3D, *, words: str) -> list[Model3D]:
    """Models that may be merged with this one: those whose name or path has `words`; without words those beside it."""
    others: Model3DQuerySet = Model3D.objects.filter(library=model.library_id).exclude(pk=model.pk)
    if words:
        found = others.filter(name__icontains=words) | others.filter(relative_path__icontains=words)
    else:
        folder = model.relative_path.rpartition("/")[0]
        found = others.filter(relative_path__startswith=f"{folder}/" if folder else "")
    return list(found.only("name", "relative_path", "file_count").order_by("sort_name", "id")[:_CHOICES])


def loose_files(model: Model3D) -> list[ModelFile]:
    """The files that can be split off, the first of them by path; what lies in an archive goes with that."""
    files = ModelFile.objects.filter(model=model, archive=None).only(
        "relative_path", "size_bytes", "missing_since"
    )
    return list(files.order_by("relative_path", "id")[:_MOST_FILES])
