"""What keeps a payment from going out, in words for the artist it is for: the room of payments says it for staff."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Payment
from artists.compensation.payments.holds import PAYEE, RAIL, STAFF, TIME, Hold, holds_of_many

__all__ = ["PAYEE", "Hold", "holding", "urgent"]

NOT_DUE = "not-due"
# Whose turn comes first on the page of an artist: their own.
_ORDER = (PAYEE, STAFF, RAIL, TIME)
_SAID = {
    "not-onboarded": (
        _("We do not know yet how to pay you"),
        _("Say in which country and how you want to be paid, and finish what is asked there."),
    ),
    "way-impossible": (
        _("Stripe cannot send this to you"),
        _("Choose to be paid by bank transfer instead."),
    ),
    "capability-off": (
        _("Stripe does not take money for you at present"),
        _("Answer what Stripe asks, or choose to be paid by bank transfer."),
    ),
    "tax-missing": (
        _("Your tax information is not confirmed"),
        _("The staff confirm it once they have seen it; they tell you what they need."),
    ),
    "account-changed": (
        _("You changed how you are paid, so it waits for three days"),
        _("Nothing, if it was you. If it was not: tell the program staff now."),
    ),
    "award-not-approved": (
        _("Its award is being looked at again"),
        _("The staff look at it. Nothing is needed of you."),
    ),
    "approvals-lapsed": (
        _("Somebody who approved it left the staff"),
        _("Somebody else of the staff approves it as it stands. Nothing is needed of you."),
    ),
    "daily-cap": (
        _("The fund has sent what it sends in a day"),
        _("It is sent by itself when that is past. Nothing is needed of you."),
    ),
}
_CHECKED = (_("Stripe is checking your account"), _("It takes some days. Nothing is needed of you."))


def _for_artist(hold: Hold) -> Hold:
    """The same hold in words to its artist; a reason that somebody wrote stays as it was written."""
    words = _CHECKED if (hold.code, hold.whose) == ("capability-off", RAIL) else _SAID.get(hold.code)
    return hold if words is None else replace(hold, words=words[0], todo=words[1])


def urgent(holds: Iterable[Hold]) -> list[Hold]:
    """What the artist can do first, what only time ends last."""
    return sorted(holds, key=lambda hold: _ORDER.index(hold.whose) if hold.whose in _ORDER else len(_ORDER))


def holding(payments: Iterable[Payment]) -> dict[UUID, list[Hold]]:
    """By payment, for those that could be sent, most urgent first: a fixed number of queries, however many."""
    return {pk: urgent(_for_artist(hold) for hold in holds) for pk, holds in holds_of_many(payments).items()}
