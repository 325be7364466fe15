"""Addresses of the activity page, its actions, and of grouping."""

from django.urls import path

from scanning.views import activity, grouping, rules

app_name = "scanning"
urlpatterns = [
    path("", activity.activity, name="activity"),
    path("live/", activity.live, name="live"),
    path("pill/", activity.pill, name="pill"),
    path("libraries/<int:library_id>/", activity.library_state, name="library_state"),
    path("libraries/<int:library_id>/paths/", activity.path_template, name="path_template"),
    path("libraries/<int:library_id>/rules/", rules.rules, name="rules"),
    path("scans/<int:scan_id>/", activity.report, name="report"),
    path("scan/", activity.scan_all, name="scan_all"),
    path("scan/chosen/", activity.rescan, name="rescan"),
    path("scan/<int:library_id>/", activity.scan, name="scan"),
    path("scans/<int:scan_id>/cancel/", activity.cancel, name="cancel"),
    path("scans/<int:scan_id>/pause/", activity.pause, name="pause"),
    path("scans/<int:scan_id>/resume/", activity.resume, name="resume"),
    path("retry/", activity.retry_all, name="retry_all"),
    path("retry/<int:file_id>/", activity.retry, name="retry"),
    path("problems/<int:problem_id>/ignore/", activity.ignore, name="ignore"),
    path("models/<int:pk>/grouping/", grouping.of_model, name="model_grouping"),
    path("models/<int:pk>/folder/", grouping.folder, name="group_folder"),
    path("models/<int:pk>/undo/", grouping.undo, name="undo_grouping"),
    path("models/<int:pk>/merge/", grouping.merge, name="merge"),
    path("models/<int:pk>/split/", grouping.split, name="split"),
]
