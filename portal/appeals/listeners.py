"""What follows from an appeal: those who may answer are told, then whoever appealed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from portal.access import check
from portal.happenings import listen
from portal.notices.kinds import DESK, STANDING, Kind, Sample, register_kind
from portal.notices.services import tell
from portal.panels import Words

from .models import Appeal
from .news import AppealDecided, AppealMade, AppealOverdue
from .subjects import STAFF, appealable_called

register_kind(
    Kind(
        "appeals.asked",
        _("An appeal waits for an answer"),
        family=DESK,
        sample=Sample(_("An appeal waits for an answer"), url="/staff/appeals/"),
    )
)
register_kind(
    Kind(
        "appeals.answered",
        _("Your appeal was answered, or is late"),
        family=STANDING,
        binding=True,
        why=_("It decides on something that stops you."),
        sample=Sample(_("Your appeal was answered"), url="/appeals/"),
    )
)


def _tell_deciders(appeal: Appeal, key: str, title: Words) -> None:
    kind = appealable_called(appeal.kind)
    roles = kind.answered_by if kind is not None else STAFF
    for person in Person.objects.filter(is_active=True, grants__role__in=roles).distinct():
        if not check("appeals.uphold", person, appeal):
            continue
        tell(
            person,
            "appeals.asked",
            key=f"{key}:{appeal.pk}",
            title=title,
            url=reverse("appeal_decide", args=[appeal.pk]),
        )


@listen(AppealMade, name="appeals.tell_deciders")
def tell_deciders(news: AppealMade) -> None:
    """Everybody who may answer: never the one who decided."""
    _tell_deciders(Appeal.objects.get(pk=news.appeal), "appeal", _("An appeal waits for an answer"))


@listen(AppealDecided, name="appeals.tell_answer")
def tell_answer(news: AppealDecided) -> None:
    """The answer is behind the link."""
    appeal = Appeal.objects.select_related("person").get(pk=news.appeal)
    address = reverse("appeal", args=[appeal.pk])
    tell(
        appeal.person, "appeals.answered", key=f"answered:{appeal.pk}", title=_("Your appeal was answered"), url=address
    )


@listen(AppealOverdue, name="appeals.tell_overdue")
def tell_overdue(news: AppealOverdue) -> None:
    """A promise that was not kept is said to both sides."""
    appeal = Appeal.objects.select_related("person").get(pk=news.appeal)
    tell(
        appeal.person,
        "appeals.answered",
        key=f"overdue:{appeal.pk}",
        title=_("Your appeal is late"),
        body=_(
            "It should have been answered by now. All who may answer were told, and the delay is counted in public."
        ),
        url=reverse("appeal", args=[appeal.pk]),
    )
    _tell_deciders(appeal, "appeal-overdue", _("An appeal is late"))
