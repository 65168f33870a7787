"""An installation that pays by Stripe: the double on a socket, named in the settings."""

from typing import Any

import pytest

from artists.people.models import Person
from tests.doubles.stripe import FakeStripe
from tests.factories.sending import account_at


@pytest.fixture
def stripe_on(fake: FakeStripe, settings: Any) -> FakeStripe:
    """Stripe, for this portal; it gives up after 0.3 seconds."""
    settings.VERNISSAGE_STRIPE_KEY = fake.key
    settings.VERNISSAGE_STRIPE_API_BASE = fake.address
    settings.VERNISSAGE_STRIPE_SECONDS = 0.3
    return fake


@pytest.fixture
def ada_paid(stripe_on: FakeStripe, ada: Person) -> str:
    """Ada's account at Stripe, ready."""
    return str(account_at(stripe_on, ada).account)
