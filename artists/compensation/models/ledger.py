"""Funds, accounts and entries. An entry is one row with both sides, so the books balance by construction.

What the tables themselves refuse is in artists/compensation/ledger/triggers.py.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.compensation.ledger.states import EntryKind, FundState, Side


class Fund(models.Model):
    """A budget in one currency, and how careful the program is with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    about = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=FundState.choices, default=FundState.OPEN)
    state_reason = models.CharField(max_length=300, blank=True)
    approvals_needed = models.PositiveSmallIntegerField(default=2)
    daily_most = models.PositiveBigIntegerField(
        null=True, help_text="minor units that may be sent in 24 hours; empty: any"
    )
    asks_tax = models.BooleanField(default=False, help_text="pays only whose tax information is confirmed")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FundState.values), name="pay_fund_state_known"),
            models.CheckConstraint(condition=Q(approvals_needed__gte=2), name="pay_fund_two_people_at_least"),
        ]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """One side of entries. `balance` is kept by the database itself and is always the sum of the entries."""

    id = models.BigAutoField(primary_key=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    currency = models.CharField(max_length=3)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, related_name="accounts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="pay_accounts"
    )
    balance = models.BigIntegerField(default=0, help_text="credits less debits, minor units")
    last_entry = models.BigIntegerField(default=0, help_text="number of the last entry in `balance`")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side=Side.CAPITAL, fund=None, person=None)
                | Q(side=Side.FUND, fund__isnull=False, person=None)
                | Q(side__in=[Side.OWED, Side.FLIGHT, Side.PAID], fund=None, person__isnull=False),
                name="pay_account_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(side=Side.CAPITAL) | Q(balance__gte=0), name="pay_account_not_overdrawn"
            ),
            models.UniqueConstraint(fields=["currency"], condition=Q(side=Side.CAPITAL), name="pay_one_capital"),
            models.UniqueConstraint(fields=["fund"], condition=Q(side=Side.FUND), name="pay_one_account_of_a_fund"),
            models.UniqueConstraint(
                fields=["person", "side", "currency"],
                condition=Q(person__isnull=False),
                name="pay_one_account_of_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.fund_id or self.person_id or ''} {self.currency}"


class Entry(models.Model):
    """Money moved from `debit` to `credit`. Never changed, never deleted; a mistake is put right by an entry that reverses it."""

    number = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120, unique=True, help_text="names the act, so that it is entered once")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField(help_text="minor units")
    currency = models.CharField(max_length=3)
    debit_after = models.BigIntegerField(help_text="balance of the account debited, after this entry")
    credit_after = models.BigIntegerField(help_text="balance of the account credited, after this entry")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="pay_entries"
    )
    award = models.ForeignKey("compensation.Award", on_delete=models.PROTECT, null=True, related_name="entries")
    payment = models.ForeignKey("compensation.Payment", on_delete=models.PROTECT, null=True, related_name="entries")
    attempt = models.ForeignKey("compensation.Attempt", on_delete=models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    memo = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_entry_amount_above_zero"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="pay_entry_two_sides"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="pay_entry_kind_known"),
        ]
        indexes = [
            models.Index(fields=["person", "-number"], name="pay_entry_of_person"),
            models.Index(fields=["debit", "-number"], name="pay_entry_debits"),
            models.Index(fields=["credit", "-number"], name="pay_entry_credits"),
            models.Index(fields=["person", "at"], name="pay_entry_by_month"),
        ]

    def __str__(self) -> str:
        return f"entry {self.number}"
