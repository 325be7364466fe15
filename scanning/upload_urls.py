"""Addresses of the upload page, its actions and the resumable uploads themselves."""

from django.urls import path

from scanning import tus_views, upload_views

app_name = "uploads"
urlpatterns = [
    path("", upload_views.upload, name="upload"),
    path("<int:batch_id>/", upload_views.batch, name="batch"),
    path("<int:batch_id>/files/", upload_views.files, name="files"),
    path("<int:batch_id>/give-up/", upload_views.give_up, name="give_up"),
    path("<int:batch_id>/answer/", upload_views.answer_all, name="answer_all"),
    path("files/<uuid:upload_id>/", upload_views.answer, name="answer"),
    path("tus/", tus_views.announce, name="announce"),
    path("tus/<uuid:upload_id>/", tus_views.piece, name="tus"),
]
