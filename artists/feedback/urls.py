"""Addresses of feedback: each noun brings its own."""

from django.urls import URLResolver

urlpatterns: list[URLResolver] = []
