"""Every periodic task in one table. Each message expires before the next is due, so that a stopped worker meets no backlog."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "scan libraries whose interval is due, and take over scans whose worker went silent": {
        "task": "scanning.tasks.start_due_scans",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "analyze files that wait": {
        "task": "models3d.tasks.analyze_waiting",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "do bulk edits that wait, and take over those whose worker died": {
        "task": "models3d.tasks.work_off_bulk_edits",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "put on models what their paths and papers tell": {
        "task": "scanning.tasks.fill_metadata",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 50},
    },
    "raise and clear problems of files whose facts changed": {
        "task": "scanning.tasks.settle_problems",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 10},
    },
    "check uploads, put them into their libraries, and give their models what was typed": {
        "task": "scanning.tasks.work_on_uploads",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 10},
    },
    "move, bin, restore and delete files as people asked for": {
        "task": "scanning.tasks.work_on_changes",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 10},
    },
    "delete what was in the bin for long": {
        "task": "scanning.tasks.empty_bins",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "forget uploads that nobody finishes": {
        "task": "scanning.tasks.clear_stale_uploads",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "clear away the rows of removed libraries": {
        "task": "scanning.tasks.clear_removed_libraries",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "bring back files that were put aside for one that is gone": {
        "task": "models3d.tasks.bring_back_orphans",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "learn the words of what a scan brought": {
        "task": "models3d.tasks.learn_words",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 50},
    },
    "count anew what counters may have missed": {
        "task": "models3d.tasks.recount",
        "schedule": crontab(hour="3", minute="30"),
        "options": {"expires": 3600},
    },
}
