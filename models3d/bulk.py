"""Bulk edits: asked for, worked off in batches under a lease, cancelled and undone. The row is the queue."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from models3d.audience import audience_of
from models3d.bulk_actions import TargetGone, run_batch, settle_batch
from models3d.bulk_models import UNDOABLE, BulkChange, BulkEdit
from models3d.models import Model3D
from models3d.selection import Selection

logger = logging.getLogger(__name__)

# A fraction of a second each: short enough for a request to do the first batch itself, and for locks to be held.
_BATCH: Final = 2_000
_BATCH_OF_LINKS: Final = 10_000
_LEASE: Final = timedelta(seconds=60)
_MOST_ATTEMPTS: Final = 3
_PROGRESS: Final = (
    "total_count", "done_count", "settled_count", "changed_count", "attempt_count", "claimed_until",
)  # fmt: skip
_KEPT_FOR: Final = timedelta(days=30)

_GATHER: Final = """
UPDATE models3d_bulkedit SET model_ids = ARRAY(SELECT id FROM ({models}) AS chosen ORDER BY id) WHERE id = %s
RETURNING cardinality(model_ids)
"""
_IDS_OF_CHANGES: Final = """
INSERT INTO models3d_bulkedit (user_id, action, value, title, is_everything, query, model_ids, state, done_count,
  settled_count, changed_count, is_cancel_requested, attempt_count, error, undoes_id)
SELECT %(user)s, %(action)s, %(value)s, %(title)s, false, '', ARRAY(
  SELECT DISTINCT unnest(model_ids) FROM models3d_bulkchange WHERE edit_id = %(edit)s AND target_id = %(target)s
  ORDER BY 1), 'queued', 0, 0, 0, false, 0, '', %(edit)s
RETURNING id
"""


class AlreadyUndone(Exception):
    """The edit was undone before, or is still under way. Look at the list of edits."""

    def __init__(self) -> None:
        super().__init__("This was undone already, or is not done yet.")


def request_bulk_edit(
    selection: Selection, *, user: Any, action: BulkEdit.Action, value: dict[str, Any], title: str
) -> BulkEdit:
    """Return a new waiting edit of the chosen models; which of them `user` may see is settled when it begins."""
    return BulkEdit.objects.create(
        user=user,
        action=action,
        value=value,
        title=title[:300],
        is_everything=selection.is_everything,
        query=selection.query,
        model_ids=list(selection.ids),
    )


def work_on(edit_id: int, *, seconds: float) -> None:
    """Work on one edit for about `seconds`, unless it is done or somebody else is at it. The row tells how far it is."""
    deadline = time.monotonic() + seconds
    claimed_until = _claim(edit_id, timezone.now())
    if claimed_until is None:
        return
    try:
        while claimed_until is not None:
            claimed_until = _step(edit_id, claimed_until)
            if time.monotonic() > deadline:
                break
    except TargetGone as error:
        # No further batch is begun; what follows from earlier ones still does.
        BulkEdit.objects.filter(pk=edit_id).update(
            error=str(error), is_cancel_requested=True, claimed_until=None, attempt_count=0
        )
        work_on(edit_id, seconds=deadline - time.monotonic())
    except Exception:
        logger.exception("Bulk edit %s failed.", edit_id)
        _fail_once(edit_id)
        raise
    else:
        BulkEdit.objects.filter(pk=edit_id, claimed_until=claimed_until).update(claimed_until=None)


def work_for(*, seconds: float) -> None:
    """Work on waiting edits, the oldest first, until none is left or about `seconds` are over."""
    deadline = time.monotonic() + seconds
    tried: set[int] = set()
    while (left := deadline - time.monotonic()) > 0:
        waiting = BulkEdit.objects.claimable(timezone.now()).exclude(pk__in=tried).order_by("id")
        edit_id = waiting.values_list("pk", flat=True).first()
        if edit_id is None:
            return
        tried.add(edit_id)
        work_on(edit_id, seconds=left)


def cancel(edit: BulkEdit) -> None:
    """Let an edit end after the batch it is at. What is done stays done, and may be undone."""
    BulkEdit.objects.unfinished().filter(pk=edit.pk).update(is_cancel_requested=True)


def undo(edit: BulkEdit, *, user: Any, now: datetime) -> list[int]:
    """Ask for the reverse of an edit, for the models it really changed; ids of the new edits. Raises AlreadyUndone."""
    if edit.action not in UNDOABLE:
        raise AlreadyUndone
    with transaction.atomic(), connection.cursor() as cursor:
        ended = BulkEdit.objects.filter(pk=edit.pk, undone_at=None).exclude(state__in=["queued", "running"])
        if not ended.update(undone_at=now):
            raise AlreadyUndone
        made = []
        action = UNDOABLE[BulkEdit.Action(edit.action)]
        key = "tags" if "tags" in edit.value else "collections"
        for target in edit.changes.order_by("target_id").values_list("target_id", flat=True).distinct():
            values = {"user": user.pk, "action": action, "edit": edit.pk, "target": target}
            values |= {"value": f'{{"{key}": [{target}]}}', "title": f"Undo: {edit.title}"[:300]}
            cursor.execute(_IDS_OF_CHANGES, values)
            made.append(cursor.fetchone()[0])
    return made


def forget_old_edits(*, now: datetime) -> None:
    """Delete the rows of edits that ended long ago, with what undoing them would need."""
    old = BulkEdit.objects.filter(finished_at__lt=now - _KEPT_FOR).order_by("pk")
    while ids := list(old.values_list("pk", flat=True)[:200]):
        BulkChange.objects.filter(edit__in=ids).delete()
        BulkEdit.objects.filter(pk__in=ids).delete()


def _claim(edit_id: int, now: datetime) -> datetime | None:
    """The lease, if this edit is ours now; the attempt is counted, and one too many ends the edit."""
    until = now + _LEASE
    mine = BulkEdit.objects.claimable(now).filter(pk=edit_id)
    if not mine.update(claimed_until=until, state=BulkEdit.State.RUNNING):
        return None
    edit = BulkEdit.objects.defer("model_ids").get(pk=edit_id)
    if edit.attempt_count >= _MOST_ATTEMPTS:
        _end(
            edit_id,
            BulkEdit.State.FAILED,
            error="The worker died at this batch three times. Try it in parts.",
        )
        return None
    BulkEdit.objects.filter(pk=edit_id).update(attempt_count=edit.attempt_count + 1)
    return until


def _step(edit_id: int, claimed_until: datetime) -> datetime | None:
    """Do one batch, count it and renew the lease in one transaction; None at the end or if somebody else took over."""
    with transaction.atomic():
        edits = BulkEdit.objects.select_for_update().defer("model_ids")
        edit = edits.filter(pk=edit_id, claimed_until=claimed_until, state=BulkEdit.State.RUNNING).first()
        if edit is None:
            return None
        user = get_user_model().objects.filter(pk=edit.user_id, is_active=True).first()
        if user is None or not _may_do(user, edit):
            _end(edit_id, BulkEdit.State.FAILED, error="Whoever asked for this may no longer edit models.")
            return None
        if edit.total_count is None:
            edit.total_count = _gather(edit, user)
        if edit.done_count < edit.total_count and not edit.is_cancel_requested:
            _do_batch(edit, user)
        else:
            batch = _ids_from(edit, edit.settled_count, _BATCH)[: edit.done_count - edit.settled_count]
            settle_batch(edit, batch)
            edit.settled_count += len(batch)
        edit.attempt_count = 0
        edit.claimed_until = timezone.now() + _LEASE
        edit.save(update_fields=_PROGRESS)
        if edit.done_count < edit.total_count and not edit.is_cancel_requested:
            return edit.claimed_until
        if edit.settled_count < edit.done_count:
            return edit.claimed_until
        _end(edit_id, _end_state(edit), error=edit.error)
        return None


def _do_batch(edit: BulkEdit, user: Any) -> None:
    is_linking = edit.action in UNDOABLE
    batch = _ids_from(edit, edit.done_count, _BATCH_OF_LINKS if is_linking else _BATCH)
    visible = Model3D.objects.visible_to(user).filter(pk__in=batch)
    outcome = run_batch(edit, sorted(visible.values_list("pk", flat=True)))
    BulkChange.objects.bulk_create(
        BulkChange(edit=edit, target_id=target, model_ids=ids) for target, ids in outcome.changes
    )
    edit.done_count += len(batch)
    edit.changed_count += outcome.changed_count
    if not is_linking:
        edit.settled_count = edit.done_count


def _end_state(edit: BulkEdit) -> BulkEdit.State:
    if edit.error:
        return BulkEdit.State.FAILED
    is_cut_short = edit.is_cancel_requested and edit.done_count < (edit.total_count or 0)
    return BulkEdit.State.CANCELLED if is_cut_short else BulkEdit.State.DONE


def _may_do(user: Any, edit: BulkEdit) -> bool:
    return edit.action == BulkEdit.Action.SET_FAVORITE or user.has_perm("models3d.change_model3d")


def _gather(edit: BulkEdit, user: Any) -> int:
    """Write down, within Postgres, every model that the edit is for; how many these are."""
    ids = () if edit.is_everything else BulkEdit.objects.values_list("model_ids", flat=True).get(pk=edit.pk)
    selection = Selection(tuple(ids), edit.is_everything, edit.query)
    chosen: QuerySet[Any, Any] = selection.models(audience_of(user)).order_by().values("id")
    try:
        sql, parameters = chosen.query.sql_with_params()
    except EmptyResultSet:  # nothing can fit: no library to see, or no word in the search
        sql, parameters = "SELECT 0 AS id WHERE false", ()
    with connection.cursor() as cursor:
        cursor.execute(_GATHER.format(models=sql), [*parameters, edit.pk])
        return int(cursor.fetchone()[0])


def _ids_from(edit: BulkEdit, position: int, size: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT model_ids[%s:%s] FROM models3d_bulkedit WHERE id = %s",
            [position + 1, position + size, edit.pk],
        )
        return list(cursor.fetchone()[0])


def _end(edit_id: int, state: BulkEdit.State, *, error: str = "") -> None:
    BulkEdit.objects.filter(pk=edit_id).update(
        state=state, error=error, claimed_until=None, finished_at=timezone.now()
    )


def _fail_once(edit_id: int) -> None:
    """Let it be tried again later; the attempts counted at each claim end that."""
    BulkEdit.objects.filter(pk=edit_id).update(
        error="Something went wrong; it is tried again.", claimed_until=timezone.now() + timedelta(seconds=15)
    )
