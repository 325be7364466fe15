"""Scanning the folders of chosen models: for each library the one folder that holds them all."""

from django.db.models import Max, Min
from django.db.models.functions import Collate

from models3d.querysets import Model3DQuerySet


def folders_of(models: Model3DQuerySet) -> dict[int, str]:
    """For each library of these models, by number, the deepest folder that holds all of them; empty for its root."""
    bytewise = Collate("relative_path", "C")
    ends = models.order_by().values_list("library").annotate(first=Min(bytewise), last=Max(bytewise))
    return {library: common_folder(first, last) for library, first, last in ends}


def common_folder(first: str, last: str) -> str:
    """The deepest folder that holds the first and the last of sorted paths, and with them all between.

    A path alone stands for its own folder, which may be a file: what is scanned then is the folder around it.

    >>> common_folder("Minis/Orcs/Axe", "Minis/Orcs/Bow"), common_folder("a/b", "c"), common_folder("a/b/c", "a/b")
    ('Minis/Orcs', '', 'a/b')
    >>> common_folder("Minis/orc.stl", "Minis/orc.stl"), common_folder("orc.stl", "orc.stl")
    ('Minis', '')
    """
    if first == last:
        return first.rpartition("/")[0]
    shared = []
    for one, other in zip(first.split("/"), last.split("/"), strict=False):
        if one != other:
            break
        shared.append(one)
    return "/".join(shared)
