"""Addresses of feedback: each noun brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("artists.feedback.bugs.urls")),
    path("", include("artists.feedback.roadmap.urls")),
    path("", include("artists.feedback.critique.urls")),
    path("", include("artists.feedback.missions.urls")),
    path("", include("artists.feedback.surveys.urls")),
    path("", include("artists.feedback.letters.urls")),
]
