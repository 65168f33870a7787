"""What keeps a payment from going out, as the room of payments says it."""

from artists.compensation.models import Payment
from artists.compensation.payments.holds import Hold, holds_of
from artists.compensation.payments.states import PaymentState

__all__ = ["Hold", "holding"]


def holding(payment: Payment) -> list[Hold]:
    """Of a payment that could be sent; nothing holds what has left."""
    return holds_of(payment) if payment.state == PaymentState.READY else []
