"""What artists are invited to."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from artists.gatherings.kinds import GatheringKind
from artists.gatherings.states import GatheringState
from portal.program.models import Cohort


class Gathering(models.Model):
    """A screening, a call or a studio visit. Where it is and how to call in is for those who have a seat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=GatheringKind.choices)
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True, help_text="Markdown")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60, help_text="the host's time zone")
    place = models.CharField(max_length=300, blank=True)
    call_link = models.CharField(max_length=500, blank=True)
    capacity = models.PositiveSmallIntegerField()
    cohorts = models.ManyToManyField(
        Cohort, blank=True, related_name="gatherings", help_text="who is invited; none: every artist"
    )
    contribution = models.CharField(max_length=60, blank=True, help_text="kind of the tariff; empty: unpaid")
    state = models.CharField(max_length=10, choices=GatheringState.choices, default=GatheringState.PLANNED)
    reason = models.CharField(max_length=600, blank=True, help_text="why it was cancelled; those who come read it")
    sequence = models.PositiveIntegerField(default=0, help_text="grows with every change, as calendars count them")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=GatheringState.values), name="gatherings_state_known"),
            models.CheckConstraint(condition=Q(kind__in=GatheringKind.values), name="gatherings_kind_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="gatherings_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="gatherings_room_for_somebody"),
            models.CheckConstraint(condition=~Q(title=""), name="gatherings_have_a_title"),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="gatherings_coming")]

    def __str__(self) -> str:
        return self.title

    @property
    def cancelled(self) -> bool:
        """Whether it was called off."""
        return self.state == GatheringState.CANCELLED

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether its end has come."""
        return self.ends_at <= (now or timezone.now())

    def has_begun(self, now: datetime | None = None) -> bool:
        """Whether its beginning has come."""
        return self.starts_at <= (now or timezone.now())
