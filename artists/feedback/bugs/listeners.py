"""What follows from news of bug reports: authors hear what became of theirs, the desk hears of new ones. Nobody's words are in it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import BugMessage, BugReport
from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.notices.kinds import DESK, VOICE, Delivery, Kind, Sample, register_kind
from portal.notices.services import tell
from portal.panels import Words

from .news import BugAnswered, BugChanged, BugReported
from .states import BugState

COUNTS = _("Your report counts. Where it stands is behind the link.")
register_kind(
    Kind(
        "bugs.changed",
        _("What became of a bug you reported"),
        family=VOICE,
        sample=Sample(
            _("Bug %(number)s: %(state)s"), COUNTS, "/bugs/", fill={"number": 12, "state": BugState.PLANNED.label}
        ),
    )
)
register_kind(
    Kind(
        "bugs.answered",
        _("The program wrote to you about a bug you reported"),
        family=VOICE,
        sample=Sample(_("There is a message about your bug %(number)s"), url="/bugs/", fill={"number": 12}),
    )
)
register_kind(
    Kind(
        "bugs.desk",
        _("A bug was reported, or its author wrote"),
        family=DESK,
        default=Delivery.NEVER,
        sample=Sample(_("Bug %(number)s was reported"), url="/staff/bugs/", fill={"number": 12}),
    )
)


def _tell_desk(key: str, title: Words, bug: BugReport) -> None:
    url = reverse("staff_bug", args=[bug.pk])
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct()
    for person in staff.exclude(pk=bug.author_id):
        tell(person, "bugs.desk", key=key, title=title, url=url, fill={"number": bug.pk})


@listen(BugReported, name="bugs.tell_desk")
def tell_desk(news: BugReported) -> None:
    """Everybody who triages."""
    bug = BugReport.objects.get(pk=news.bug)
    _tell_desk(f"bug:{bug.pk}", _("Bug %(number)s was reported"), bug)


@listen(BugChanged, name="bugs.tell_author")
def tell_author(news: BugChanged) -> None:
    """Its author, and the author of every report that was merged into it, each about their own."""
    first = BugReport.objects.select_related("author").get(pk=news.bug)
    state = BugState(news.state)
    body = COUNTS
    if state == BugState.FIXED:
        body = _("The version is behind the link. If you still meet it, write there.")
    elif state == BugState.WONT_FIX:
        body = _("The reason is behind the link; you can answer it there.")
    elif state == BugState.DUPLICATE:
        body = _("Somebody had reported the same. You keep the credit for yours, and hear what becomes of it.")
    for bug in [first, *first.duplicates.select_related("author")]:
        tell(
            bug.author,
            "bugs.changed",
            key=f"bug:{first.pk}:{news.number}:{bug.pk}",
            title=_("Bug %(number)s: %(state)s"),
            fill={"number": bug.pk, "state": state.label},
            body=body,
            url=reverse("bug", args=[bug.pk]),
        )


@listen(BugAnswered, name="bugs.tell_other_side")
def tell_other_side(news: BugAnswered) -> None:
    """Whoever did not write."""
    message = BugMessage.objects.select_related("bug__author").get(pk=news.message)
    bug, key = message.bug, f"bug-message:{message.pk}"
    if message.from_staff:
        title, address = _("There is a message about your bug %(number)s"), reverse("bug", args=[bug.pk])
        tell(bug.author, "bugs.answered", key=key, title=title, url=address, fill={"number": bug.pk})
    else:
        _tell_desk(key, _("The author of bug %(number)s wrote"), bug)
