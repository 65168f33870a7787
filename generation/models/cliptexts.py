"""The words a clip is found by."""

from django.db import models

from .clips import Clip


class ClipText(models.Model):
    """Title and prompts of one clip, cut into plain words by search.py; both databases index exactly these words.

    A table of its own: SQLite's index follows it by triggers, which a later change of the clips' table would drop.
    """

    clip = models.OneToOneField(Clip, on_delete=models.CASCADE, related_name="text")
    words = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.clip_id}"
