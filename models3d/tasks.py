"""Alarm clocks of analysis, bulk edits and what was put aside: what is to be done stands in the rows."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from libraries.models import Library
from models3d import bulk, derived, putting_aside, shapes, vocabulary, working_off


@shared_task
def analyze_waiting() -> None:
    """Work on waiting files until none is left or the time of one message is over; beat rings again."""
    working_off.work_for(seconds=settings.ANALYSIS_TASK_SECONDS, threads=settings.MESH_CHILDREN)


@shared_task
def work_off_bulk_edits() -> None:
    """Work on bulk edits until none waits or the time of one message is over; beat rings again."""
    bulk.work_for(seconds=settings.ANALYSIS_TASK_SECONDS)


@shared_task
def recount() -> None:
    """Count the models of libraries, tags and creators anew; forget unused shapes and bulk edits of long ago."""
    bulk.forget_old_edits(now=timezone.now())
    derived.refresh_libraries(Library.objects.kept().values_list("pk", flat=True))
    derived.recount_tags_and_creators()
    shapes.forget_unused_shapes()
    vocabulary.learn(timezone.now())


@shared_task
def bring_back_orphans() -> None:
    """Bring back files that were put aside for a content that is no longer there."""
    putting_aside.bring_back_orphans()


@shared_task
def learn_words() -> None:
    """Learn the words of names, tags and creators anew after a scan; what people typed is learnt with the nightly counts."""
    vocabulary.learn_if_scanned(timezone.now())
