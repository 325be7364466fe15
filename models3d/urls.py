"""Addresses of models, their files and pictures."""

from django.urls import path

from models3d import api
from models3d.views import cover, edit, files, grid, model, search, searches, similar

app_name = "models3d"
urlpatterns = [
    path("", grid.grid, name="grid"),
    path("facets/", grid.facets, name="facets"),
    path("search/suggestions/", search.suggest, name="suggestions"),
    path("searches/", searches.searches, name="searches"),
    path("searches/save/", searches.save, name="save_search"),
    path("searches/<int:pk>/rename/", searches.rename, name="rename_search"),
    path("searches/<int:pk>/delete/", searches.delete, name="delete_search"),
    path("search/help/", search.search_help, name="search_help"),
    path("pictures/", grid.pictures, name="pictures"),
    path("models/<int:pk>/", model.detail, name="detail_by_number"),
    path("models/download/", files.download_models, name="download_models"),
    path("models/<int:pk>/download/", files.download_model, name="download_model"),
    path("models/<int:pk>/edit/<slug:part>/", edit.edit, name="edit"),
    path("models/<int:pk>/cover/choose/", cover.cover, name="cover"),
    path("models/<int:pk>/more/like-this/", similar.similar, name="similar"),
    path("models/<int:pk>/<slug:slug>/", model.detail, name="detail"),
    path("files/<int:pk>/", files.download, name="download"),
    path("previews/<str:sha256>/<str:name>", files.preview, name="preview"),
    path("api/v1/models", api.list_models, name="api_models"),
]
