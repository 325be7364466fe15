r"""Names of files that every system takes: Windows, macOS and Linux, on whatever disk. Pure."""

import re
from typing import Final

_LONGEST_BYTES: Final = (
    200  # of one name; 255 is the limit of most disks, less what is added to tell names apart
)
_REFUSED: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.I)


def is_device(name: str) -> bool:
    """Whether Windows keeps this name for a device, whatever its ending.

    >>> is_device("aux.stl"), is_device("auxiliary.stl")
    (True, False)
    """
    return bool(_DEVICES.match(name.strip()))


def safe_name(name: str) -> str:
    r"""Return `name`, changed as little as every system needs; never empty.

    >>> safe_name('a: "b".stl'), safe_name("aux.stl"), safe_name("dots... ")
    ('a_ _b_.stl', '_aux.stl', 'dots')
    """
    name = _REFUSED.sub("_", name).strip().rstrip(". ")
    if is_device(name):
        name = f"_{name}"
    return _shortened(name) or "_"


class UniqueNames:
    """Gives each path a name that no other has, also where case does not tell names apart.

    >>> unique = UniqueNames()
    >>> unique("a/x.stl"), unique("A/X.stl"), unique("a/x.stl")
    ('a/x.stl', 'A/X (2).stl', 'a/x (3).stl')
    """

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def __call__(self, path: str) -> str:
        number, unique = self._taken.get(path.casefold(), 0) + 1, path
        if number > 1:
            while (unique := numbered(path, number)).casefold() in self._taken:
                number += 1
            self._taken[unique.casefold()] = 1
        self._taken[path.casefold()] = number
        return unique


def numbered(path: str, number: int) -> str:
    """Return the path of the `number`-th file of one name.

    >>> numbered("a.b/dragon.v2.stl", 2), numbered("a.b/README", 3)
    ('a.b/dragon.v2 (2).stl', 'a.b/README (3)')
    """
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    return f"{folder}{slash}{stem} ({number}){dot}{ending}"


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 20:
        stem, dot, ending = name, "", ""
    room = _LONGEST_BYTES - len(f"{dot}{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}{dot}{ending}"
