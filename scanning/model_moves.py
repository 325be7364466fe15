"""Models follow their files: a folder that was renamed or moved keeps its model, with id, tags, notes and all.

So do models that other rules or decisions leave without any file. Where most of a model's parts went decides. The model is
moved before its files are: a scan that ends in between is completed by the next one, which finds the files moved again.
"""

from collections.abc import Collection

from django.db import transaction

from models3d.merging import join_models, join_plain_models
from models3d.models import Model3D
from scanning import model_statements as statements
from scanning.naming import is_parsed_name, readable_name
from scanning.sql import batches, execute, fetch
from scanning.staging import Watch, copy_rows


def move_models(library_id: int, *, scope: str, folders: Collection[str], watch: Watch) -> None:
    """Give models whose files moved their new paths, and names unless a person gave them. `folders` are models' paths,
    `scope` what the paths of scanned files begin with.

    To be called while `scan_diff` has the moves, `scan_moves` the files that other rules put elsewhere, and `scan_places`
    the models of folders; before files are moved.
    """
    execute(statements.MAKE_LEAVING)
    execute(statements.MAKE_VOTES, library=library_id, scope=scope)
    execute(statements.MAKE_MODEL_MOVES)
    execute(statements.JOIN_RIVALS)
    while execute(statements.JOIN_BLOCKED, library=library_id, scope=scope):
        pass
    execute(statements.JOIN_HOLDERS, library=library_id)
    _join(is_before=True)
    taken = []
    for moves in batches(statements.MODEL_MOVES, library=library_id):
        watch.tick()
        rows = [(model_id, new_path, _name(name, old_path, new_path, is_named=is_named, folders=folders), is_taken)
                for model_id, old_path, new_path, name, is_named, is_taken in moves]  # fmt: skip
        _rename(library_id, [row[:3] for row in rows if not row[3]], exchange=False)
        taken += [row[:3] for row in rows if row[3]]
    _rename(library_id, taken, exchange=True)


def join_left_models() -> set[int]:
    """Join models that lost all files to others with these, once the files are there; return the ids that are gone."""
    return _join(is_before=False)


def _join(*, is_before: bool) -> set[int]:
    kept_by_gone = dict(fetch(statements.JOINS, is_before=is_before))
    for gone, kept in kept_by_gone.items():
        while kept in kept_by_gone:  # which goes as well
            kept = kept_by_gone[kept]
        kept_by_gone[gone] = kept
    # Thousands may go when rules change; most have nothing to hand on but their files.
    plain = set() if is_before else _without_anything(kept_by_gone)
    join_plain_models([pair for pair in kept_by_gone.items() if pair[0] in plain])
    joined = {gone: kept for gone, kept in kept_by_gone.items() if gone not in plain}
    for gone, kept in joined.items():
        execute(statements.MOVE_PROBLEMS, gone=gone, kept=kept)
    join_models(joined.items())
    return set(kept_by_gone)


def _without_anything(model_ids: Collection[int]) -> set[int]:
    empty = Model3D.objects.filter(pk__in=model_ids, files=None).untouched()
    return set(empty.values_list("pk", flat=True))


def _name(name: str, old_path: str, new_path: str, *, is_named: bool, folders: Collection[str]) -> str:
    """The name after a move: of the new path, where it was that of the old path and no person's choice."""
    if is_named or not is_parsed_name(name, path=old_path):
        return name
    return readable_name(new_path, is_file=new_path not in folders)


def _rename(library_id: int, rows: list[tuple[int, str, str]], *, exchange: bool) -> None:
    """Write paths and names in one transaction; `exchange` if models may take the paths of others among them."""
    if not rows:
        return
    with transaction.atomic():
        execute(statements.MAKE_RENAMES)
        copy_rows("scan_renames", rows)
        if exchange:
            execute(statements.STEP_ASIDE)
        execute(statements.RENAME, library=library_id)
