"""What other rules would make of the files that a library has: which models appear, vanish, merge and split. No row is written.

Told from rows: files that other patterns would bring back are only found by a scan.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from libraries.listing import Ignores, ignore_rules
from libraries.models import Library
from models3d.models import ModelFile
from scanning.decisions import Decisions
from scanning.grouping import Holds, OwnModels, holds, model_folders

# Beyond, the page would keep one waiting: a dry run of the scan tells the same.
MOST_FILES: Final = 200_000
_SHOWN: Final = 200
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Change:
    """So many files, of them pictures, would go from one model to another; an empty path stands for none."""

    before: str
    after: str
    files: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Effect:
    """Numbers of models and files, and the first changes by path. `left_out` counts files that patterns leave out."""

    appear: int = 0
    vanish: int = 0
    merge: int = 0
    split: int = 0
    files: int = 0
    left_out: int = 0
    change_count: int = 0
    changes: list[Change] = field(default_factory=list)


def effect_of_rules(library: Library, decisions: Decisions) -> Effect:
    """Try the grouping, absorbed names and patterns that `library`, saved or not, has now, with these decisions."""
    rules = decisions.rulebook(library)
    own = OwnModels(rules)
    leaves_out = _LeavesOut(ignore_rules(library.ignore_patterns))
    folders: dict[str, int] = {}
    stems: set[str | None] = set()
    for path, _, _ in _iter_files(library):
        folder = path.rpartition("/")[0]
        if not leaves_out.file(path):
            held = holds(path)
            folders[folder] = folders.get(folder, 0) | held
            if held is not Holds.COMPANIONS and own.is_for_every_file_in(folder):
                stems.add(own.of(path))
    homes = model_folders(folders, rules=rules)
    files: Counter[tuple[str, str]] = Counter()
    pictures: Counter[tuple[str, str]] = Counter()
    left_out = 0
    for path, before, kind in _iter_files(library):
        if leaves_out.file(path):
            left_out += 1
            after = None
        else:
            folder = path.rpartition("/")[0]
            by_rules = homes[folder] or own.of(path)
            if holds(path) is Holds.COMPANIONS and not homes[folder] and by_rules not in stems:
                by_rules = None  # it accompanies nothing
            after = decisions.placements.model_of(path, by_rules)
        pair = (before or "", after or "")
        files[pair] += 1
        pictures[pair] += kind == "image"
    return _told(files, pictures, left_out)


def _told(files: Counter[tuple[str, str]], pictures: Counter[tuple[str, str]], left_out: int) -> Effect:
    olds = Counter(before for before, after in files if before and after)
    news = Counter(after for before, after in files if before and after)
    before, after = {pair[0] for pair in files} - {""}, {pair[1] for pair in files} - {""}
    changed = sorted(pair for pair in files if pair[0] != pair[1])
    return Effect(
        appear=len(after - before),
        vanish=len(before - after),
        merge=sum(number > 1 for number in news.values()),
        split=sum(number > 1 for number in olds.values()),
        files=sum(files[pair] for pair in changed),
        left_out=left_out,
        change_count=len(changed),
        changes=[Change(*pair, files[pair], pictures[pair]) for pair in changed[:_SHOWN]],
    )


def _iter_files(library: Library) -> Iterator[tuple[str, str | None, str]]:
    rows = ModelFile.objects.present().filter(library=library.pk, archive=None).order_by()
    return rows.values_list("relative_path", "model__relative_path", "kind").iterator(chunk_size=_AT_ONCE)


class _LeavesOut:
    """Whether patterns leave a file out, or a folder that it lies in; every answer about folders is kept."""

    def __init__(self, ignores: Ignores) -> None:
        self.ignores = ignores
        self.folders = {"": False}

    def file(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return self._folder(folder) or self.ignores(name, path, False)

    def _folder(self, folder: str) -> bool:
        unknown = []
        while folder not in self.folders:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        is_out = self.folders[folder]
        for here in reversed(unknown):
            is_out = is_out or self.ignores(here.rpartition("/")[2], here, True)
            self.folders[here] = is_out
        return is_out
