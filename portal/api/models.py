"""What the API has to remember between requests, in whichever process they arrive."""

from django.db import models


class Stride(models.Model):
    """How far ahead of the clock somebody has run with one kind of request."""

    key = models.CharField(max_length=120, unique=True, help_text="the pace, and who keeps it")
    free_at = models.BigIntegerField(default=0, help_text="milliseconds since 1970 at which nothing would be owed")

    def __str__(self) -> str:
        return self.key
