"""Addresses under which a calendar program reads somebody's gatherings."""

from django.conf import settings
from django.db import models


class Feed(models.Model):
    """One person's calendar address: only a digest of its secret is kept, and a new one ends the old one."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar address of {self.person_id}"
