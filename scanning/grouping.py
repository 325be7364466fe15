"""Which model each file belongs to, told from paths alone. Pure: no file is opened, no row is read.

A folder that directly holds a mesh, CAD or sliced file is a model. Pictures and papers accompany the nearest model at or
above them; archives too, unless their folder holds nothing but archives: then each is a model of its own. Subfolders with
telling names (`STL`, `images`, `supported` …) are absorbed by the folder above them, which thereby becomes the model. An
ordinary folder inside an absorbed one (`Voron Tap/STLs/Left arm`) is a section of that model if the model's folder shows
to be one (a file lies in it, or a mesh directly in its absorbed folder); else (`Printing/models/dragon`) it stands alone.

Folders may have rules of their own (`scanning.folder_rules`): they change nothing outside, but that a picture there may
lose the model it accompanied.
"""

import re
from collections.abc import Mapping
from enum import IntFlag
from typing import Final

from models3d.kinds import extension_of, is_model_file, kind_of
from scanning.folder_rules import BY_STEM, How, Rulebook

# Words at the end of a file name that tell a variant apart and not a model.
_VARIANT_ENDING: Final = re.compile(
    r"[\s._+-]*[\s._+(-](pre-?supported|unsupported|supported|presup|nosup|sup|sliced|hollow|hollowed|render|preview|thumb)\)?$",
    re.IGNORECASE,
)


class Holds(IntFlag):
    """What lies directly in a folder, as far as grouping cares."""

    NOTHING = 0
    PARTS = 1  # meshes, CAD, sliced files: what makes a folder a model
    ARCHIVES = 2
    COMPANIONS = 4  # pictures, papers, anything else


# As a plain number: asking a flag takes twenty times as long, and it is asked of every folder.
_PARTS: Final = int(Holds.PARTS)


def holds(name: str) -> Holds:
    """What a file of this name adds to its folder.

    >>> holds("lid.STL"), holds("all.zip"), holds("README")
    (<Holds.PARTS: 1>, <Holds.ARCHIVES: 2>, <Holds.COMPANIONS: 4>)
    """
    if is_model_file(name):
        return Holds.PARTS
    return Holds.ARCHIVES if kind_of(name).name == "archive" else Holds.COMPANIONS


def model_folders(folders: Mapping[str, int], *, rules: Rulebook) -> dict[str, str | None]:
    """Map each of `folders` (path → Holds of the files directly in it) to the folder that is the model of its files.

    None stands for folders without a model at or above them, the library's root first of all: there, files are told
    apart one by one (`OwnModels`).

    >>> tree = {"Tap/STLs": Holds.PARTS, "Tap/images": Holds.COMPANIONS, "Tap/Manual": Holds.COMPANIONS}
    >>> sorted(set(model_folders(tree, rules=Rulebook(How.FOLDERS)).values()))
    ['Tap']
    """
    return _Tree(folders, rules).models()


class OwnModels:
    """Names the models of files in folders that are none: by the file, or by the stem of its name.

    >>> from scanning.folder_rules import FolderRule
    >>> own = OwnModels(Rulebook(How.FOLDERS, folders={"in": FolderRule(How.STEMS)}))
    >>> [own.of(path) for path in ("benchy.gcode", "packs/March.zip", "LICENSE")]
    ['benchy.gcode', 'packs/March.zip', None]
    >>> [own.of(path) for path in ("in/Orc_supported.stl", "in/images/Orc.png")]
    ['in/Orc', 'in/Orc']
    """

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules

    def is_for_every_file_in(self, folder: str) -> bool:
        """Whether each file in `folder`, what only accompanies others too, belongs to what its own name says."""
        return self.rules.at(folder).how in BY_STEM

    def of(self, path: str) -> str | None:
        """The model that the file at `path` belongs to where no folder is its model; None if it only accompanies others."""
        folder = path.rpartition("/")[0]
        ground = self.rules.at(folder)
        if ground.how not in BY_STEM:
            return None if holds(path) is Holds.COMPANIONS else path
        while folder != ground.top and "/" in folder:
            parent, _, name = folder.rpartition("/")
            if not self.rules.at(parent).is_absorbed(name):
                break
            folder = parent
        stem = stem_of(path.rpartition("/")[2])
        return f"{folder}/{stem}" if folder else stem


def stem_of(name: str) -> str:
    """The name of a file without its extension and without words that tell a variant apart.

    >>> stem_of("dragon (supported).stl"), stem_of("dragon_v2.stl"), stem_of("supported.stl")
    ('dragon', 'dragon_v2', 'supported')
    """
    extension = extension_of(name)
    stem = name[: -len(extension) - 1] if extension else name
    return _VARIANT_ENDING.sub("", stem) or stem


class _Tree:
    """The folders of one library, asked from the top down; every answer is kept."""

    def __init__(self, folders: Mapping[str, int], rules: Rulebook) -> None:
        self.folders = folders
        self.rules = rules
        self.kits = {folder for folder in folders if folder}
        for folder, found in folders.items():
            if folder and found & _PARTS:
                self.kits.add(self._absorber(folder))
                if not rules.is_uniform:
                    # Also as if no folder had a rule: what a rule says about a folder changes nothing outside of it.
                    self.kits.add(self._absorber_by_library(folder))
        self.candidates: dict[str, str] = {"": ""}

    def models(self) -> dict[str, str | None]:
        """See `model_folders`."""
        found = {
            self._candidate(folder)
            for folder, held in self.folders.items()
            if held & _PARTS or self.rules.at(folder).how is How.ONE_MODEL
        } - {""}
        return {folder: self._home(folder, held, found) for folder, held in self.folders.items()}

    def _home(self, folder: str, held: int, models: set[str]) -> str | None:
        home = self._candidate(folder)
        if home in models:
            return home
        if held == Holds.ARCHIVES:
            return None
        while home and home not in models:
            home = self._candidate(home.rpartition("/")[0])
        return home or None

    def _candidate(self, folder: str) -> str:
        """The folder whose model the files of `folder` are part of, if it is one; empty where each file is asked.

        Paths may be 2,000 deep: no recursion.
        """
        unknown = []
        while folder not in self.candidates:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        above = self.candidates[folder]
        for here in reversed(unknown):
            above = self._candidate_below(above, here)
            self.candidates[here] = above
        return above

    def _candidate_below(self, above: str, here: str) -> str:
        """The candidate of `here`, where that of the folder around it is `above`."""
        ground = self.rules.at(here)
        if ground.how in BY_STEM:
            return ""
        if ground.how is How.ONE_MODEL:
            return ground.top
        parent, _, name = here.rpartition("/")
        if not above or (ground.top == here):
            return here
        is_section = above != parent and above in self.kits
        return above if is_section or self.rules.at(parent).is_absorbed(name) else here

    def _absorber(self, folder: str) -> str:
        border = self.rules.at(folder).border
        parent, _, name = folder.rpartition("/")
        while parent and folder != border and self.rules.at(parent).is_absorbed(name):
            folder = parent
            parent, _, name = folder.rpartition("/")
        return folder

    def _absorber_by_library(self, folder: str) -> str:
        parent, _, name = folder.rpartition("/")
        while parent and self.rules.library_absorbs(name):
            folder = parent
            parent, _, name = folder.rpartition("/")
        return folder
