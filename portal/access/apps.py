"""The app of the two doors' first: it only brings its template tag."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may do what."""

    name = "portal.access"
    label = "access"
