"""What the program works on, and what asked for it."""

from django.db import models
from django.db.models import Q

from artists.feedback.roadmap.states import OPEN, ItemState


class RoadmapItem(models.Model):
    """One thing that is considered, planned, under way, shipped, or not planned for a reason."""

    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.CONSIDERED)
    shipped_in = models.CharField(max_length=80, blank=True, help_text="the version it came with")
    answer = models.TextField(blank=True, help_text="why it is not planned")
    by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="when its state changed")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="feedback_item_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="feedback_item_end_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.DROPPED) | ~Q(answer=""), name="feedback_item_no_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "-changed_at", "-id"], name="feedback_item_by_state")]

    def __str__(self) -> str:
        return f"roadmap item {self.pk}"


class RoadmapSource(models.Model):
    """What an item came from: a report or a response, named by its kind and number; see roadmap/sources.py."""

    item = models.ForeignKey(RoadmapItem, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=20)
    key = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["kind", "key"]
        constraints = [models.UniqueConstraint(fields=["item", "kind", "key"], name="feedback_source_once")]
        indexes = [models.Index(fields=["kind", "key"], name="feedback_source_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
