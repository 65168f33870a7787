"""Artists who leave."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.program.states import LeavingState


class Leaving(models.Model):
    """That an artist wants to leave; it can be undone until its date, and holds after it without anybody doing anything."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leavings")
    state = models.CharField(max_length=10, choices=LeavingState.choices, default=LeavingState.ASKED)
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    effective_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="when it was undone, or the artist came back")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=LeavingState.values), name="leaving_state_known"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state=LeavingState.ASKED), name="leaving_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"leaving {self.pk}"

    @property
    def is_final(self) -> bool:
        """Whether the cooling period is over."""
        return self.effective_at <= timezone.now()
