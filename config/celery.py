"""The Celery application. Messages are only alarm clocks: what is to be done stands in the rows."""

from celery import Celery

from config.schedules import SCHEDULE

app = Celery("layershelf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(["scanning", "models3d"])
