"""What keeps a payment from going out, as the room of payments says it."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.utils.translation import gettext as _

from artists.compensation.models import Payment
from artists.compensation.payments.states import PaymentState

_ROOM = "artists.compensation.payments.holds"


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason, what would end it, and whose turn that is ("payee" or "program")."""

    code: str
    words: str
    todo: str
    whose: str


def holding(payment: Payment) -> list[Hold]:
    """Of a payment that could be sent; nothing holds what has left."""
    if payment.state != PaymentState.READY:
        return []
    if find_spec(_ROOM) is not None:
        return list(import_module(_ROOM).holds_of(payment))
    if not payment.held_reason:
        return []
    return [
        Hold("person-hold", _("Held: %(why)s") % {"why": payment.held_reason}, _("The program lets it go."), "program")
    ]
