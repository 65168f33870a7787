"""Stripe for these tests: the fake on a socket, and the gateway that talks to it."""

from collections.abc import Iterator

import pytest
import stripe

from artists.compensation.stripe.gateway import Gateway
from tests.doubles.stripe import FakeStripe, open_stripe


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeStripe]:
    """A Stripe with 1000.00 EUR of the program's, in which nobody did anything that the SDK's types forbid."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.001)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.002)
    with open_stripe() as opened:
        opened.world.top_up(1000_00)
        yield opened
        assert opened.violations == []


@pytest.fixture
def gateway(fake: FakeStripe) -> Iterator[Gateway]:
    """The gateway, which gives up after 0.3 seconds."""
    opened = Gateway(fake.key, base=fake.address, seconds=0.3, connect_seconds=2)
    yield opened
    opened.close()
