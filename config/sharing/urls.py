"""Addresses of shared links: those of the people who make them, and those that guests follow."""

from django.urls import path

from config.sharing import guest_views, views

app_name = "sharing"
urlpatterns = [
    path("shared-links/", views.links, name="links"),
    path("shared-links/new/", views.share, name="share"),
    path("shared-links/<int:link_id>/revoke/", views.revoke, name="revoke"),
    path("shared/<str:key>/", guest_views.opened, name="opened"),
    path("shared/<str:key>/models/<int:pk>/", guest_views.model, name="model"),
    path("shared/<str:key>/models/<int:pk>/download/", guest_views.download_model, name="download_model"),
    path("shared/<str:key>/files/<int:pk>/", guest_views.download, name="download"),
    path("shared/<str:key>/previews/<str:sha256>/<str:name>", guest_views.preview, name="preview"),
]
