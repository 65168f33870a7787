"""The app of signals."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Signals, and who hears them."""

    name = "portal.events"
    label = "events"
