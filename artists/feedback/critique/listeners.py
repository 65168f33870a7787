"""What follows from a week that is over: staff are told how many texts can be answered. Nobody is told of one."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from artists.feedback.models import CritiqueWeek
from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.notices.kinds import DESK, Kind, Sample, register_kind
from portal.notices.services import tell

from .news import WeekPublished

SAID = ngettext_lazy("%(n)d anonymous text came in", "%(n)d anonymous texts came in", "n")
register_kind(
    Kind(
        "critique.published",
        _("Anonymous critique of a week can be answered"),
        family=DESK,
        sample=Sample(SAID % {"n": 3}, url="/staff/feedback/critique/"),
    )
)


@listen(WeekPublished, name="critique.tell_staff")
def tell_staff(news: WeekPublished) -> None:
    """A count and a link; no words of a text go into a mail."""
    week = CritiqueWeek.objects.get(week=news.week)
    for person in Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct():
        tell(
            person,
            "critique.published",
            key=f"critique:{week.week}",
            title=SAID % {"n": week.count},
            url=reverse("critique_desk"),
        )
