"""Addresses of accounts beside allauth's."""

from django.urls import path

from . import profile_views, session_views, token_views, views

urlpatterns = [
    path("accounts/link/<str:secret>/", views.sign_in_link, name="sign_in_link"),
    path("me/profile/", profile_views.profile, name="profile"),
    path("me/sessions/", session_views.sessions, name="sessions"),
    path("me/sessions/<int:number>/end/", session_views.session_end, name="session_end"),
    path("me/tokens/", token_views.tokens, name="tokens"),
    path("me/tokens/<str:prefix>/rotate/", token_views.token_rotate, name="token_rotate"),
    path("me/tokens/<str:prefix>/revoke/", token_views.token_revoke, name="token_revoke"),
]
