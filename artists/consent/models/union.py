"""The union switch: an artist suspends all their consents for a time; delegates of a cohort may call for it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.program.models import Cohort


class Pause(models.Model):
    """All consents of one person rest from `since` until `until`, or until they end it; nobody else can."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consent_pauses")
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="by the artist, before its date")
    words = models.CharField(max_length=300, blank=True, help_text="why, if they want to say")

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="consent_pause_ends"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since"), ended_at__lte=F("until")),
                name="consent_pause_ended_inside",
            ),
        ]
        indexes = [models.Index(fields=["person", "until"], name="consent_pauses_of")]

    def __str__(self) -> str:
        return f"pause {self.pk} of {self.person_id}"


class Nomination(models.Model):
    """One member names another as a delegate; whom more than half of the others named may call on all of it.

    A call asks; it never acts on anybody's behalf. Staff neither name nor remove delegates.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="nominations")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    named = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "member", "named"], name="consent_named_once")]

    def __str__(self) -> str:
        return f"{self.member_id} names {self.named_id}"


class Call(models.Model):
    """A delegate asks the members of a cohort to pause their consents until a date."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    until = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="consent_call_says_why"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="consent_call_ends"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"
