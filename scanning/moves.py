"""Finding files again that vanished: by their content at another path of the same library, with all that is known of them.

Works on the temporary tables of a scan between comparing and writing: rows of `scan_diff` that turn out to be moves become
`moved`. Nothing but temporary tables is written.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from libraries.hashing import FileChangedWhileRead
from libraries.storage import LibraryStorage
from scanning import move_statements as statements
from scanning.folder_moves import FolderMoves
from scanning.sql import batches, execute, fetch
from scanning.staging import Watch, copy_rows

# Enough to keep a network disk busy; hashing itself runs on as many cores as there are.
_READERS: Final = 4
_HASHED_AT_ONCE: Final = 500

# From certain to likely; each looks only at what those before left over.
_BY_LIKENESS: Final = (
    statements.MATCH_BY_CONTENT_NAME_AND_TIME,
    statements.MATCH_BY_CONTENT_AND_NAME,
    statements.MATCH_BY_CONTENT_AND_FOLDER,
    statements.MATCH_IN_ORDER,
)


def find_moves(library_id: int, storage: LibraryStorage, *, has_vanished: bool, watch: Watch) -> None:
    """Mark what moved within the library in `scan_diff`. Reads the files that have the size of one that vanished.

    `has_vanished` tells that this scan itself found something missing or with another content.
    """
    if not has_vanished and not fetch(statements.HAS_MISSING, library=library_id)[0][0]:
        return
    execute(statements.DROP)
    execute(statements.MAKE_SOURCES, library=library_id)
    execute(statements.MAKE_TARGETS)
    execute(statements.MAKE_MATCHES)
    if fetch(statements.HAS_TARGETS)[0][0]:
        hash_targets(storage, watch)
        match()
        execute(statements.NOTE_TAKEN)
        while execute(statements.DROP_DISPLACING):
            pass
        execute(statements.LET_YIELD)
        execute(statements.WRITE_INTO_DIFF)
    execute(statements.DROP)


def hash_targets(storage: LibraryStorage, watch: Watch) -> None:
    """Find out the contents of `scan_targets` that may be those of `scan_sources`."""
    after = 0
    with ThreadPoolExecutor(_READERS, thread_name_prefix="hashing") as readers:
        while rows := fetch(statements.TO_HASH, after=after, limit=_HASHED_AT_ONCE):
            watch.tick(path=rows[0][1])
            hashes = readers.map(lambda path: _hash_of(storage, path), [path for _, path in rows])
            copy_rows(
                "scan_hashes", ((n, sha) for (n, _), sha in zip(rows, list(hashes), strict=True) if sha)
            )
            after = rows[-1][0]
    execute(statements.STORE_HASHES)


def _hash_of(storage: LibraryStorage, path: str) -> str:
    """The content of a file; empty if it cannot be read now, so that it counts as new and its analysis says why."""
    try:
        return storage.sha256(path)
    except (FileChangedWhileRead, OSError):
        return ""


def match() -> None:
    """Write into `scan_matches` which of `scan_targets` each of `scan_sources` is now."""
    execute(statements.MATCH_BY_CONTENT)
    execute(statements.MATCH_UNHASHED)
    folders = FolderMoves()
    for pairs in batches(statements.MATCHED_PATHS):
        for old, new in pairs:
            folders.learn(old, new)
    for sources in batches(statements.UNMATCHED_SOURCES):
        guesses = ((file_id, enumerate(folders.guesses(path))) for file_id, path in sources)
        copy_rows("scan_guesses", ((file_id, *guess) for file_id, some in guesses for guess in some))
    execute(statements.MATCH_GUESSES)
    for statement in _BY_LIKENESS:
        execute(statement)
    while execute(statements.MATCH_UNHASHED_THAT_LEFT):
        pass
