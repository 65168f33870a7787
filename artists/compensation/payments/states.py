"""States of a payment, of one attempt to make it, and of what its bank said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class Rail(models.TextChoices):
    """How money reaches an artist."""

    MANUAL = "manual", _("by bank transfer, outside of the portal")
    STRIPE_CONNECT = "stripe_connect", _("by Stripe")


class PaymentState(models.TextChoices):
    """Where one instalment is. Holds are apart: they are asked anew each time."""

    READY = "ready", _("payable")
    SENDING = "sending", _("being sent")
    UNKNOWN = "unknown", _("sent, not confirmed yet")
    NEEDS_HUMAN = "needs_human", _("waits for somebody to look")
    REFUSED = "refused", _("refused")
    SENT = "sent", _("sent")
    PARTLY_REVERSED = "partly_reversed", _("partly came back")
    REVERSED = "reversed", _("came back")
    CANCELLED = "cancelled", _("not paid")


class AttemptState(models.TextChoices):
    """How one call to the rail ended, as far as it is known."""

    PREPARED = "prepared", _("prepared")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    UNKNOWN = "unknown", _("not known")


class Arrival(models.TextChoices):
    """What is known of the way to the artist's bank: mirrored from the rail, whatever comes last holds."""

    NONE = "none", _("not yet on its way to the bank")
    PENDING = "pending", _("on its way to the bank")
    IN_TRANSIT = "in_transit", _("at the bank")
    PAID = "paid", _("arrived")
    FAILED = "failed", _("sent back by the bank")


class Readiness(models.TextChoices):
    """Whether an account at the rail can take money."""

    INCOMPLETE = "incomplete", _("not finished")
    REVIEW = "review", _("being checked")
    ACTIVE = "active", _("ready")
    RESTRICTED = "restricted", _("something is missing")
    REJECTED = "rejected", _("not accepted")
    CLOSED = "closed", _("closed")


_P, _T = PaymentState, AttemptState
# `again` goes on with the same attempt and key after an unknown end; `send` begins a new attempt.
SEND = Move.of("payment.send", [_P.READY], _P.SENDING)
AGAIN = Move.of("payment.send_again", [_P.UNKNOWN], _P.SENDING)
ACCEPT = Move.of("payment.accept", [_P.SENDING, _P.UNKNOWN, _P.NEEDS_HUMAN], _P.SENT)
REFUSE = Move.of("payment.refuse", [_P.SENDING, _P.UNKNOWN, _P.NEEDS_HUMAN], _P.REFUSED)
LOSE = Move.of("payment.lose_sight", [_P.SENDING], _P.UNKNOWN)
ASK_HUMAN = Move.of("payment.ask_human", [_P.SENDING, _P.UNKNOWN], _P.NEEDS_HUMAN)
RETRY = Move.of("payment.retry", [_P.REFUSED], _P.READY)
CANCEL = Move.of("payment.cancel", [_P.READY, _P.REFUSED], _P.CANCELLED)
RECORD = Move.of("payment.record", [_P.READY], _P.SENT)
REVERSE_PART = Move.of("payment.reverse_part", [_P.SENT, _P.PARTLY_REVERSED], _P.PARTLY_REVERSED)
REVERSE = Move.of("payment.reverse", [_P.SENT, _P.PARTLY_REVERSED], _P.REVERSED)
PAY_AGAIN = Move.of("payment.pay_again", [_P.REVERSED], _P.READY)
ATTEMPT_ACCEPTED = Move.of("attempt.accept", [_T.PREPARED, _T.UNKNOWN], _T.ACCEPTED)
ATTEMPT_REFUSED = Move.of("attempt.refuse", [_T.PREPARED, _T.UNKNOWN], _T.REFUSED)
ATTEMPT_UNKNOWN = Move.of("attempt.lose_sight", [_T.PREPARED], _T.UNKNOWN)
RETURN_ACCEPTED = Move.of("return.accept", [_T.PREPARED, _T.UNKNOWN], _T.ACCEPTED)
RETURN_REFUSED = Move.of("return.refuse", [_T.PREPARED, _T.UNKNOWN], _T.REFUSED)
RETURN_UNKNOWN = Move.of("return.lose_sight", [_T.PREPARED], _T.UNKNOWN)
# Money that has left the owed account and is not known to be back.
UNDER_WAY = (_P.SENDING, _P.UNKNOWN, _P.NEEDS_HUMAN)
