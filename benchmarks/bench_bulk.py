"""What it takes to edit very many models at once: put a tag on all of them, and take it off again by undoing."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from benchmarks.figures import Figure, seconds_of
from benchmarks.rows import make_rows
from collections_app.models import Tag
from models3d import bulk
from models3d.bulk_models import BulkEdit
from models3d.selection import Selection

_FLOOR = """
INSERT INTO bulk_floor SELECT model3d_id, tag_id FROM models3d_model3d_tags
"""


def run(model_count: int) -> Iterator[Figure]:
    """Wall seconds from the asking to the last model, as one worker does it."""
    library = make_rows(model_count)
    user = get_user_model().objects.create_superuser("bulk-benchmark")
    tag = Tag.objects.create(name="bulk benchmark")

    def ask() -> int:
        edit = bulk.request_bulk_edit(
            Selection(is_everything=True, query=f"library={library.pk}"),
            user=user,
            action=BulkEdit.Action.ADD_TAGS,
            value={"tags": [tag.pk]},
            title="Benchmark",
        )
        return edit.pk

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bulk_floor (model3d_id bigint, tag_id bigint, UNIQUE (model3d_id, tag_id))"
        )
        floor = seconds_of(lambda: cursor.execute(_FLOOR))
    edit_id = ask()
    what = f"tag {model_count:,} models at once"
    linked = seconds_of(lambda: _until_linked(edit_id))
    yield Figure(f"{what}, until all have the tag", linked, "s", 10.0, floor, "inserting as many links")
    followed = seconds_of(lambda: bulk.work_on(edit_id, seconds=600))
    yield Figure(f"{what}, until words find it too", linked + followed, "s", None, floor, "the same")
    edit = BulkEdit.objects.get()
    assert edit.changed_count == model_count, edit.changed_count
    (undoing,) = bulk.undo(edit, user=user, now=timezone.now())
    yield Figure(
        f"undo the tag of {model_count:,} models",
        seconds_of(lambda: bulk.work_on(undoing, seconds=600)),
        "s",
    )
    library.delete()
    user.delete()


def _until_linked(edit_id: int) -> None:
    edit = BulkEdit.objects.get(pk=edit_id)
    while edit.total_count is None or edit.done_count < edit.total_count:
        bulk.work_on(edit_id, seconds=0)
        edit.refresh_from_db(fields=["total_count", "done_count"])
