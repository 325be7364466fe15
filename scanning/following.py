"""What is kept by path follows models whose folders are others now: decisions about grouping, names, parsed values."""

from libraries.models import Library
from models3d.models import Model3D
from scanning.decisions import decisions_of, rename_rows
from scanning.metadata import mark_models
from scanning.naming import is_parsed_name, readable_name


def follow(library: Library, new_paths: dict[str, str]) -> None:
    """Take what is known by path to the new paths of models: decisions about grouping, names told by folders, parsed values."""
    if not new_paths:
        return
    models = list(Model3D.objects.filter(library=library, relative_path__in=new_paths.values()))
    old_paths = {new: old for old, new in new_paths.items()}
    for model in models:
        _rename(model, old_path=old_paths[model.relative_path])
    decided = decisions_of(library.pk).paths
    moved = {path: new for path in decided if (new := _moved(path, new_paths)) != path}
    rename_rows(library.pk, moved)
    mark_models(library, model_ids=[model.pk for model in models])


def _rename(model: Model3D, *, old_path: str) -> None:
    is_typed = "name" in model.edited_fields
    if not is_typed and is_parsed_name(model.name, path=old_path):
        model.name = readable_name(model.relative_path, is_file=False)
        model.save(update_fields=["name"])


def _moved(path: str, new_paths: dict[str, str]) -> str:
    """Where a path went: with the model's folder that it is, or lies in."""
    above = path
    while above:
        if above in new_paths:
            return new_paths[above] + path.removeprefix(above)
        above = above.rpartition("/")[0]
    return path
