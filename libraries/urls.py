"""Addresses of the pages about libraries."""

from django.urls import path

from libraries import views

app_name = "libraries"
urlpatterns = [
    path("", views.list_libraries, name="list"),
    path("add/", views.add, name="add"),
    path("add/bucket/", views.add_bucket, name="add_bucket"),
    path("<int:library_id>/", views.edit, name="edit"),
    path("<int:library_id>/connection/", views.connection, name="connection"),
    path("<int:library_id>/remove/", views.remove, name="remove"),
]
