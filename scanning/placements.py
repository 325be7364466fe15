"""What people decided against the rules: models merged into others, files split off. By paths, and therefore pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Placements:
    """`merged`: path of a model by the rules → path of the model that has its files; `split`: path of a file → its model."""

    merged: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)

    def settled(self, model: str | None) -> str | None:
        """Where the files of the model that the rules name are to be. Merges in a circle leave it where it is.

        >>> Placements(merged={"Orc": "Horde", "Horde": "Army"}).settled("Orc")
        'Army'
        """
        if model is None or model not in self.merged:
            return model
        here, seen = model, {model}
        while here in self.merged:
            here = self.merged[here]
            if here in seen:
                return model
            seen.add(here)
        return here

    def model_of(self, path: str, by_rules: str | None) -> str | None:
        """The model of the file at `path`, which the rules put into `by_rules`."""
        return self.settled(self.split.get(path, by_rules))


def renamed_paths(paths: Iterable[str], *, new_paths: Mapping[str, str]) -> dict[str, str]:
    """Give each of `paths` that has one its new path; where two would meet, one that stays wins, else the first.

    Those that find no room are left out.

    >>> renamed_paths(["a", "b", "c"], new_paths={"a": "b", "b": "a", "c": "a"})
    {'a': 'b', 'b': 'a'}
    """
    known = list(paths)
    found = {path: path for path in known if path not in new_paths}
    taken = set(found)
    for path in known:
        if path not in found and (new := new_paths[path]) not in taken:
            taken.add(new)
            found[path] = new
    return found
