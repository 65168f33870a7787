"""Addresses of feedback: each noun brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("artists.feedback.letters.urls")),
]
