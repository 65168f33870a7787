"""Workers that were seen lately, and what they can render."""

from django.db import models


class WorkerSighting(models.Model):
    """A worker says every few seconds that it is there; nothing depends on it but what people are told."""

    name = models.CharField(max_length=120, unique=True)
    offers = models.JSONField(default=list, help_text="names of the models on its machine")
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
