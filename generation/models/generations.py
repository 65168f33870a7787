"""One request to render a storyboard: an immutable snapshot, the unit of queue and quota."""

import uuid
from fractions import Fraction

from django.conf import settings
from django.db import models

from artists.people.models import AccessToken
from generation.states import UNDER_WAY, GenerationState

from .storyboards import Storyboard


class Generation(models.Model):
    """What was asked for never changes after it was asked; only where it stands does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="generations")
    storyboard = models.ForeignKey(Storyboard, on_delete=models.SET_NULL, null=True, related_name="generations")
    key = models.CharField(max_length=80, unique=True, help_text="asked twice with one key is asked once")
    token = models.ForeignKey(
        AccessToken, on_delete=models.PROTECT, null=True, related_name="generations", help_text="asked for with it"
    )
    token_ms = models.PositiveBigIntegerField(default=0, help_text="GPU work held of the token's budget")
    title = models.CharField(max_length=160)
    model = models.CharField(max_length=80)
    revision = models.CharField(max_length=80, blank=True, help_text="which weights of the model")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    fps_numerator = models.PositiveIntegerField()
    fps_denominator = models.PositiveIntegerField(default=1)
    snapshot = models.JSONField(help_text="shots as asked: prompt, frames, seed, follows, reference")
    milliseconds = models.PositiveIntegerField(help_text="length of the whole film")
    state = models.CharField(max_length=10, choices=GenerationState.choices, default=GenerationState.QUEUED)
    state_code = models.CharField(max_length=60, blank=True, help_text="why it paused, failed or was refused")
    state_reason = models.CharField(max_length=400, blank=True)
    priority = models.SmallIntegerField(default=0, help_text="higher first, among one artist's own")
    made_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=GenerationState.values), name="generation_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=UNDER_WAY) | models.Q(ended_at__isnull=True),
                name="generation_under_way_has_no_end",
            ),
        ]
        indexes = [
            models.Index(fields=["artist", "-made_at"]),
            models.Index(fields=["state"], name="generation_by_state"),
            # What is under way among any number of films that ended: the end is null, which an index can be asked for.
            models.Index(fields=["artist", "ended_at", "made_at"], name="generation_not_ended"),
        ]

    def __str__(self) -> str:
        return f"generation {str(self.pk)[:8]}"

    @property
    def fps(self) -> Fraction:
        """Frames per second, exactly."""
        return Fraction(self.fps_numerator, self.fps_denominator)

    @property
    def seconds(self) -> float:
        """Length of the film in seconds."""
        return self.milliseconds / 1000
