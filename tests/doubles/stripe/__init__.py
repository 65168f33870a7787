"""A stateful fake of the part of Stripe's HTTP API that a payer needs.

The real SDK talks to it over a socket. What it accepts and answers is checked against the SDK's own types, which Stripe generates from its
description of the API; how it behaves follows Stripe's pages, as far as they say. `violations` names what either side did wrong.
"""

from .faults import At, Fault, Kind
from .outbox import Outbox
from .server import FakeStripe, open_stripe
from .world import PLATFORM, World

__all__ = ["PLATFORM", "At", "FakeStripe", "Fault", "Kind", "Outbox", "World", "open_stripe"]
