"""Alarm clocks of the analysis: what is to be done stands in the rows."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from libraries.models import Library
from models3d import derived, shapes, vocabulary, working_off


@shared_task
def analyze_waiting() -> None:
    """Work on waiting files until none is left or the time of one message is over; beat rings again."""
    working_off.work_for(seconds=settings.ANALYSIS_TASK_SECONDS, threads=settings.MESH_CHILDREN)


@shared_task
def recount() -> None:
    """Count the models of libraries, tags and creators anew, and forget shapes that no file has any more."""
    derived.refresh_libraries(Library.objects.kept().values_list("pk", flat=True))
    derived.recount_tags_and_creators()
    shapes.forget_unused_shapes()
    vocabulary.learn(timezone.now())


@shared_task
def learn_words() -> None:
    """Learn the words of names, tags and creators anew after a scan; what people typed is learnt with the nightly counts."""
    vocabulary.learn_if_scanned(timezone.now())
