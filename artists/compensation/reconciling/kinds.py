"""What a comparison can find: each kind with its name and the one next step of whoever reads it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.panels import Words


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind: its stable code, what it is called, what to do."""

    code: str
    title: Words
    step: Words


_ALL = (
    FindingKind(
        "transfer-not-in-books",
        _("At Stripe, not in our books"),
        _(
            "Find out who sent it in Stripe's dashboard. If it paid an award, reverse it there and send the award's payment here; else note why it was sent."
        ),
    ),
    FindingKind(
        "transfer-not-at-stripe",
        _("In our books, not at Stripe"),
        _(
            "Check that the Stripe key is of the account that paid. If it is, call Stripe with this id before anything is sent again."
        ),
    ),
    FindingKind(
        "transfer-differs",
        _("Amount, currency or destination differ"),
        _(
            "Compare the payment with the transfer in Stripe's dashboard; reverse there what is too much, and end the award here if it is not owed."
        ),
    ),
    FindingKind(
        "transfer-twice",
        _("Two transfers for one payment"),
        _("Reverse one of them in Stripe's dashboard: the one that this payment does not name."),
    ),
    FindingKind(
        "attempt-unknown",
        _("Nobody knows for more than an hour whether it was sent"),
        _(
            "Nothing can be sent twice meanwhile. If Stripe has exactly one matching transfer, `manage.py reconcile --adopt` takes it into the books."
        ),
    ),
    FindingKind(
        "reversed-elsewhere",
        _("Taken back at Stripe, past the portal"),
        _("It is entered, and the award owes the money again: pay it anew, or end the award with a reason."),
    ),
    FindingKind(
        "payout-failed",
        _("A bank sent money back"),
        _(
            "Its artist was told to mend the bank account at Stripe; Stripe then sends it again. Write to them if it stays."
        ),
    ),
    FindingKind(
        "account-closed",
        _("The account of an artist who is owed money is closed or not accepted"),
        _("Ask its artist to open another account or to choose bank transfer; nothing is sent until then."),
    ),
    FindingKind(
        "account-changed",
        _("The account of an artist who is owed money stopped taking it"),
        _("Its artist was told what Stripe asks for. Write to them if it stays; what is owed stays owed."),
    ),
    FindingKind(
        "balance-low",
        _("Less at Stripe than awards are to be paid"),
        _("Top up the program's balance in Stripe's dashboard in this currency before sending."),
    ),
    FindingKind(
        "webhooks-undelivered",
        _("Webhooks do not arrive"),
        _(
            "Look at the event destinations in Stripe's dashboard: address, secret, and what they were answered. Until then things are known an hour late."
        ),
    ),
    FindingKind(
        "books-broken",
        _("The books do not balance"),
        _("Stop sending, keep the database as it is, and call the operators: somebody went past the guards."),
    ),
    FindingKind(
        "payment-differs",
        _("A payment and the books disagree"),
        _("Stop sending this award, keep the database as it is, and call the operators."),
    ),
)
KINDS = {kind.code: kind for kind in _ALL}
