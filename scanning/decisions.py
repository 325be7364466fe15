"""What people decided about grouping, from rows to the values that the pure rooms take; and back when folders moved."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from libraries.models import Library
from scanning.folder_rules import FolderRule, How, Rulebook
from scanning.models import FolderGrouping, ModelDecision
from scanning.placements import Placements, renamed_paths
from scanning.sql import fetch

# Part of the digest of grouping rules: to be raised when `scanning.grouping` decides otherwise than before.
_GROUPING_VERSION: Final = 2

_DECISIONS: Final = """
SELECT '' AS kind, folder AS path, how, absorbed_names, separate_names FROM scanning_foldergrouping WHERE library_id = %(library)s
UNION ALL SELECT kind, path, target, '{}', '{}' FROM scanning_modeldecision WHERE library_id = %(library)s
ORDER BY kind, path
"""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of one library: rules of folders by path, merges and splits."""

    folders: Mapping[str, FolderRule] = field(default_factory=dict)
    placements: Placements = field(default_factory=Placements)

    @property
    def paths(self) -> set[str]:
        """Every path that a decision is about."""
        merged, split = self.placements.merged, self.placements.split
        return {*self.folders, *merged, *merged.values(), *split, *split.values()}

    def renamed(self, new_paths: Mapping[str, str]) -> "Decisions":
        """The same decisions about paths that have changed. Where two would meet, the one that stays wins."""
        placements = Placements(
            _renamed(self.placements.merged, new_paths), _renamed(self.placements.split, new_paths)
        )
        folders = renamed_paths(self.folders, new_paths=new_paths)
        return Decisions({new: self.folders[old] for old, new in folders.items()}, placements)

    def rulebook(self, library: Library) -> Rulebook:
        """The rules of `library` as it is set now, with those of its folders."""
        return Rulebook(How(library.grouping), absorbed=tuple(library.absorbed_names), folders=self.folders)

    def digest(self, library: Library) -> str:
        """Digest of all that decides which model a file of `library` belongs to, and what paths tell of models."""
        rules = [
            _GROUPING_VERSION,
            library.grouping,
            sorted(map(str.casefold, library.absorbed_names)),
            library.path_template,
            sorted((folder, rule.how, rule.absorbed, rule.separate) for folder, rule in self.folders.items()),
            sorted(self.placements.merged.items()),
            sorted(self.placements.split.items()),
        ]
        return hashlib.sha256(json.dumps(rules).encode()).hexdigest()


def decisions_of(library_id: int) -> Decisions:
    """What people decided about a library, by one query."""
    folders: dict[str, FolderRule] = {}
    placed: dict[str, dict[str, str]] = {kind: {} for kind in ModelDecision.Kind.values}
    for kind, path, said, absorbed, separate in fetch(_DECISIONS, library=library_id):
        if kind in placed:
            placed[kind][path] = said
        else:
            folders[path] = FolderRule(How(said), tuple(absorbed), tuple(separate))
    return Decisions(folders, Placements(placed[ModelDecision.Kind.MERGED], placed[ModelDecision.Kind.SPLIT]))


def rename_rows(library_id: int, new_paths: Mapping[str, str]) -> None:
    """Write that these paths of decisions are others now, in one transaction; see `Decisions.renamed`."""
    with transaction.atomic():
        _rename(list(FolderGrouping.objects.filter(library=library_id)), "folder", new_paths)
        placed = list(ModelDecision.objects.filter(library=library_id))
        for row in placed:
            row.target = new_paths.get(row.target, row.target)
        ModelDecision.objects.bulk_update(placed, ["target"])
        for kind in ModelDecision.Kind.values:
            _rename([row for row in placed if row.kind == kind], "path", new_paths)


def _rename(
    rows: Sequence[FolderGrouping | ModelDecision], column: str, new_paths: Mapping[str, str]
) -> None:
    by_path = {getattr(row, column): row for row in rows}
    kept = renamed_paths(by_path, new_paths=new_paths)
    for path in by_path.keys() - kept.keys():
        by_path[path].delete()
    moving = {new: by_path[old] for old, new in kept.items() if old != new}
    # No path begins with a slash: rows that exchange their paths step aside first.
    for aside in (True, False):
        for new, row in moving.items():
            setattr(row, column, f"/{row.pk}" if aside else new)
            row.save(update_fields=[column])


def _renamed(placed: Mapping[str, str], new_paths: Mapping[str, str]) -> dict[str, str]:
    kept = renamed_paths(placed, new_paths=new_paths)
    return {new: new_paths.get(placed[old], placed[old]) for old, new in kept.items()}
