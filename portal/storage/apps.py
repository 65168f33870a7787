"""The app of files."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """Private files and their one exit."""

    name = "portal.storage"
    label = "storage"
