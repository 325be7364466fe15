"""Addresses of the account pages."""

from django.urls import path

from config.accounts import people_views, token_views, views

app_name = "accounts"
urlpatterns = [
    path("set-up/", views.set_up, name="set_up"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("preferences/", views.preferences, name="preferences"),
    path("theme/", views.theme, name="theme"),
    path("password/", views.password, name="password"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", token_views.revoke_token, name="revoke_token"),
    path("people/", people_views.people, name="people"),
    path("people/invite/", people_views.invite, name="invite"),
    path("people/invites/<int:invite_id>/take-back/", people_views.take_back_invite, name="take_back_invite"),
    path("people/<int:user_id>/", people_views.person, name="person"),
    path("join/<str:secret>/", people_views.join, name="join"),
]
