"""What one may see of missions."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from artists.feedback.models import Mission, MissionPlace
from artists.people.roles import Role
from portal.access import Actor, check
from portal.program.models import Membership

from .states import HELD, MissionState, PlaceState

_HELD = Count("taken", filter=Q(taken__state__in=HELD))


def missions_overseen_by(actor: Actor) -> QuerySet[Mission]:
    """All missions with how many places are held and deliveries wait, for staff; newest first."""
    if not check("mission.oversee", actor):
        return Mission.objects.none()
    waiting = Count("taken", filter=Q(taken__state=PlaceState.DELIVERED))
    return Mission.objects.annotate(held=_HELD, waiting=waiting).order_by("-made_at", "-pk")


def missions_visible_to(actor: Actor) -> QuerySet[Mission]:
    """Posted missions that ask this artist, or in which they have had a place; newest first."""
    if not actor.pk or not actor.holds(Role.ARTIST):
        return Mission.objects.none()
    asked = Mission.cohorts.through.objects.filter(mission=OuterRef("pk"))
    mine = asked.filter(cohort__in=Membership.objects.filter(person_id=actor.pk).values("cohort"))
    places = MissionPlace.objects.filter(mission=OuterRef("pk"), person_id=actor.pk)
    found = Mission.objects.exclude(state=MissionState.DRAFT).filter(~Exists(asked) | Exists(mine) | Exists(places))
    last = places.order_by("-taken_at", "-pk").values("state")[:1]
    return found.annotate(held=_HELD, my_state=Subquery(last)).order_by("-posted_at", "-pk")


def open_missions(found: QuerySet[Mission]) -> QuerySet[Mission]:
    """Those in which a place can be taken at this moment."""
    return found.filter(state=MissionState.POSTED, closes_at__gt=timezone.now())


def place_of(actor: Actor, mission: Mission) -> MissionPlace | None:
    """One's place in a mission, the last one that was taken."""
    if not actor.pk:
        return None
    return mission.taken.filter(person_id=actor.pk).order_by("-taken_at", "-pk").first()


def places_of(actor: Actor) -> QuerySet[MissionPlace]:
    """One's own places, newest first."""
    mine = MissionPlace.objects.filter(person_id=actor.pk) if actor.pk else MissionPlace.objects.none()
    return mine.select_related("mission").order_by("-taken_at", "-pk")


def yours_to_deliver(actor: Actor) -> QuerySet[MissionPlace]:
    """Places in which one acts next."""
    return places_of(actor).filter(state__in=[PlaceState.TAKEN, PlaceState.ANSWERED])


def places_overseen_by(actor: Actor) -> QuerySet[MissionPlace]:
    """All places, for staff."""
    seen = MissionPlace.objects.select_related("mission", "person__membership__cohort")
    return seen if check("mission.oversee", actor) else seen.none()


def deliveries_waiting(actor: Actor) -> QuerySet[MissionPlace]:
    """What staff have to answer or accept, oldest first."""
    return places_overseen_by(actor).filter(state=PlaceState.DELIVERED).order_by("delivered_at", "pk")
