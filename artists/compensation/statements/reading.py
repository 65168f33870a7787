"""The ledger of somebody as lines under what they are: needs you, payable, on its way, earned, paid, returned."""

from dataclasses import dataclass
from datetime import tzinfo

from artists.people.models import Person
from artists.people.reading import zone_of
from portal.access import Actor

from . import queries
from .holding import holding
from .standing import Line, contribution_line, line_of

# What is open does not grow with the past; should it, the rest is a page away.
MOST_OPEN = 30
NEWEST = 5


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the page of an artist shows, most urgent first; `more` names the parts with further lines."""

    needs_you: list[Line]
    payable: list[Line]
    travelling: list[Line]
    earned: list[Line]
    unpaid: list[Line]
    paid: list[Line]
    returned: list[Line]
    more: frozenset[str]

    @property
    def empty(self) -> bool:
        """Whether there is nothing at all."""
        parts = (self.needs_you, self.payable, self.travelling, self.earned, self.unpaid, self.paid, self.returned)
        return not any(parts)


def payment_lines(rows: list, zone: tzinfo) -> list[Line]:  # type: ignore[type-arg] - payments
    """Payments as lines, with what holds them."""
    holds = holding(rows)
    return [line_of(payment, holds.get(payment.pk, []), zone) for payment in rows]


def open_lines(actor: Actor, zone: tzinfo) -> list[Line]:
    """Payments that have not reached their artist yet, what is due first before the others."""
    rows = [*queries.payments_open(actor)[:MOST_OPEN], *queries.payments_travelling(actor)[:MOST_OPEN]]
    return payment_lines(rows, zone)


def ledger_of(actor: Actor, person: Person) -> Ledger:
    """The whole page, in a number of queries that does not depend on the past."""
    zone = zone_of(person)
    waiting = list(queries.payments_open(actor)[: MOST_OPEN + 1])
    sent = list(queries.payments_travelling(actor)[: MOST_OPEN + 1])
    earned = [*queries.contributions_proposed(actor)[: NEWEST + 1], *queries.contributions_earned(actor)[: NEWEST + 1]]
    unpaid = list(queries.contributions_unpaid(actor)[: NEWEST + 1])
    paid, returned = (
        list(rows[: NEWEST + 1]) for rows in (queries.payments_paid(actor), queries.payments_returned(actor))
    )
    lengths = {
        "payable": (waiting, MOST_OPEN), "travelling": (sent, MOST_OPEN), "earned": (earned, NEWEST),
        "unpaid": (unpaid, NEWEST), "paid": (paid, NEWEST), "returned": (returned, NEWEST),
    }  # fmt: skip
    left, gone = payment_lines(waiting[:MOST_OPEN], zone), payment_lines(sent[:MOST_OPEN], zone)
    under_way = {line.pk for line, row in zip(left, waiting, strict=False) if row.state in queries.UNDER_WAY}
    return Ledger(
        needs_you=[line for line in (*left, *gone) if line.stands.yours],
        payable=[line for line in left if not line.stands.yours and line.pk not in under_way],
        travelling=[line for line in left if line.pk in under_way] + [line for line in gone if not line.stands.yours],
        earned=[contribution_line(one, zone) for one in earned[:NEWEST]],
        unpaid=[contribution_line(one, zone) for one in unpaid[:NEWEST]],
        paid=payment_lines(paid[:NEWEST], zone),
        returned=payment_lines(returned[:NEWEST], zone),
        more=frozenset(name for name, (rows, most) in lengths.items() if len(rows) > most),
    )
