"""Keeping Problem rows in line with the facts of files: raised, reworded and cleared in batches."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, transaction

from models3d.findings import FACT_NAMES, KINDS, FileFacts, findings_of
from models3d.models import ModelFile

_BATCH: Final = 1_000

# Problems of a file move with it into another model, and stay ignored if they were.
_FOLLOW: Final = """
UPDATE scanning_problem problem SET model_id = file.model_id FROM models3d_modelfile file
WHERE problem.file_id = file.id AND file.id = ANY(%(ids)s) AND problem.model_id IS DISTINCT FROM file.model_id
"""
_CLEAR: Final = """
DELETE FROM scanning_problem WHERE file_id = ANY(%(ids)s) AND kind = ANY(%(managed)s) AND (file_id, kind) NOT IN (
  SELECT * FROM unnest(%(files)s::bigint[], %(kinds)s::text[]))
"""
_RAISE: Final = """
INSERT INTO scanning_problem (library_id, model_id, file_id, kind, severity, sentence, found_at)
SELECT file.library_id, file.model_id, file.id, found.kind, found.severity, found.sentence, now()
FROM unnest(%(files)s::bigint[], %(kinds)s::text[], %(severities)s::text[], %(sentences)s::text[])
  AS found(file_id, kind, severity, sentence)
JOIN models3d_modelfile file ON file.id = found.file_id
ON CONFLICT (library_id, model_id, file_id, kind) DO UPDATE
SET severity = excluded.severity, sentence = excluded.sentence
WHERE (scanning_problem.severity, scanning_problem.sentence) IS DISTINCT FROM (excluded.severity, excluded.sentence)
"""


def settle_all() -> int:
    """Settle the problems of every file whose facts changed; return how many files that were."""
    total = 0
    while settled := settle(_BATCH):
        total += settled
    return total


def settle(limit: int) -> int:
    """Raise and clear the problems of up to `limit` files whose facts changed; return how many files that were.

    Files that another worker settles at the same time are left to it.
    """
    with transaction.atomic():
        stale = ModelFile.objects.filter(are_problems_stale=True).order_by("id")[:limit]
        rows = list(stale.select_for_update(skip_locked=True).values("id", *FACT_NAMES))
        if rows:
            _settle(rows)
    return len(rows)


def _settle(rows: Iterable[dict[str, Any]]) -> None:
    ids, files, kinds, severities, sentences = [], [], [], [], []
    for row in rows:
        file_id = row.pop("id")
        ids.append(file_id)
        for finding in findings_of(FileFacts(**row)):
            files.append(file_id)
            kinds.append(finding.kind)
            severities.append(finding.severity)
            sentences.append(finding.sentence)
    found = {
        "ids": ids,
        "managed": list(KINDS),
        "files": files,
        "kinds": kinds,
        "severities": severities,
        "sentences": sentences,
    }
    with connection.cursor() as cursor:
        for statement in (_FOLLOW, _CLEAR, _RAISE):
            cursor.execute(statement, found)
    ModelFile.objects.filter(pk__in=ids).update(are_problems_stale=False)
