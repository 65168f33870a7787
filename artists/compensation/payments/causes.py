"""Why a rail did not take a payment, by the code it gave: what its artist reads, whose the next step is, what staff does."""

from typing import Final, NamedTuple

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.access.decisions import Words


class Cause(NamedTuple):
    """`why` ends a sentence for its artist, and is never the rail's own sentence, which speaks to the program."""

    why: Words
    staff: Words
    artist: Words = ""  # the step that is theirs, where there is one


_CLEAR: Final = _("Clear the cause, then make it payable again.")

CAUSES: Final = {
    "balance_insufficient": Cause(
        _("the program's account at Stripe has too little money"),
        _("Top up the balance at Stripe, then make it payable again."),
    ),
    "resource_missing": Cause(
        _("Stripe does not know your account there any more"),
        _("Its artist opens another account at Stripe; then make it payable again."),
        _("Open another account at Stripe; then the program sends it again."),
    ),
    "insufficient_capabilities_for_transfer": Cause(
        _("your account at Stripe cannot take money now"),
        _("Its artist answers Stripe; then make it payable again."),
        _("Answer what Stripe asks of you; then the program sends it again."),
    ),
    "key-refused": Cause(
        _("Stripe did not let the program in"),
        _("The operators look at the key to Stripe; then make it payable again."),
    ),
    "nothing-came": Cause(_("it never reached Stripe"), _("It was never sent: make it payable again.")),
    "currency-not-by-stripe": Cause(
        _("Stripe does not send this currency"), _("Make it payable again and pay it by hand.")
    ),
}


def cause_of(code: str) -> Cause:
    """The cause behind a code; one that nobody has met yet is named as it is."""
    return CAUSES.get(code) or Cause(_now("Stripe says “%(code)s”") % {"code": code}, _CLEAR)
