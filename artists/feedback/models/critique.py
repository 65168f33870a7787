"""Critique without an author: a text, its week, an answer. Nothing here or anywhere says who wrote it."""

import uuid

from django.db import models
from django.db.models import Q

from artists.feedback.critique.states import WeekState, Withheld


class CritiqueWeek(models.Model):
    """One ISO week: how many texts came in. While it runs nobody reads them."""

    week = models.CharField(max_length=8, primary_key=True, help_text="ISO 8601, as 2026-W48")
    state = models.CharField(max_length=10, choices=WeekState.choices, default=WeekState.OPEN)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-week"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WeekState.values), name="feedback_week_state_known"),
        ]

    def __str__(self) -> str:
        return f"critique of {self.week}"


class Critique(models.Model):
    """A text and its week. A row is written anew whenever another one comes, so that none keeps its place or age."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    week = models.ForeignKey(CritiqueWeek, on_delete=models.PROTECT, related_name="texts")
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True, help_text="name of the staff who answered")
    answered_in = models.CharField(max_length=8, blank=True, help_text="ISO week of the answer")
    withheld = models.CharField(max_length=10, choices=Withheld.choices, blank=True)

    class Meta:
        ordering = ["-week", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_critique_says_something"),
            models.CheckConstraint(condition=Q(withheld__in=["", *Withheld.values]), name="feedback_withheld_known"),
        ]

    def __str__(self) -> str:
        return f"critique of {self.week_id}"
