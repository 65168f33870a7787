"""What follows from news of consent: those whom it concerns are told, never more than that."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.notices.services import tell
from portal.panels import Words
from portal.program.models import Membership

from .models import Answer, AskedWork, Call, Consent, Use
from .news import (
    AuthorAskedBack,
    AuthorReplied,
    ConsentAsked,
    ConsentGiven,
    ConsentWithdrawn,
    UnionCalled,
    UseRecorded,
    WorkAnswered,
)
from .states import AskedState


def _authors(consent: Consent) -> list[Person]:
    return [grant.person for grant in consent.grants.select_related("person")]


def _tell_desk(key: str, title: Words, url: str) -> None:
    for person in Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct():
        tell(person, "consent.desk", key=key, title=title, url=url)


@listen(ConsentAsked, name="consent.tell_author")
def tell_author(news: ConsentAsked) -> None:
    """Whoever is asked; what for is behind the link."""
    given = Answer.objects.select_related("person").get(pk=news.answer)
    title, body = (
        _("The program asks to use a work of yours"),
        _("Nothing happens without your yes. No answer is a no."),
    )
    address = reverse("consent_answer", args=[given.pk])
    tell(given.person, "consent.asked", key=f"asked:{given.pk}", title=title, body=body, url=address)


@listen(AuthorAskedBack, name="consent.tell_question")
def tell_question(news: AuthorAskedBack) -> None:
    """The desk."""
    given = Answer.objects.select_related("work").get(pk=news.answer)
    moment = given.asked_at.isoformat() if given.asked_at else ""
    address = reverse("consent_request", args=[given.work.request_id])
    _tell_desk(f"question:{given.pk}:{moment}", _("An artist has a question about a consent request"), address)


@listen(AuthorReplied, name="consent.tell_reply")
def tell_reply(news: AuthorReplied) -> None:
    """Whoever asked."""
    given = Answer.objects.select_related("person").get(pk=news.answer)
    address = reverse("consent_answer", args=[given.pk])
    tell(
        given.person,
        "consent.replied",
        key=f"reply:{given.pk}:{news.at}",
        title=_("Your question was answered"),
        url=address,
    )


@listen(WorkAnswered, name="consent.tell_settled")
def tell_settled(news: WorkAnswered) -> None:
    """The desk; and the authors, where it came to nothing. Whose no it was is for no notice."""
    work = AskedWork.objects.get(pk=news.work)
    address = reverse("consent_request", args=[work.request_id])
    _tell_desk(f"settled:{work.pk}:{news.state}", _("A consent request was answered"), address)
    if news.state in {AskedState.DECLINED, AskedState.LAPSED, AskedState.WITHDRAWN}:
        for given in work.answers.select_related("person"):
            url = reverse("consent_answer", args=[given.pk])
            title = _("A consent request came to nothing")
            tell(given.person, "consent.settled", key=f"settled:{work.pk}:{news.state}", title=title, url=url)


@listen(ConsentGiven, name="consent.tell_given")
def tell_given(news: ConsentGiven) -> None:
    """All authors get the receipt."""
    consent = Consent.objects.get(pk=news.consent)
    for person in _authors(consent):
        address = reverse("consent", args=[consent.pk])
        body = _("It can be withdrawn at any time on the same page.")
        tell(
            person,
            "consent.given",
            key=f"given:{consent.pk}",
            title=_("Your receipt of a consent"),
            body=body,
            url=address,
        )


@listen(ConsentWithdrawn, name="consent.tell_withdrawn")
def tell_withdrawn(news: ConsentWithdrawn) -> None:
    """The desk has to act on it; the authors have it in writing."""
    consent = Consent.objects.get(pk=news.consent)
    address = reverse("consent", args=[consent.pk])
    title = _("A consent was withdrawn")
    for person in _authors(consent):
        tell(person, "consent.withdrawn", key=f"withdrawn:{consent.pk}", title=title, url=address)
    _tell_desk(f"withdrawn:{consent.pk}", title, address)


@listen(UseRecorded, name="consent.tell_used")
def tell_used(news: UseRecorded) -> None:
    """Each author, of each use."""
    use = Use.objects.select_related("consent").get(pk=news.use)
    for person in _authors(use.consent):
        tell(person, "consent.used", key=f"used:{use.pk}", title=_("A work of yours was used"), url=reverse("uses"))


@listen(UnionCalled, name="consent.tell_called")
def tell_called(news: UnionCalled) -> None:
    """Every artist of the cohort but who calls; what they do is theirs."""
    call = Call.objects.select_related("by").get(pk=news.call)
    members = Membership.objects.filter(cohort=call.cohort, person__grants__role=Role.ARTIST).exclude(person=call.by)
    for place in members.select_related("person"):
        title, fill = _("%(name)s calls on your cohort to pause all consents"), {"name": call.by.credit}
        tell(place.person, "consent.called", key=f"call:{call.pk}", title=title, url=reverse("union"), fill=fill)
