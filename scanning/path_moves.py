"""Where folders and files that people decided about are now, told by the files that a scan found elsewhere. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable

from scanning.grouping import stem_of


def where_paths_went(paths: Collection[str], moves: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map those of `paths` (folders, files, stems) below which files moved to where most of these went with it.

    `moves` are (old path, new path) of files. Whether a folder as a whole is gone is left to the caller.

    >>> where_paths_went({"in/Orc", "in"}, [("in/Orc/STL/a.stl", "out/Ork/STL/a.stl"), ("in/elf.stl", "in/elves/elf.stl")])
    {'in/Orc': 'out/Ork'}
    """
    wanted = set(paths)
    votes: dict[str, Counter[str]] = {}
    for old, new in moves:
        for path in _at_or_above(old):
            rest = old[len(path) :]
            is_within = new.startswith(f"{path}/")
            if path in wanted and new.endswith(rest) and len(new) > len(rest) and not is_within:
                votes.setdefault(path, Counter())[new.removesuffix(rest)] += 1
        stem, new_stem = _stem_path(old), _stem_path(new)
        if stem in wanted and new_stem != stem:
            votes.setdefault(stem, Counter())[new_stem] += 1
    return {
        path: min(counted.items(), key=lambda vote: (-vote[1], vote[0]))[0] for path, counted in votes.items()
    }


def _at_or_above(path: str) -> Iterable[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _stem_path(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/{stem_of(name)}" if folder else stem_of(name)
