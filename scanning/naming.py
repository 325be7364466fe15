"""What a path tells about a model or a file by its words: a readable name, a role. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from libraries.paths import display_path
from models3d.kinds import extension_of, kind_of

_MAX_NAME: Final = 500
_MAX_EXTENSION: Final = 20
_SEPARATORS: Final = re.compile(r"[_+]|(?<!\d)-|-(?!\d)")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNSUPPORTED: Final = re.compile(
    r"(?<![a-z])(un[ _-]?supported|unsup|no[ _-]?sup(s|ports?|ported)?|without[ _-]?supports?)(?![a-z])"
)
_SUPPORTED: Final = re.compile(r"(?<![a-z])(pre[ _-]?)?sup(s|ported)?(?![a-z])")

_ROLE_OF_KIND: Final = {
    "sliced": "sliced",
    "image": "render",
    "video": "render",
    "document": "document",
    "cad": "source",
}


def readable_name(path: str, *, is_file: bool) -> str:
    """The name that a model at `path` gets: its last part with separators as spaces; case and digits stay as they are.

    A hyphen between digits stays, as in a date or a range. The extension goes if the model is a file.

    >>> readable_name("Voron/Voron_Tap-R8", is_file=False), readable_name("dragon+rider_v1.2.stl", is_file=True)
    ('Voron Tap R8', 'dragon rider v1.2')
    >>> readable_name("drops/2024-05_minis", is_file=False)
    '2024-05 minis'
    """
    base = path.rpartition("/")[2]
    if is_file and kind_of(base).name != "other" and (extension := extension_of(base)):
        base = base[: -len(extension) - 1]
    shown = unicodedata.normalize("NFC", display_path(base))
    return (" ".join(_SEPARATORS.sub(" ", shown).split()) or shown.strip() or "Unnamed")[:_MAX_NAME]


def is_parsed_name(name: str, *, path: str) -> bool:
    """Whether `name` is what a model at `path`, be it a folder or a file, is called by itself.

    >>> is_parsed_name("big boat", path="in/big_boat.stl"), is_parsed_name("Titanic", path="in/big_boat.stl")
    (True, False)
    """
    return name in {readable_name(path, is_file=True), readable_name(path, is_file=False)}


def told_by_path(path: str) -> tuple[str, str, str]:
    """Extension, kind and role of a file, as its row has them. Called once per file of a scan: it is kept quick.

    The role is told by the kind, of meshes and archives by names: the file's own counts more than the folders it is in, a
    near folder more than a far one.

    >>> told_by_path("Orc/orc.png"), told_by_path("Orc/orc.STL")
    (('png', 'image', 'render'), ('stl', 'mesh', ''))
    >>> [told_by_path(path)[2] for path in ("Orc/Supported/orc.stl", "Orc/supported/orc_nosup.stl")]
    ['supported', 'unsupported']
    """
    folder, _, name = path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    # Only a second dot, or none, makes more of the name count than its ending.
    extension, kind = _told_by_name(f"x.{ending}" if stem and "." not in stem else name)
    if kind in {"mesh", "archive"}:
        return extension, kind, _support_told_by(name) or _role_of_folders(folder)
    return extension, kind, _ROLE_OF_KIND.get(kind, "")


@lru_cache(maxsize=1024)
def _told_by_name(name: str) -> tuple[str, str]:
    return extension_of(name)[:_MAX_EXTENSION], kind_of(name).name


@lru_cache(maxsize=4096)
def _role_of_folders(folder: str) -> str:
    return next(filter(None, map(_support_told_by, reversed(folder.split("/")))), "")


def _support_told_by(name: str) -> str:
    if "sup" not in name.lower():
        return ""
    words = _CAMEL.sub(" ", name).lower()
    if _UNSUPPORTED.search(words):
        return "unsupported"
    return "supported" if _SUPPORTED.search(words) else ""
