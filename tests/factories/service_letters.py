"""Letters of service, read before they are made."""

from datetime import date, timedelta

from django.utils import timezone

from artists.compensation.models import ServiceLetter
from artists.compensation.statements import services
from artists.people.models import Person


def made(person: Person, *, sums: bool = True, since: date | None = None) -> ServiceLetter:
    """A letter of the last days; something must have been counted in them."""
    today = timezone.now().date()
    begin = since or today - timedelta(days=10)
    seen = services.draw_letter(begin, today, actor=person, sums=sums).digest
    return services.make_letter(begin, today, actor=person, sums=sums, seen=seen)
