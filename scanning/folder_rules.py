"""Which grouping rules hold in which folder: those of the library, but for folders with rules of their own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from scanning.absorbing import IsAbsorbed, absorbed_by


class How(StrEnum):
    """How the files of a folder become models. INHERITED: as in the folder above."""

    INHERITED = ""
    FOLDERS = "folders"  # a folder with parts is a model
    STEMS = "stems"  # here and below, the files of one name are a model
    CONTAINER = "container"  # the same for the files right here; each folder inside stands for itself
    ONE_MODEL = "one_model"  # all that lies here or below is one model


BY_STEM: Final = frozenset({How.STEMS, How.CONTAINER})


@dataclass(frozen=True, slots=True)
class FolderRule:
    """What is different in one folder, and below it unless a folder there has a rule of its own.

    Subfolders called one of `absorbed` belong to the folder above them, those called one of `separate` do not.
    """

    how: How = How.INHERITED
    absorbed: tuple[str, ...] = ()
    separate: tuple[str, ...] = ()


class Ground(NamedTuple):
    """What holds in a folder. `top` is the folder whose rule says `how`, `border` the nearest one with any rule ("": none)."""

    how: How
    top: str
    border: str
    is_absorbed: IsAbsorbed


@dataclass(slots=True)
class _Names:
    absorbed: tuple[str, ...] = ()
    separate: tuple[str, ...] = ()

    def changed_by(self, rule: FolderRule) -> "_Names":
        """The nearer rule wins."""
        absorbed = [name for name in self.absorbed if name not in rule.separate]
        separate = [name for name in self.separate if name not in rule.absorbed]
        return _Names((*absorbed, *rule.absorbed), (*separate, *rule.separate))


@dataclass(slots=True)
class _Held:
    """The ground of a folder with a rule, and of what lies below it."""

    here: Ground
    below: Ground
    names: _Names = field(default_factory=_Names)


class Rulebook:
    """The rules of one library: how it groups, the names it absorbs, and the rules of single `folders` by their paths.

    >>> rules = Rulebook(How.FOLDERS, folders={"in": FolderRule(How.CONTAINER), "in/Kit": FolderRule(How.ONE_MODEL)})
    >>> [rules.at(folder).how.value for folder in ("Orc", "in", "in/Elf", "in/Kit/STLs/arms")]
    ['folders', 'container', 'folders', 'one_model']
    """

    def __init__(
        self, how: How, *, absorbed: tuple[str, ...] = (), folders: Mapping[str, FolderRule] | None = None
    ) -> None:
        self.library_absorbs = absorbed_by(absorbed)
        ground = Ground(how, "", "", self.library_absorbs)
        self.is_uniform = not folders
        self.has_stems = how is How.STEMS or any(rule.how in BY_STEM for rule in (folders or {}).values())
        self._held = {"": _Held(ground, ground, _Names(absorbed))}
        self._below: dict[str, _Held] = {}
        for folder in sorted(folders or {}, key=len):  # outer ones first
            if folder and folders:
                self._held[folder] = self._hold(folder, folders[folder])

    def at(self, folder: str) -> Ground:
        """What holds in `folder`."""
        if self.is_uniform:
            return self._held[""].here
        held = self._held.get(folder)
        return held.here if held else self._above(folder).below

    def _above(self, folder: str) -> _Held:
        """What the nearest folder with a rule at or above `folder` says. Paths may be 2,000 deep: no recursion."""
        unknown = []
        here = folder
        while here not in self._held and here not in self._below:
            unknown.append(here)
            here = here.rpartition("/")[0]
        held = self._held.get(here) or self._below[here]
        self._below.update(dict.fromkeys(unknown, held))
        return held

    def _hold(self, folder: str, rule: FolderRule) -> _Held:
        outer = self._held[""]
        above = folder.rpartition("/")[0]
        while above:
            if above in self._held:
                outer = self._held[above]
                break
            above = above.rpartition("/")[0]
        names = outer.names.changed_by(rule)
        is_same = not (rule.absorbed or rule.separate)
        is_absorbed = (
            outer.below.is_absorbed if is_same else absorbed_by(names.absorbed, separate=names.separate)
        )
        inherited = Ground(outer.below.how, outer.below.top, folder, is_absorbed)
        if rule.how is How.INHERITED:
            return _Held(inherited, inherited, names)
        here = Ground(rule.how, folder, folder, is_absorbed)
        if rule.how is not How.CONTAINER:
            return _Held(here, here, names)
        within = How.FOLDERS if outer.below.how is How.ONE_MODEL else outer.below.how
        return _Held(here, Ground(within, folder, folder, is_absorbed), names)
