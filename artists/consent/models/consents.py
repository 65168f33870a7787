"""A consent with its events, and the register of uses that stand on it.

The database guards both: triggers.py lets no use in without a live consent of all authors, and no consent be widened.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from artists.consent.kinds import UseKind
from artists.consent.states import ConsentState
from generation.models import Clip

from .asking import AskedWork


class Consent(models.Model):
    """All authors of one work agree to one use, at some places, for a period. Its number is that of its receipt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.OneToOneField(AskedWork, on_delete=models.PROTECT, related_name="consent")
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=12, choices=UseKind.choices)
    places = models.JSONField()
    where = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    fee = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    credit_line = models.CharField(max_length=400)
    conditions = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ConsentState.choices, default=ConsentState.GIVEN)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConsentState.values), name="consent_state_known"),
            models.CheckConstraint(condition=Q(kind__in=UseKind.values), name="consent_kind_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="consent_ends"),
            models.CheckConstraint(
                condition=Q(state=ConsentState.GIVEN, withdrawn_at=None)
                | Q(state=ConsentState.WITHDRAWN, withdrawn_at__isnull=False),
                name="consent_withdrawal_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["clip", "kind", "state"], name="consent_of_work"),
            models.Index(fields=["kind", "state", "ends_at"], name="consent_live"),
            models.Index(fields=["state", "ends_at"], name="consent_ending"),
            models.Index(fields=["-given_at", "-id"], name="consent_newest"),
        ]

    def __str__(self) -> str:
        return f"consent {str(self.pk)[:8]}"


class Grant(models.Model):
    """One author's part in a consent."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField(help_text="as of its consent, so that one index finds the newest of a person")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consent", "person"], name="consent_granted_once")]
        indexes = [models.Index(fields=["person", "-given_at", "-id"], name="consent_newest_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.consent_id}"


class EventKind(models.TextChoices):
    """What can happen to a consent."""

    GIVEN = "given", _("given")
    USED = "used", _("used")
    PAUSED = "paused", _("paused")
    RESUMED = "resumed", _("goes on")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ConsentEvent(models.Model):
    """One line of a receipt's history. Append-only, by trigger."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["consent", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="consent_event_known"),
            models.UniqueConstraint(fields=["consent", "number"], name="consent_events_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"


class Use(models.Model):
    """The program used a work: when, where, how far it reached, under which consent. What was asked, given and used agree."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="uses")
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=12, choices=UseKind.choices)
    at = models.DateTimeField()
    place = models.CharField(max_length=5, help_text="world, or a country by its two letters")
    where = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    reach = models.PositiveIntegerField(null=True, help_text="people who saw it, as far as the program knows")
    fee = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=UseKind.values), name="consent_use_kind_known")]
        indexes = [
            models.Index(fields=["clip", "-at"], name="consent_uses_of_work"),
            models.Index(fields=["-at", "-id"], name="consent_uses_newest"),
        ]

    def __str__(self) -> str:
        return f"use {self.pk} of {self.clip_id}"
