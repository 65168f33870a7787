"""Two more of the staff: an award needs a proposer and two others."""

import pytest

from artists.compensation.models import Fund
from artists.people.models import Person
from artists.people.roles import Role
from tests.factories import people
from tests.factories.pay import funded


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
