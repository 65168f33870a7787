"""What somebody did that counts, with its price, and what they say where it was counted wrong."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from artists.compensation.contributions.states import ContributionState, DisputeState


class Contribution(models.Model):
    """One piece of work that was accepted. Its price is that of the tariff of the day it was made on, or a sum agreed on."""

    source = models.CharField(max_length=120, unique=True, help_text="what it was, so that it is counted once")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, help_text="hours or a count")
    at = models.DateTimeField(help_text="when it was made")
    counted_at = models.DateTimeField()
    tariff = models.PositiveIntegerField(
        null=True, help_text="number of the tariff version; empty: a sum agreed on, or none published"
    )
    unit_price = models.PositiveBigIntegerField(help_text="minor units")
    amount = models.PositiveBigIntegerField(help_text="minor units")
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=ContributionState.choices)
    award = models.ForeignKey("compensation.Award", on_delete=models.PROTECT, null=True, related_name="contributions")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ContributionState.values), name="pay_contribution_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ContributionState.UNPAID, amount=0)
                | (~Q(state=ContributionState.UNPAID) & Q(amount__gt=0)),
                name="pay_contribution_unpaid_is_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state=ContributionState.AWARDED, award__isnull=False)
                | (~Q(state=ContributionState.AWARDED) & Q(award=None)),
                name="pay_contribution_in_award",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pay_contribution_of_something"),
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="pay_contributions_of"),
            models.Index(fields=["state", "currency", "person"], name="pay_contributions_earned"),
            models.Index(fields=["person", "state", "-at", "-id"], name="pay_contributions_standing"),
        ]

    def __str__(self) -> str:
        return f"contribution {self.pk}"


class Dispute(models.Model):
    """An artist says that a contribution was counted wrong, or that one is missing; staff answer.

    What the answer adds is a contribution of its own (source "dispute:<number>"): nothing counted is changed.
    """

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, null=True, related_name="disputes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pay_disputes")
    state = models.CharField(max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    text = models.TextField()
    answer = models.TextField(blank=True)
    added = models.OneToOneField(Contribution, on_delete=models.PROTECT, null=True, related_name="answered_dispute")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_by_label = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="pay_dispute_state_known"),
            models.UniqueConstraint(
                fields=["contribution"], condition=Q(state=DisputeState.OPEN), name="pay_dispute_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="pay_disputes_waiting")]

    def __str__(self) -> str:
        return f"dispute {self.pk}"
