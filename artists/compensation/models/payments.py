"""Payments: where an artist is paid, one instalment on its way, each call to a rail, and what the bank said."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.compensation.payments.states import Arrival, AttemptState, PaymentState, Rail, Readiness

from .awards import Award


class PayProfile(models.Model):
    """How somebody wants to be paid. No bank number and no tax number is ever kept here."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pay_profile")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1")
    rail = models.CharField(max_length=20, choices=Rail.choices, blank=True)
    changed_at = models.DateTimeField(null=True, help_text="when the rail, the country or the account last changed")
    tax_confirmed_at = models.DateTimeField(null=True)
    tax_confirmed_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rail="") | Q(rail__in=Rail.values), name="pay_profile_rail_known")
        ]

    def __str__(self) -> str:
        return f"pay profile {self.person_id}"


class RailAccount(models.Model):
    """Somebody's account at a rail, as it was when it was last read there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rail_accounts")
    rail = models.CharField(max_length=20, choices=Rail.choices)
    country = models.CharField(max_length=2)
    account = models.CharField(
        max_length=80, unique=True, null=True, help_text="its id at the rail; empty until it is known"
    )
    readiness = models.CharField(max_length=12, choices=Readiness.choices, default=Readiness.INCOMPLETE)
    needs = models.JSONField(default=list, help_text="what the rail asks for, in its words")
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(readiness__in=Readiness.values), name="pay_account_readiness_known"),
            models.UniqueConstraint(
                fields=["person", "rail"], condition=Q(replaced_at=None), name="pay_one_account_at_a_rail"
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.account or '?'}"


class Payout(models.Model):
    """What a rail sent on to somebody's bank: mirrored, whatever was read last holds."""

    payout = models.CharField(max_length=80, unique=True)
    account = models.ForeignKey(RailAccount, on_delete=models.PROTECT, related_name="payouts")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, choices=Arrival.choices)
    arrives_on = models.DateField(null=True)
    failure = models.CharField(max_length=80, blank=True)
    # What a bank sent back is in the artist's balance again, and goes out with a later one.
    again_in = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="holds_again")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(help_text="when the rail was asked; an older answer never replaces a newer one")

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.CheckConstraint(condition=Q(status__in=Arrival.values), name="pay_payout_status_known")]

    def __str__(self) -> str:
        return self.payout


class Payment(models.Model):
    """One instalment of an approved award. What was approved is frozen in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField()
    payee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments")
    amount = models.BigIntegerField(help_text="minor units")
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    state = models.CharField(max_length=16, choices=PaymentState.choices, default=PaymentState.READY)
    rail = models.CharField(max_length=20, choices=Rail.choices, blank=True, help_text="known once it is sent")
    transfer = models.CharField(max_length=80, unique=True, null=True, help_text="id at the rail")
    came_back = models.BigIntegerField(default=0, help_text="minor units")
    reference = models.CharField(max_length=120, blank=True, help_text="of a payment by hand")
    proof = models.CharField(max_length=200, blank=True, help_text="stored file of a payment by hand")
    held_reason = models.CharField(max_length=300, blank=True, help_text="a person holds it; its artist reads this")
    held_by_label = models.CharField(max_length=200, blank=True)
    arrival = models.CharField(max_length=12, choices=Arrival.choices, default=Arrival.NONE)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="payments")
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "made_at", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="pay_payment_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_payment_above_zero"),
            models.CheckConstraint(
                condition=Q(came_back__gte=0, came_back__lte=F("amount")), name="pay_payment_came_back_at_most"
            ),
            models.UniqueConstraint(fields=["award", "number"], name="pay_payment_numbered"),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="pay_payments_by_state"),
            models.Index(fields=["payee", "-made_at"], name="pay_payments_of"),
            models.Index(fields=["payee", "state", "rail", "arrival"], name="pay_payments_standing"),
            models.Index(fields=["payee", "-sent_at", "-id"], name="pay_payments_sent"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class Attempt(models.Model):
    """One call to a rail, written before it is made; only how it ended is added."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120, unique=True, help_text="idempotency key; one key, one frozen request")
    rail = models.CharField(max_length=20, choices=Rail.choices)
    destination = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.PREPARED)
    transfer = models.CharField(max_length=80, blank=True)
    arrived_as = models.CharField(max_length=80, blank=True, help_text="what payouts call this transfer")
    code = models.CharField(max_length=80, blank=True, help_text="why it was refused, or what became of the call")
    words = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    called_at = models.DateTimeField(help_text="of the last call with this key")
    calls = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField(
        null=True, help_text="when somebody looks how it ended; empty: it is known, or a person looks"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="pay_attempt_state_known"),
            models.UniqueConstraint(fields=["payment", "number"], name="pay_attempt_numbered"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=[AttemptState.PREPARED, AttemptState.UNKNOWN]),
                name="pay_attempt_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=AttemptState.ACCEPTED) | ~Q(transfer=""), name="pay_attempt_accepted_has_transfer"
            ),
        ]
        indexes = [models.Index(fields=["state", "called_at"], name="pay_attempts_open")]

    def __str__(self) -> str:
        return f"attempt {self.number} of payment {self.payment_id}"


class Return(models.Model):
    """One call that takes money of a payment back, written before it is made; only how it ended is added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="returns")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120, unique=True, help_text="idempotency key; one key, one frozen request")
    transfer = models.CharField(max_length=80, blank=True, help_text="what it takes from; empty: came back by hand")
    amount = models.BigIntegerField(help_text="minor units")
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.PREPARED)
    reversal = models.CharField(max_length=120, blank=True, help_text="its id at the rail, or the reference of a bank")
    reason = models.CharField(max_length=300, help_text="its artist reads it")
    code = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    called_at = models.DateTimeField(help_text="of the last call with this key")
    due_at = models.DateTimeField(null=True, help_text="when somebody looks how it ended")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="pay_return_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_return_above_zero"),
            models.UniqueConstraint(fields=["payment", "number"], name="pay_return_numbered"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=[AttemptState.PREPARED, AttemptState.UNKNOWN]),
                name="pay_return_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"return {self.number} of payment {self.payment_id}"
