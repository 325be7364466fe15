"""What the path of a model tells by the library's template, tidied as it is put onto the model. Pure."""

from typing import Any

from libraries.path_template import PathTemplate
from models3d.kinds import extension_of
from scanning.naming import readable_name
from scanning.sidefiles.told import tidy_line, tidy_tags


def values_of_path(path: str, template: PathTemplate, *, is_file: bool) -> dict[str, Any]:
    """Return creator, collections, tags and name as far as they are told; empty if the path is built otherwise.

    A name is told only where it is not that of the folder anyway.

    >>> values_of_path("Ann/Orc_v2.stl", PathTemplate("{creator}/{name}"), is_file=True)
    {'creator': 'Ann'}
    """
    if is_file and (extension := extension_of(path)):
        path = path[: -len(extension) - 1]
    values = template.parse(path)
    if values is None:
        return {}
    is_own_name = values.name not in {"", path.rpartition("/")[2]}
    collections = (tidy_line(name, of="collection") for name in values.collections)
    told = {
        "creator": tidy_line(values.creator, of="creator"),
        "collections": [name for name in collections if name],
        "tags": list(tidy_tags(values.tags)),
        "name": readable_name(values.name, is_file=False) if is_own_name else "",
    }
    return {key: value for key, value in told.items() if value}
