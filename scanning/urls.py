"""Addresses of the activity page and its actions."""

from django.urls import path

from scanning import views

app_name = "scanning"
urlpatterns = [
    path("", views.activity, name="activity"),
    path("live/", views.live, name="live"),
    path("pill/", views.pill, name="pill"),
    path("libraries/<int:library_id>/", views.library_state, name="library_state"),
    path("libraries/<int:library_id>/paths/", views.path_template, name="path_template"),
    path("scans/<int:scan_id>/", views.report, name="report"),
    path("scan/", views.scan_all, name="scan_all"),
    path("scan/<int:library_id>/", views.scan, name="scan"),
    path("scans/<int:scan_id>/cancel/", views.cancel, name="cancel"),
    path("scans/<int:scan_id>/pause/", views.pause, name="pause"),
    path("scans/<int:scan_id>/resume/", views.resume, name="resume"),
    path("retry/", views.retry_all, name="retry_all"),
    path("retry/<int:file_id>/", views.retry, name="retry"),
    path("problems/<int:problem_id>/ignore/", views.ignore, name="ignore"),
]
