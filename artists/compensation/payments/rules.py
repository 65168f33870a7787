"""Who may act on payments."""

from django.utils.translation import gettext_lazy as _

from artists.compensation.ledger.rules import staff
from artists.compensation.models import Payment
from portal.access import ALLOWED, Actor, Decision, System, denied, rule


def _taking_back(actor: Actor, payment: Payment) -> Decision:
    """Whoever does it here, or the system that reads at the rail that it was done."""
    if isinstance(actor, System):
        return ALLOWED
    if actor.pk == payment.payee_id:
        return denied("own-money", _("This is about your own money."), todo=_("Somebody else of the staff does this."))
    return staff(actor, payment)


for _action in ("payment.reverse", "payment.reverse_part"):
    rule(_action, who="staff, operators, never their own money; the system, when the rail says so")(_taking_back)
