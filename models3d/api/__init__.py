"""Models, their files and how people group them, as JSON: one router per kind of thing."""

from models3d.api import collections, comparing, files, groups, jobs, models, searches

routers = (
    models.router,
    files.router,
    collections.router,
    groups.router,
    searches.router,
    comparing.router,
    jobs.router,
)
