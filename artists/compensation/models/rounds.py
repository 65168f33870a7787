"""Grant rounds and the applications in them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.compensation.awards.states import ApplicationState, RoundState
from portal.program.models import Cohort

from .ledger import Fund


class Round(models.Model):
    """A call for grants: what for, by which criteria, how much, until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    call = models.TextField()
    criteria = models.JSONField(default=list, help_text="lines; a decision says how each was met")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="rounds")
    most_each = models.PositiveBigIntegerField(help_text="minor units that one grant has at most")
    grants = models.PositiveSmallIntegerField(help_text="how many there are at most")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    decided_by = models.DateTimeField(help_text="until when artists are told")
    cohorts = models.ManyToManyField(Cohort, blank=True, related_name="+", help_text="none: every cohort")
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.DRAFT)
    state_reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-closes_at", "-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="pay_round_state_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="pay_round_closes_later"),
            models.CheckConstraint(condition=Q(decided_by__gte=F("closes_at")), name="pay_round_decided_after"),
            models.CheckConstraint(condition=Q(most_each__gt=0, grants__gte=1), name="pay_round_gives_something"),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="pay_rounds_open")]

    def __str__(self) -> str:
        return self.title


class Application(models.Model):
    """What one artist asks for in one round; only its artist and staff read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grant_applications")
    state = models.CharField(max_length=10, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    text = models.TextField(blank=True)
    links = models.JSONField(default=list)
    amount = models.PositiveBigIntegerField(null=True, help_text="minor units asked for")
    granted = models.PositiveBigIntegerField(null=True, help_text="minor units")
    reasons = models.JSONField(default=list, help_text="a line for each criterion")
    answer = models.TextField(blank=True)
    handed_in_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by_label = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["handed_in_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="pay_application_state_known"),
            models.UniqueConstraint(fields=["round", "person"], name="pay_application_once"),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.GRANTED) | Q(granted__gt=0), name="pay_application_granted_sum"
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"
