"""What is compared: each check names the kinds of findings it alone can open, and close."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from artists.compensation.stripe.facts import Transfer
from artists.compensation.stripe.gateway import Gateway, open_gateway
from portal.money import plain_amount


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that differs; code and subject say whether it is the same as last time."""

    code: str
    subject: str
    words: str


@dataclass
class Look:
    """One comparison under way: since when transfers are compared, and what was read of them."""

    began_at: datetime
    since: datetime
    adopt: bool = False
    compared: int = 0
    adopted: list[str] = field(default_factory=list)
    _transfers: list[Transfer] | None = None

    @property
    def gateway(self) -> Gateway:
        """Stripe; only where it is configured."""
        return open_gateway()

    def transfers(self) -> list[Transfer]:
        """Every transfer since then, oldest first; read once. Raises NotDone."""
        if self._transfers is None:
            self._transfers = list(reversed(self.gateway.transfers_since(self.since)))
            self.compared = len(self._transfers)
        return self._transfers


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison. `since` says that it sees only what is younger than the look's beginning."""

    codes: frozenset[str]
    look: Callable[[Look], Iterator[Found]]
    by_stripe: bool = True
    windowed: bool = False


def money(amount: int, currency: str) -> str:
    """A sum inside of a sentence."""
    return f"{plain_amount(amount, currency)} {currency}"
