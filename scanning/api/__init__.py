"""Scans, problems and uploads as JSON: one router each."""

from scanning.api import problems, scans, uploads

routers = (scans.router, problems.router, uploads.router)
