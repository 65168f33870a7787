"""Addresses of the tariff."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
