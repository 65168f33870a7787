"""What follows from news of missions: whoever acts next is told; what was written is behind the link."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import MissionPlace
from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.notices.kinds import ARTISTS, DESK, VOICE, Kind, Sample, register_kind
from portal.notices.services import tell

from .news import PlaceAccepted, PlaceAnswered, PlaceDelivered

DELIVERED = _("A mission was delivered")
ANSWERED = _("Staff answered what you delivered")
YOURS_AGAIN = _("It is yours again: read what is missing, and deliver when you like.")
ACCEPTED = _("What you delivered was accepted")
register_kind(
    Kind(
        "mission.delivered",
        _("A mission was delivered and waits for staff"),
        family=DESK,
        sample=Sample(DELIVERED, url="/staff/feedback/missions/"),
    )
)
register_kind(
    Kind(
        "mission.answered", ANSWERED, family=VOICE, concerns=ARTISTS, sample=Sample(ANSWERED, YOURS_AGAIN, "/missions/")
    )
)
register_kind(
    Kind("mission.accepted", ACCEPTED, family=VOICE, concerns=ARTISTS, sample=Sample(ACCEPTED, url="/missions/"))
)


def _place(pk: int) -> MissionPlace:
    return MissionPlace.objects.select_related("person", "mission").get(pk=pk)


@listen(PlaceDelivered, name="mission.tell_staff")
def tell_staff(news: PlaceDelivered) -> None:
    """Those who can answer it."""
    place = _place(news.place)
    url = reverse("staff_mission", args=[place.mission_id])
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR])
    for person in staff.exclude(pk=place.person_id).distinct():
        key = f"mission:{place.pk}:{news.at}"
        tell(person, "mission.delivered", key=key, title=DELIVERED, url=url)


@listen(PlaceAnswered, name="mission.tell_answered")
def tell_answered(news: PlaceAnswered) -> None:
    """It is theirs again."""
    place = _place(news.place)
    tell(
        place.person,
        "mission.answered",
        key=f"mission:{place.pk}:{news.at}",
        title=ANSWERED,
        body=YOURS_AGAIN,
        url=reverse("mission", args=[place.mission_id]),
    )


@listen(PlaceAccepted, name="mission.tell_accepted")
def tell_accepted(news: PlaceAccepted) -> None:
    """It counts."""
    place = _place(news.place)
    tell(
        place.person,
        "mission.accepted",
        key=f"mission:{place.pk}:accepted",
        title=ACCEPTED,
        url=reverse("mission", args=[place.mission_id]),
    )
