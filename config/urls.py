"""Every address: one include per app."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

from config.api import gate


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the web process answers; asks neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
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
