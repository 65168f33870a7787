"""What follows from a stop: those it stops are told, and a second person is asked for."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.notices.kinds import ARTISTS, DESK, STANDING, Kind, Sample, register_kind
from portal.notices.services import tell

from .models import Suspension
from .news import SuspensionBegan, SuspensionEnded
from .reach import target_of
from .states import Scope, SuspensionEnd

register_kind(
    Kind(
        "program.suspended",
        _("Your access is suspended, or goes on"),
        family=STANDING,
        concerns=ARTISTS,
        binding=True,
        why=_("It says what you may do now, and how to appeal."),
        urgent=True,
        sample=Sample(
            _("Making films is suspended for you"),
            _("What, why, until when, and what still works is on one page."),
            "/me/standing/",
        ),
    )
)
register_kind(
    Kind(
        "program.ratify",
        _("A suspension of the whole program needs a second person"),
        family=DESK,
        concerns=frozenset({Role.STAFF, Role.OPERATOR}),
        urgent=True,
        sample=Sample(
            _("The whole program was suspended and needs a second person"),
            _("%(who)s suspended it. Without a second person it ends by itself after ten minutes."),
            "/staff/safety/",
            fill={"who": "Mara Lindqvist (#1)"},
        ),
    )
)


def _suspension(pk: int) -> Suspension:
    return Suspension.objects.select_related("token", "artist", "cohort").get(pk=pk)


@listen(SuspensionBegan, name="program.tell_suspended")
def tell_suspended(news: SuspensionBegan) -> None:
    """Everybody it stops; the reason is behind the link, not in the mail."""
    suspension = _suspension(news.suspension)
    for artist in target_of(suspension).artists():
        tell(
            artist,
            "program.suspended",
            key=f"suspended:{suspension.pk}",
            title=_("An access token of yours is suspended")
            if suspension.scope == Scope.TOKEN
            else _("Making films is suspended for you"),
            body=_("What, why, until when, and what still works is on one page."),
            url=reverse("standing"),
        )


@listen(SuspensionBegan, name="program.ask_second_person")
def ask_second_person(news: SuspensionBegan) -> None:
    """The other staff, when everything was stopped."""
    suspension = _suspension(news.suspension)
    if suspension.scope != Scope.PROGRAM or suspension.ratified:
        return
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct()
    for person in staff.exclude(pk=suspension.by_id):
        tell(
            person,
            "program.ratify",
            key=f"ratify:{suspension.pk}",
            title=_("The whole program was suspended and needs a second person"),
            body=_("%(who)s suspended it. Without a second person it ends by itself after ten minutes."),
            url=reverse("safety"),
            fill={"who": suspension.by_label},
        )


@listen(SuspensionEnded, name="program.tell_resumed")
def tell_resumed(news: SuspensionEnded) -> None:
    """Everybody it stopped."""
    suspension = _suspension(news.suspension)
    for artist in target_of(suspension).artists():
        tell(
            artist,
            "program.suspended",
            key=f"resumed:{suspension.pk}",
            title=_("A suspension has ended"),
            body=_("Films that waited go on from where they stood."),
            url=reverse("standing"),
        )
    if suspension.ended_how in {SuspensionEnd.UNRATIFIED, SuspensionEnd.UNCONFIRMED} and suspension.by is not None:
        tell(
            suspension.by,
            "program.ratify",
            key=f"lapsed:{suspension.pk}",
            title=_("Your suspension of the whole program has ended by itself"),
            body=suspension.get_ended_how_display(),
            url=reverse("safety"),
        )
