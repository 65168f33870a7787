"""The app of news."""

from django.apps import AppConfig


class HappeningsConfig(AppConfig):
    """Durable news between subjects."""

    name = "portal.happenings"
    label = "happenings"
