"""Whatever becomes of webhooks on the way, one comparison later the rows are those of a delivery in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artists.compensation.ledger.books import books_balance
from artists.compensation.models import Entry, Payment, Payout, RailAccount
from artists.compensation.reconciling.comparing import reconcile
from artists.compensation.reconciling.hearing import apply_due_events
from artists.people.models import Person
from tests.doubles.stripe import Outbox, open_stripe
from tests.doubles.stripe.outbox import News
from tests.factories.hooks import Hook
from tests.factories.pay import funded
from tests.factories.rail import account_at, promised, sent

Rows = dict[str, Any]


class Undone(Exception):
    """Ends a transaction."""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves nothing."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        return


@dataclass
class Story:
    """Payments of two artists, and what happens at Stripe afterwards, step by step."""

    hook: Hook
    ada: RailAccount
    ben: RailAccount
    payments: list[Payment]
    payouts: list[str] = field(default_factory=list)

    @property
    def steps(self) -> list[Callable[[], object]]:
        """In their order, which is Stripe's own."""
        world, ada, ben = self.hook.outbox.world, self.ada.account or "", self.ben.account or ""
        out = lambda account: self.payouts.extend(world.pay_out(account))  # noqa: E731 - read beside the others
        one = lambda n: self.payouts[n]  # noqa: E731
        back = lambda n, amount=None: world.reverse_by_hand(self.payments[n].transfer or "", amount)  # noqa: E731
        return [
            lambda: back(3, 400),
            lambda: out(ada),  # one payout of three payments
            lambda: world.move_payout(one(0), "in_transit"),
            lambda: out(ben),
            lambda: world.move_payout(one(0), "paid"),
            lambda: world.move_payout(one(1), "failed"),
            lambda: world.move_payout(one(0), "failed"),  # after it was paid
            lambda: world.onboard(ada),
            lambda: out(ada),  # again, with what came back
            lambda: world.move_payout(one(2), "failed"),
            lambda: world.onboard(ada),
            lambda: back(0),  # out of what is back in the balance
            lambda: out(ada),
            lambda: world.move_payout(one(3), "paid"),
            lambda: world.ask_again(ben),
            lambda: back(3),
        ]


@contextmanager
def told(ada: Person, ben: Person, sam: Person, portal: Any) -> Iterator[Story]:
    """A world of its own, with four payments out."""
    with open_stripe() as fake, undone():
        fake.world.top_up(1000_00)
        portal.VERNISSAGE_STRIPE_KEY = fake.key
        portal.VERNISSAGE_STRIPE_API_BASE = fake.address
        portal.VERNISSAGE_STRIPE_WEBHOOK_SECRET = list(Outbox(fake.world).secrets.values())
        fund = funded(sam)
        accounts = account_at(fake, ada), account_at(fake, ben)
        paid = [sent(fake, promised(fund, ada, 1000 * n), accounts[0]) for n in (1, 2, 3)]
        paid.append(sent(fake, promised(fund, ben, 900), accounts[1]))
        yield Story(Hook(Outbox(fake.world)), *accounts, paid)
        assert fake.violations == []


def rows(story: Story) -> Rows:
    """What is in the books and mirrored, without ids that differ from world to world."""
    numbers = {payout: number for number, payout in enumerate(story.payouts)}
    payments = Payment.objects.in_bulk([one.pk for one in story.payments])
    return {
        "payments": [
            (one.state, one.came_back, one.arrival, one.payout and numbers[one.payout.payout])
            for one in (payments[each.pk] for each in story.payments)
        ],
        "payouts": sorted(
            (numbers[one.payout], one.status, one.failure, one.amount, one.again_in and numbers[one.again_in.payout])
            for one in Payout.objects.select_related("again_in")
        ),
        "accounts": sorted(
            (one.person.name, one.readiness, str(one.needs)) for one in RailAccount.objects.select_related("person")
        ),
        "returns": sorted(Entry.objects.filter(kind="reverse").values_list("person__name", "amount")),
        "awards": sorted(Payment.objects.values_list("award__state", flat=True)),
        "wrong": books_balance(),
    }


IN_ORDER: Rows = {
    "payments": [
        ("reversed", 1000, "paid", 3), ("sent", 0, "paid", 3), ("sent", 0, "paid", 3), ("reversed", 900, "failed", 1),
    ],
    "payouts": [
        (0, "failed", "account_closed", 6000, 2), (1, "failed", "account_closed", 500, None),
        (2, "failed", "account_closed", 6000, 3), (3, "paid", "", 5000, None),
    ],
    "returns": [("Ada", 1000), ("Ben", 400), ("Ben", 500)],
    "awards": ["approved"] * 4,
    "wrong": [],
}  # fmt: skip


def test_in_order(ada: Person, ben: Person, sam: Person, settings: Any) -> None:
    with told(ada, ben, sam, settings) as story:
        for step in story.steps:
            step()
            story.hook.deliver()
            apply_due_events()
        found = rows(story)
        accounts = found.pop("accounts")
        assert found == IN_ORDER
        assert [(name, state) for name, state, _needs in accounts] == [("Ada", "active"), ("Ben", "restricted")]
        reconcile()
        assert rows(story) | {"accounts": None} == IN_ORDER | {"accounts": None}


@st.composite
def fates(draw: st.DrawFn) -> list[tuple[int, bool, list[int]]]:
    """For every step: how many of the waiting go out, whether a worker looks, and in which order, doubled or lost."""
    return [
        (draw(st.integers(0, 12)), draw(st.booleans()), draw(st.lists(st.integers(0, 30), max_size=12)))
        for _step in range(16)
    ]


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fate=fates(), lost=st.sets(st.integers(0, 60)))
def test_any_order_doubled_and_lost(
    ada: Person, ben: Person, sam: Person, portal_settings: Any, fate: list[tuple[int, bool, list[int]]], lost: set[int]
) -> None:
    with told(ada, ben, sam, portal_settings) as story:
        all_news: list[News] = story.hook.outbox.world.news
        for step, (count, looks, picks) in zip(story.steps, fate, strict=True):
            step()
            # Any news so far, again and again; some never.
            chosen = [all_news[-1 - pick % len(all_news)] for pick in picks[:count]]
            story.hook.deliver([one for one in chosen if all_news.index(one) not in lost])
            if looks:
                apply_due_events()
        apply_due_events()
        reconcile()
        found = rows(story)
        accounts = found.pop("accounts")
        assert found == IN_ORDER
        assert [(name, state) for name, state, _needs in accounts] == [("Ada", "active"), ("Ben", "restricted")]


@pytest.fixture
def portal_settings(settings: Any) -> Any:
    """pytest-django's, under a name that hypothesis leaves free."""
    return settings
