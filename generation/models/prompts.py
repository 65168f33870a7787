"""What an artist has asked for in words: kept apart from films, so that no prompt is lost with one."""

from django.conf import settings
from django.db import models


class UsedPrompt(models.Model):
    """One text of one artist, once; it outlives every generation and take made from it, until the artist clears it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="used_prompts")
    text = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text: a whole text does not fit an index")
    times = models.PositiveIntegerField(default=1)
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["-used_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="generation_prompt_once")]
        indexes = [models.Index(fields=["owner", "-used_at"], name="generation_prompts_newest")]

    def __str__(self) -> str:
        return f"prompt {self.pk}"
