"""The app of the record."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only, hash-chained."""

    name = "portal.audit"
    label = "audit"
