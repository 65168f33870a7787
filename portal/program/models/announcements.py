"""What staff tell everybody, or a cohort, on top of every page."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .cohorts import Cohort


class Announcement(models.Model):
    """A few words with a date; whoever has read it puts it away, on all their devices."""

    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, related_name="+", help_text="none: everybody"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="program_announcement_says_something"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("at")), name="program_announcement_ends"
            ),
        ]
        indexes = [models.Index(fields=["-at"], condition=Q(ended_at=None), name="program_announced")]

    def __str__(self) -> str:
        return f"announcement {self.pk}"


class Dismissal(models.Model):
    """That one person has put one announcement away."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="dismissals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="program_dismissed_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} put away by {self.person_id}"
