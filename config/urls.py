"""Every address: one include per app."""

from django.contrib import admin
from django.urls import include, path, re_path

from config.api import gate
from config.health import healthz, readyz
from config.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("account/", include("config.accounts.urls")),
    path("libraries/", include("libraries.urls")),
    path("activity/", include("scanning.urls")),
    path("uploads/", include("scanning.upload_urls")),
    path("admin/", admin.site.urls),
    path("api/v1/openapi.json", gate.description, name="api_description"),
    re_path(r"^api/v1/(?P<rest>.*)$", gate.answer, name="api"),
    path("", include("config.sharing.urls")),
    path("", include("models3d.urls")),
]
