"""Which model each file belongs to, told from paths alone. Pure: no file is opened, no row is read.

A folder that directly holds a mesh, CAD or sliced file is a model. Pictures and papers accompany the nearest model at or
above them; archives too, unless their folder holds nothing but archives: then each is a model of its own. Subfolders with
telling names (`STL`, `images`, `supported` …) are absorbed by the folder above them, which thereby becomes the model. An
ordinary folder inside an absorbed one (`Voron Tap/STLs/Left arm`) is a section of that model if the model's folder shows
to be one (a file lies in it, or a mesh directly in its absorbed folder); else (`Printing/models/dragon`) it stands alone.
"""

import re
from collections.abc import Callable, Collection, Mapping
from enum import IntFlag
from typing import Final

from models3d.kinds import extension_of, is_model_file, kind_of

_ABSORBED_WORDS: Final = """
    stl 3mf obj step stp cad f3d freecad scad source src file part model asset image img picture photo render preview
    thumb supported unsupported presupported presup sup nosup lys lychee ctb chitubox sliced gcode print resin fdm plate
    variant extra doc instruction
"""
ABSORBED: Final = frozenset(_ABSORBED_WORDS.split())
# Words at the end of a file name that tell a variant apart and not a model.
_VARIANT_ENDING: Final = re.compile(
    r"[\s._+-]*[\s._+(-](pre-?supported|unsupported|supported|presup|nosup|sup|sliced|hollow|hollowed|render|preview|thumb)\)?$",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"[^\W_]+")

IsAbsorbed = Callable[[str], bool]


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


def absorbed_by(own_names: Collection[str] = ()) -> IsAbsorbed:
    """Return the test for names of folders that belong to the one above: the built-in words and the owner's `own_names`.

    Case does not count, nor does a plural s; a name of several words is absorbed if each of them is.

    >>> is_absorbed = absorbed_by(["LOD"])
    >>> [is_absorbed(name) for name in ("STLs", "stl_files", "Pre-Supported", "lod", "Left arm")]
    [True, True, True, True, False]
    """
    words = ABSORBED | {name.casefold().strip() for name in own_names}
    known: dict[str, bool] = {}

    def is_word(text: str) -> bool:
        return text in words or (text.endswith("s") and text[:-1] in words)

    def is_absorbed(name: str) -> bool:
        if name not in known:
            folded = name.casefold().strip()
            parts = _WORDS.findall(folded)
            known[name] = (
                is_word(folded) or is_word("".join(parts)) or (bool(parts) and all(map(is_word, parts)))
            )
        return known[name]

    return is_absorbed


def model_folders(folders: Mapping[str, int], *, is_absorbed: IsAbsorbed) -> dict[str, str | None]:
    """Map each of `folders` (path → Holds of the files directly in it) to the folder that is the model of its files.

    None stands for the library's root and for folders without a model at or above them: there, parts and archives are
    models of their own (`OwnModelByPath`) and the rest has none.

    >>> tree = {"Tap/STLs": Holds.PARTS, "Tap/images": Holds.COMPANIONS, "Tap/Manual": Holds.COMPANIONS}
    >>> sorted(set(model_folders(tree, is_absorbed=absorbed_by()).values()))
    ['Tap']
    """
    return _Tree(folders, is_absorbed).models()


class OwnModelByPath:
    """Where no folder is its model, a part or an archive is a model of its own.

    >>> [OwnModelByPath().of(path) for path in ("benchy.gcode", "packs/March.zip", "LICENSE")]
    ['benchy.gcode', 'packs/March.zip', None]
    """

    is_for_every_file = False

    def of(self, path: str) -> str | None:
        """The model that the file at `path` is by itself; None if it only accompanies others."""
        return None if holds(path) is Holds.COMPANIONS else path


class OwnModelByStem:
    """In a flat dump, the files of one stem are a model; absorbed folders are looked through.

    >>> own = OwnModelByStem(absorbed_by())
    >>> [own.of(path) for path in ("in/Orc_supported.stl", "in/images/Orc.png")]
    ['in/Orc', 'in/Orc']
    """

    is_for_every_file = True

    def __init__(self, is_absorbed: IsAbsorbed) -> None:
        self.is_absorbed = is_absorbed

    def of(self, path: str) -> str | None:
        """The stem that the file at `path` belongs to, as a path."""
        *folders, name = path.split("/")
        while len(folders) > 1 and self.is_absorbed(folders[-1]):
            folders.pop()
        extension = extension_of(name)
        stem = name[: -len(extension) - 1] if extension else name
        return "/".join([*folders, _VARIANT_ENDING.sub("", stem) or stem])


class _Tree:
    """The folders of one library, asked from the top down; every answer is kept."""

    def __init__(self, folders: Mapping[str, int], is_absorbed: IsAbsorbed) -> None:
        self.folders = folders
        self.is_absorbed = is_absorbed
        self.kits = {folder for folder in folders if folder}
        self.kits |= {
            self._absorber(folder) for folder, found in folders.items() if folder and found & _PARTS
        }
        self.candidates: dict[str, str] = {"": ""}

    def models(self) -> dict[str, str | None]:
        """See `model_folders`."""
        found = {self._candidate(folder) for folder, held in self.folders.items() if held & _PARTS} - {""}
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
        """The folder whose model the files of `folder` are part of, if it is one. Paths may be 2,000 deep: no recursion."""
        unknown = []
        while folder not in self.candidates:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        above = self.candidates[folder]
        for here in reversed(unknown):
            parent, _, name = here.rpartition("/")
            is_section = above != parent and above in self.kits
            if not (parent and (self.is_absorbed(name) or is_section)):
                above = here
            self.candidates[here] = above
        return above

    def _absorber(self, folder: str) -> str:
        parent, _, name = folder.rpartition("/")
        while parent and self.is_absorbed(name):
            folder = parent
            parent, _, name = folder.rpartition("/")
        return folder
