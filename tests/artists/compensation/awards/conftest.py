"""Two more of the staff: an award needs a proposer and two others."""

import pytest

from artists.compensation.models import Fund
from artists.people.models import Person
from artists.people.roles import Role
from portal.access import ALLOWED, Actor, Decision, rule, table
from tests.factories import people
from tests.factories.pay import funded

if not any(one.action == "payment.cancel" for one in table()):

    @rule("payment.cancel", who="staff")
    def cancel(actor: Actor, subject: object) -> Decision:
        """Only until the room of payments brings its own."""
        return ALLOWED


@pytest.fixture
def tess(db: None) -> Person:
    """Program staff."""
    return people.holder_of(Role.STAFF, "Tess")


@pytest.fixture
def umar(db: None) -> Person:
    """Program staff."""
    return people.holder_of(Role.STAFF, "Umar")


@pytest.fixture
def fund(sam: Person) -> Fund:
    """A thousand euros."""
    return funded(sam)
