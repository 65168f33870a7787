"""The app of the API's frame."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The HTTP API's frame."""

    name = "portal.api"
    label = "api"
