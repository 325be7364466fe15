"""Where folders went, learnt from files that were found elsewhere; tells where their other files should be. Pure."""

from collections import Counter
from collections.abc import Iterator


class FolderMoves:
    """Votes of moved files for the folders they were moved with.

    >>> moves = FolderMoves()
    >>> moves.learn("Minis/Orc/STL/orc.stl", "Minis/Ork/STL/orc.stl")
    >>> list(moves.guesses("Minis/Orc/README.md"))
    ['Minis/Ork/README.md']
    """

    def __init__(self) -> None:
        self._votes: dict[str, Counter[str]] = {}

    def learn(self, old: str, new: str) -> None:
        """Count a file that moved from path `old` to `new`: the folders above what both paths end with have moved.

        Equal folders count too: between libraries, that is the rule.
        """
        old_parts, new_parts = old.split("/")[:-1], new.split("/")[:-1]
        while old_parts and new_parts and old_parts[-1] == new_parts[-1]:
            old_parts.pop()
            new_parts.pop()
        self._votes.setdefault("/".join(old_parts), Counter())["/".join(new_parts)] += 1

    def guesses(self, path: str) -> Iterator[str]:
        """Where the file at `path` would be if it moved with a folder above it; the nearest folder first."""
        folder, rest = path, ""
        while folder:
            folder, _, name = folder.rpartition("/")
            rest = f"{name}/{rest}" if rest else name
            for new_folder, _votes in self._votes.get(folder, Counter()).most_common(3):
                yield f"{new_folder}/{rest}" if new_folder else rest
