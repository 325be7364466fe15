"""Addresses."""

from django.urls import URLPattern

app_name = "models3d"
urlpatterns: list[URLPattern] = []
