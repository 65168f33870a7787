"""Awards: what the program promises somebody, and who approved it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.compensation.awards.states import AwardKind, AwardState, Purpose, Verdict

from .ledger import Fund
from .rounds import Application


class Batch(models.Model):
    """Awards proposed together, one for each artist with contributions to be paid."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="batches")
    until = models.DateTimeField(help_text="contributions made before this moment")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.title


class Award(models.Model):
    """A sum promised to one person. `digest` is the hash of payee, amount, currency, fund, purpose, terms and instalments."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=AwardKind.choices)
    state = models.CharField(max_length=10, choices=AwardState.choices, default=AwardState.DRAFT)
    title = models.CharField(max_length=120)
    payee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="awards")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="awards")
    amount = models.BigIntegerField(help_text="minor units")
    currency = models.CharField(max_length=3)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    terms = models.TextField(blank=True)
    instalments = models.JSONField(
        default=list, help_text='[{"amount": minor units, "due": "YYYY-MM-DD"}], their sum is the amount'
    )
    digest = models.CharField(max_length=64)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="award")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="awards")
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposer_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True, help_text="why it was declined or ended; its artist reads it")

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AwardState.values), name="pay_award_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_award_above_zero"),
            models.CheckConstraint(
                condition=Q(proposer=None) | ~Q(proposer=F("payee")), name="pay_award_not_for_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AwardState.APPROVED, AwardState.VOID, AwardState.CLOSED])
                | Q(approved_at__isnull=False),
                name="pay_award_approved_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-made_at"], name="pay_awards_by_state"),
            models.Index(fields=["payee", "-made_at"], name="pay_awards_of"),
            models.Index(fields=["payee", "state"], name="pay_awards_standing"),
        ]

    def __str__(self) -> str:
        return f"award {self.pk}"


class Approval(models.Model):
    """What one person said of exactly this award. Never changed: an award that changes has another digest and none of these."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)
    verdict = models.CharField(max_length=3, choices=Verdict.choices)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="pay_approval_verdict_known"),
            models.UniqueConstraint(fields=["award", "digest", "by"], name="pay_approval_once_each"),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"
