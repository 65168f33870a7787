"""A program that pays by Stripe, at the fake, and hears its webhooks at its own address."""

from collections.abc import Callable
from typing import Any

import pytest

from artists.compensation.models import RailAccount
from artists.people.models import Person
from tests.doubles.stripe import FakeStripe, Outbox
from tests.factories.hooks import Hook
from tests.factories.rail import account_at


@pytest.fixture
def stripe_on(fake: FakeStripe, settings: Any) -> FakeStripe:
    """Stripe, for this portal."""
    settings.VERNISSAGE_STRIPE_KEY = fake.key
    settings.VERNISSAGE_STRIPE_API_BASE = fake.address
    settings.VERNISSAGE_STRIPE_SECONDS = 0.5
    settings.VERNISSAGE_STRIPE_WEBHOOK_SECRET = list(Outbox(fake.world).secrets.values())
    return fake


@pytest.fixture
def hook(stripe_on: FakeStripe) -> Hook:
    """Where the fake's news goes."""
    return Hook(Outbox(stripe_on.world))


@pytest.fixture
def account_of(stripe_on: FakeStripe) -> Callable[[Person], RailAccount]:
    """account_of(person): a ready account of theirs."""
    return lambda person: account_at(stripe_on, person)
