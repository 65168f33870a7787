"""What one artist of the demonstration chose about mail, so that the page shows a choice."""

from collections.abc import Mapping
from datetime import time

from artists.people.models import Person
from portal.notices.kinds import Delivery
from portal.notices.queries import hours_of
from portal.notices.services import choose_hours, choose_mail

ARTIST = "lena@demo.example"


def choose_some_mail(people: Mapping[str, Person]) -> None:
    """Once: what a visitor chooses afterwards stays."""
    lena = people[ARTIST]
    if hours_of(lena).pk is not None:
        return
    choose_mail(lena, {"consent.used": Delivery.DAILY, "sharing.confirmed": Delivery.DAILY}, actor=lena)
    choose_hours(lena, actor=lena, quiet_from=time(22), quiet_to=time(7), digest=True, digest_at=time(8, 30))
