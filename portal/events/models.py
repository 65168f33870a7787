"""Signals of the last minutes: what a hub reads on SQLite, and what a browser missed."""

from django.db import models
from django.db.models.functions import Now


class Signal(models.Model):
    """That something changed: on which channel, and what. Carries no content, so that nothing leaks with it."""

    channel = models.CharField(max_length=80, help_text="who may hear it: person:7, role:reviewer, stops")
    subject = models.CharField(max_length=80, help_text="what to look at again: job-<id>, inbox, review")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"]), models.Index(fields=["channel", "subject", "at"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.subject}"
