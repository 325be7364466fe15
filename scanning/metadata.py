"""Values for models that nobody has to type: told by their paths (the library's template) and by the papers beside them.

What a person typed wins. What was parsed once and is not told any more is taken off again.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, Final

from config.lib.commits import relaxed_commits
from config.lib.locks import metadata_lock
from libraries.models import Library
from libraries.path_template import PathTemplate
from libraries.storage import LibraryStorage, StorageError, storage_for
from scanning import metadata_statements as statements
from scanning.metadata_writing import Wanted, put_on_models
from scanning.models import ParsedMetadata
from scanning.path_values import values_of_path
from scanning.sidefiles.papers import LIKELY, MOST_BYTES, papers_of, told_by_papers
from scanning.sidefiles.told import Told, tidy_tags
from scanning.sql import execute, fetch

_BATCH: Final = 500
_READERS: Final = 4


def mark_models(library: Library, *, model_ids: Collection[int] | None) -> None:
    """Let these models of `library` wait until somebody looks at their paths and papers; None stands for all of them."""
    statement = statements.MARK if library.path_template else statements.MARK_WITH_PAPERS
    ids = None if model_ids is None else list(model_ids)
    execute(statement + statements.ON_KNOWN, library=library.pk, ids=ids, likely=LIKELY)


def fill_waiting_models() -> None:
    """Put what paths and papers tell onto every model that waits for it, except in libraries that are being scanned."""
    waiting = ParsedMetadata.objects.filter(is_stale=True)
    for library in Library.objects.kept().filter(pk__in=waiting.values("model__library")):
        while _fill_some(library):
            pass


def _fill_some(library: Library) -> bool:
    """Fill a batch of waiting models; False if there was none, or if this is somebody else's turn."""
    with metadata_lock(library.pk, waits=False) as is_held:
        if not is_held:
            return False
        ids = [row[0] for row in fetch(statements.STALE, library=library.pk, limit=_BATCH)]
        if ids:
            with relaxed_commits():
                fill_models(library, ids)
                execute(statements.SETTLE, ids=ids)
        return bool(ids)


def fill_models(library: Library, model_ids: Collection[int]) -> None:
    """Put what paths and papers tell onto these models of `library`, whose metadata lock is held.

    Papers are read only if they are not those of the last time. Models whose files are all missing keep what they have.
    """
    template = PathTemplate(library.path_template) if library.path_template else None
    sources = [one for one in _sources(model_ids, template) if one.is_present or not one.has_files]
    _read_papers([source for source in sources if source.has_new_papers], storage_for(library))
    put_on_models([source.wanted() for source in sources if source.has_news])


def take_back(model_ids: Collection[int]) -> None:
    """Take parsed values off those of these models that have no file any more, so that only what people typed is left."""
    if model_ids:
        left = [source for source in _sources(model_ids, None) if not source.has_files and source.has_news]
        for source in left:
            source.learn(Told())
        put_on_models([source.wanted() for source in left])


class _Source:
    """One model: where it lies, its papers, and what was told the last time. `row` is one of `statements.SOURCES`."""

    def __init__(self, row: tuple[Any, ...], template: PathTemplate | None) -> None:
        self.model_id, self.path, self.has_files, self.is_present, is_file, papers, *before = row
        self.papers = papers_of(self.path, (listed[0] for listed in json.loads(papers))) if papers else {}
        self.digest = hashlib.sha256(papers.encode()).hexdigest() if self.papers else ""
        self.digest_before = before[0]
        self.from_papers, self.from_path_before, self.applied = map(json.loads, before[1:])
        self.from_path = (
            values_of_path(self.path, template, is_file=is_file) if template and self.has_files else {}
        )
        self.notes: str | None = None

    @property
    def has_new_papers(self) -> bool:
        return bool(self.digest != self.digest_before)

    @property
    def has_news(self) -> bool:
        """Whether path or papers tell something else than the last time."""
        return self.has_new_papers or self.from_path != self.from_path_before

    def learn(self, told: Told) -> None:
        """Take over what newly read papers tell."""
        self.from_papers = {key: value for key, value in asdict(told).items() if value and key != "notes"}
        self.notes = told.notes

    def keep_papers(self) -> None:
        """Leave it at what the papers told the last time."""
        self.digest = self.digest_before

    def wanted(self) -> Wanted:
        """What the model is to have: the path, which follows the owner's own rule, counts before papers."""
        from_path, from_papers = self.from_path, self.from_papers
        return Wanted(
            model_id=self.model_id,
            name=from_path.get("name") or from_papers.get("title", ""),
            creator=from_path.get("creator") or from_papers.get("creator", ""),
            license=from_papers.get("license", ""),
            tags=tidy_tags([*from_path.get("tags", []), *from_papers.get("tags", [])]),
            collection=tuple(from_path.get("collections", [])),
            links=list(from_papers.get("links", [])),
            notes=self.notes,
            papers=self.digest,
            from_papers=from_papers,
            from_path=from_path,
            applied=self.applied,
        )


def _sources(ids: Collection[int], template: PathTemplate | None) -> list[_Source]:
    return [_Source(row, template) for row in fetch(statements.SOURCES, ids=list(ids), likely=LIKELY)]


def _read_papers(sources: Sequence[_Source], storage: LibraryStorage) -> None:
    """Read what is new. If one paper of a model cannot be read, they all count as unchanged until the next look.

    The analysis, which reads every file, says why on the model's page.
    """
    wanted = [path for source in sources for path in source.papers.values()]
    contents: dict[str, bytes] = {}
    if wanted:
        with ThreadPoolExecutor(_READERS, thread_name_prefix="papers") as readers:
            read = readers.map(lambda path: _beginning_of(storage, path), wanted)
            contents = {
                path: content for path, content in zip(wanted, read, strict=True) if content is not None
            }
    for source in sources:
        if all(path in contents for path in source.papers.values()):
            source.learn(told_by_papers(source.papers, contents))
        else:
            source.keep_papers()


def _beginning_of(storage: LibraryStorage, path: str) -> bytes | None:
    try:
        with storage.open(path) as file:
            return file.read(MOST_BYTES)
    except (StorageError, OSError):
        return None
