"""Choosing the model of every file that a scan saw: by the rules, and by what people decided.

Nothing but the temporary tables of the scan is written.
"""

from collections.abc import Collection, Iterable

from libraries.models import Library
from scanning import placing_statements as statements
from scanning.decisions import Decisions
from scanning.folder_rules import BY_STEM
from scanning.grouping import Holds, OwnModels, holds, model_folders
from scanning.path_moves import where_paths_went
from scanning.sql import batches, execute, fetch
from scanning.staging import Staged, copy_rows


class Places:
    """The models of the files of `library` as far as a scan of it, or of what begins with `scope`, has seen them."""

    def __init__(self, library: Library, decisions: Decisions, *, scope: str) -> None:
        self.library = library
        self.decisions = decisions
        self.scope = scope
        self.rules = decisions.rulebook(library)
        self.own_model = OwnModels(self.rules)
        self.model_folders: set[str] = set()
        self._models: dict[int, str | None] = {}

    def of(self, folder: int, *, own_model: str | None, decided: str | None) -> str | None:
        """The path of the model of a file, by the number of its folder and what its row in `scan_seen` says."""
        return decided or self._models[folder] or own_model

    def drop_lonely_companions(self) -> None:
        """Leave files that only accompany others without a model where there are no others."""
        if self.rules.has_stems:
            execute(statements.DROP_LONELY_COMPANIONS, library=self.library.pk, scope=self.scope)

    def follow_moves(self) -> dict[str, str]:
        """Let decisions follow the folders and files that moved; return old and new paths, for the rows of decisions."""
        paths = self.decisions.paths
        if not paths:
            return {}
        moves = ((old, new) for some in batches(statements.MOVES) for old, new in some)
        went = where_paths_went(paths, moves)
        still = {row[0] for row in fetch(statements.STILL_THERE, paths=list(went))}
        new_paths = {old: new for old, new in went.items() if old not in still}
        if new_paths:
            before = self.rules
            self.decisions = self.decisions.renamed(new_paths)
            self.rules = self.decisions.rulebook(self.library)
            self.own_model = OwnModels(self.rules)
            changed = {*new_paths, *new_paths.values()}
            if any({before.at(path).how, self.rules.at(path).how} & BY_STEM for path in changed):
                self._ask_anew(changed)
        return new_paths

    def choose(self, staged: Staged, *, has_known_files: bool) -> None:
        """Fill `scan_places`, if there are files that may have to go, and put decisions into `scan_seen` and `scan_diff`."""
        folders = {folder: held for folder, (_, held) in staged.folders.items()}
        around = self.scope.partition("/")[0] + "/" if self.scope else ""
        if not (self.rules.is_uniform and self.rules.has_stems):
            for (path,) in fetch(statements.UNSEEN_PATHS, library=self.library.pk, around=around):
                folder, _, name = path.rpartition("/")
                folders[folder] = folders.get(folder, 0) | holds(name)
        homes = model_folders(folders, rules=self.rules)
        settled = self.decisions.placements.settled
        self._models = {number: settled(homes[folder]) for folder, (number, _) in staged.folders.items()}
        self.model_folders = {path for path in self._models.values() if path}
        execute(statements.MAKE_PLACES)
        if has_known_files:
            copy_rows("scan_places", self._models.items())
        self._place_by_decisions()

    def _place_by_decisions(self) -> None:
        placements = self.decisions.placements
        if placements.merged:
            settled = ((path, placements.settled(path)) for path in placements.merged)
            self._write(statements.WRITE_MERGED, settled)
        if placements.split:
            settled = ((path, placements.settled(target)) for path, target in placements.split.items())
            self._write(statements.WRITE_SPLIT, settled)
        if placements.merged or placements.split:
            execute(statements.TELL_DIFF)

    def _ask_anew(self, folders: Collection[str]) -> None:
        """Ask for the own models of files in these folders again, whose rules are others than when they were seen."""
        paths = {row[0] for row in fetch(statements.SEEN_BELOW, folders=list(folders))}
        self._write(statements.WRITE_OWNED, ((path, self._own_model_of(path)) for path in paths))
        self.drop_lonely_companions()
        execute(statements.TELL_DIFF)

    def _own_model_of(self, path: str) -> str | None:
        folder = path.rpartition("/")[0]
        is_asked = not folder or holds(path) is Holds.ARCHIVES or self.own_model.is_for_every_file_in(folder)
        return self.own_model.of(path) if is_asked else None

    def _write(self, statement: str, rows: Iterable[tuple[str, str | None]]) -> None:
        execute(statements.MAKE_OWNED)
        copy_rows("scan_owned", rows)
        execute(statement)
