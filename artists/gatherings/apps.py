"""The app of gatherings."""

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    """Seats, a waiting list, a calendar."""

    name = "artists.gatherings"
    label = "gatherings"
