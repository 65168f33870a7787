"""Open progress streams of those stopped end with the stop: the hub is told in its own transaction, and asks here."""

from collections.abc import Collection, Mapping

from django.db.models import Q

from artists.people.models import Person
from artists.people.roles import Role
from portal.events.publish import STOPS, publish
from portal.events.standing import register_standing

from .models import Suspension
from .states import Running, Scope
from .stopping import in_force


def stopped_among(people: Collection[int]) -> Mapping[int, str]:
    """Artists among these whose running work is stopped. One question while nothing is, two otherwise.

    Where running films may finish, their progress goes on being told. A token or a model stops nobody's browser.
    """
    found = in_force().filter(running=Running.STOP, scope__in=[Scope.PROGRAM, Scope.COHORT, Scope.ARTIST])
    rows = list(found.values_list("scope", "artist_id", "cohort_id"))
    if not rows:
        return {}
    hit = Q(pk__in=[artist for _scope, artist, _cohort in rows if artist])
    hit |= Q(membership__cohort_id__in=[cohort for _scope, _artist, cohort in rows if cohort])
    if any(scope == Scope.PROGRAM for scope, _artist, _cohort in rows):
        hit |= Q(grants__role=Role.ARTIST)
    return dict.fromkeys(Person.objects.filter(hit, pk__in=people).values_list("pk", flat=True), "suspended")


def tell_hubs(suspension: Suspension) -> None:
    """In the transaction of the stop: every process looks at its streams the moment it commits."""
    publish(STOPS, f"suspension-{suspension.pk}")


register_standing("suspended", stopped_among)
