"""What a rail told us, and what a look at both books found."""

from django.db import models
from django.db.models import Q


class RailEvent(models.Model):
    """One webhook as it came: a hint that something should be read again, nothing more."""

    event = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=120)
    account = models.CharField(max_length=80, blank=True)
    object = models.CharField(max_length=80, blank=True)
    body = models.JSONField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="when it is looked at, again after a fault")
    tries = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(applied_at=None), name="pay_events_waiting")]

    def __str__(self) -> str:
        return self.event


class Reconciliation(models.Model):
    """One comparison of the books with a rail."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    compared = models.PositiveIntegerField(default=0, help_text="transfers looked at")
    found = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, help_text="why it could not be finished")

    class Meta:
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"reconciliation {self.pk}"


class Finding(models.Model):
    """Something in which the books and a rail differ; closed by the first comparison that no longer finds it."""

    code = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, help_text="id of the payment, transfer or account")
    words = models.CharField(max_length=400)
    first_seen = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="+")
    last_seen = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="findings")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject"], condition=Q(closed_at=None), name="pay_finding_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
