"""Addresses of the account pages."""

from django.urls import path

from config.accounts import views

app_name = "accounts"
urlpatterns = [
    path("set-up/", views.set_up, name="set_up"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("preferences/", views.preferences, name="preferences"),
    path("theme/", views.theme, name="theme"),
    path("password/", views.password, name="password"),
]
