"""What follows from news: everybody hears what concerns them, and nobody hears who decided."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import check
from portal.happenings import listen
from portal.notices.services import tell
from portal.panels import Words

from .models import Collaborator, Concern, Decision, Question, ShareRequest
from .news import (
    CollaboratorAnswered,
    CollaboratorAsked,
    ConcernReported,
    QuestionAnswered,
    QuestionAsked,
    SecondNeeded,
    ShareAsked,
    ShareByClock,
    ShareDecided,
    ShareExpired,
    ShareLate,
    ShareReassigned,
    ShareWithdrawn,
)
from .states import CollaboratorState, RequestState


def _request(pk: str) -> ShareRequest:
    return ShareRequest.objects.select_related("artist", "clip").get(pk=pk)


def _with_role(*roles: Role) -> Iterable[Person]:
    return Person.objects.filter(grants__role__in=roles, is_active=True).distinct()


def _tell_makers(request: ShareRequest, kind: str, key: str, title: Words, body: Words = "") -> None:
    """The artist, and everybody who confirmed."""
    confirmed = request.collaborators.filter(state=CollaboratorState.CONFIRMED).select_related("person")
    for person in [request.artist, *(one.person for one in confirmed)]:
        tell(person, kind, key=key, title=title, body=body, url=reverse("share_request", args=[request.pk]))


def _tell_reviewers(request: ShareRequest, key: str, title: Words, *, without: set[int | None] = frozenset()) -> None:  # type: ignore[assignment]
    for reviewer in _with_role(Role.REVIEWER):
        if reviewer.pk not in without and _may_look(reviewer, request):
            tell(reviewer, "sharing.asked", key=key, title=title, url=reverse("review", args=[request.pk]))


def _may_look(person: Person, request: ShareRequest) -> bool:
    """Somebody whose statements are missing is told: it is what they will be asked for first."""
    decision = check("sharing.review", person, request)
    return decision.allowed or decision.code == "statement-missing"


@listen(CollaboratorAsked, name="sharing.tell_collaborator")
def tell_collaborator(news: CollaboratorAsked) -> None:
    """Whoever made it too is asked."""
    one = Collaborator.objects.select_related("person", "request__artist").filter(pk=news.collaborator).first()
    if one is not None:
        tell(
            one.person,
            "sharing.collaborator",
            key=f"made-too:{one.pk}:{news.at}",
            title=_("%(name)s names you as having made a work too"),
            body=_("Nothing is sent to review before you say yes."),
            url=reverse("share_request", args=[one.request_id]),
            fill={"name": one.request.artist.credit},
        )


@listen(CollaboratorAnswered, name="sharing.tell_asker")
def tell_asker(news: CollaboratorAnswered) -> None:
    """The artist hears the answer."""
    one = Collaborator.objects.select_related("person", "request__artist").filter(pk=news.collaborator).first()
    if one is None:
        return
    yes = one.state == CollaboratorState.CONFIRMED
    title = _("%(name)s confirmed your share request") if yes else _("%(name)s declined your share request")
    tell(
        one.request.artist,
        "sharing.confirmed",
        key=f"made-too-answer:{one.pk}:{news.at}",
        title=title,
        body="" if yes else _("It is a draft again: talk to them, or leave them out, and send it anew."),
        url=reverse("share_request", args=[one.request_id]),
        fill={"name": one.person.credit},
    )


@listen(ShareAsked, name="sharing.tell_reviewers")
def tell_reviewers(news: ShareAsked) -> None:
    """Every reviewer but those who made it."""
    request = _request(news.request)
    _tell_reviewers(request, f"asked:{request.pk}:{news.at}", _("A share request waits for a decision"))


@listen(SecondNeeded, name="sharing.tell_second")
def tell_second(news: SecondNeeded) -> None:
    """Everybody but the first: what they think of it stays hidden."""
    view = Decision.objects.select_related("request__artist", "request__clip").get(pk=news.decision)
    title = _("A share request needs a second reviewer")
    _tell_reviewers(view.request, f"second:{view.pk}", title, without={view.reviewer_id})


@listen(ShareReassigned, name="sharing.tell_reassigned")
def tell_reassigned(news: ShareReassigned) -> None:
    """Whoever has it now; the staff, when no reviewer is left who may decide it."""
    request = _request(news.request)
    key, address = f"reassigned:{request.pk}:{news.at}", reverse("review", args=[request.pk])
    if news.to is not None:
        title = _("A share request is yours now")
        body = _("Another reviewer stood back from it. Its clock runs on.")
        tell(Person.objects.get(pk=news.to), "sharing.asked", key=key, title=title, body=body, url=address)
        return
    body = _("Every reviewer has stood back, or has not made the statements. Its clock runs on.")
    for person in _with_role(Role.STAFF, Role.OPERATOR):
        title = _("No reviewer is left for a share request")
        tell(person, "sharing.late", key=key, title=title, body=body, url=reverse("inbox"))


@listen(QuestionAsked, name="sharing.tell_question")
def tell_question(news: QuestionAsked) -> None:
    """The artist; the clock stands meanwhile."""
    asked = Question.objects.select_related("request__artist").get(pk=news.question)
    title = _("A reviewer has a question about your share request")
    body = _("The clock stands until you answer.")
    address = reverse("share_request", args=[asked.request_id])
    tell(asked.request.artist, "sharing.question", key=f"question:{asked.pk}", title=title, body=body, url=address)


@listen(QuestionAnswered, name="sharing.tell_answer")
def tell_answer(news: QuestionAnswered) -> None:
    """The reviewer who asked."""
    asked = Question.objects.select_related("reviewer").get(pk=news.question)
    address = reverse("review", args=[asked.request_id])
    tell(
        asked.reviewer, "sharing.answered", key=f"answer:{asked.pk}", title=_("Your question was answered"), url=address
    )


@listen(ShareDecided, name="sharing.tell_artist")
def tell_artist(news: ShareDecided) -> None:
    """The outcome; the reason is behind the link."""
    request = _request(news.request)
    approved = news.outcome == RequestState.APPROVED
    _tell_makers(
        request,
        "sharing.decided",
        f"decided:{request.pk}:{news.at}",
        _("Your share request was approved") if approved else _("Your share request was refused"),
        _("Its public page is there.") if approved else _("The ground and the reason are on its page. You may appeal."),
    )


@listen(ShareByClock, name="sharing.tell_by_clock")
def tell_by_clock(news: ShareByClock) -> None:
    """Both sides hear that nobody decided in time, and what follows."""
    request = _request(news.request)
    body = _("Nobody decided in time, so it is approved, as the program promised. Its public page is there.")
    _tell_makers(request, "sharing.decided", f"by-clock:{request.pk}", _("Your share request was approved"), body)
    title = _("A share request was approved by the clock")
    for person in _with_role(Role.REVIEWER, Role.STAFF, Role.OPERATOR):
        tell(person, "sharing.late", key=f"by-clock:{request.pk}", title=title, url=reverse("inbox"))


@listen(ShareLate, name="sharing.tell_late")
def tell_late(news: ShareLate) -> None:
    """Both sides hear that it is late, and who acts now."""
    request = _request(news.request)
    body = _("Nobody decided in time. The program staff have it now, and the delay is counted in public.")
    _tell_makers(request, "sharing.late", f"late:{request.pk}", _("Your share request is late"), body)
    for person in _with_role(Role.REVIEWER, Role.STAFF, Role.OPERATOR):
        if _may_look(person, request):
            address = reverse("review", args=[request.pk])
            tell(person, "sharing.late", key=f"late:{request.pk}", title=_("A share request is late"), url=address)


@listen(ShareWithdrawn, name="sharing.tell_withdrawn")
def tell_withdrawn(news: ShareWithdrawn) -> None:
    """The others who made it."""
    request = _request(news.request)
    confirmed = request.collaborators.filter(state=CollaboratorState.CONFIRMED).select_related("person")
    for person in [request.artist, *(one.person for one in confirmed)]:
        if person.pk != news.by:
            title = _("A share request was withdrawn by somebody who made the work with you")
            address = reverse("share_request", args=[request.pk])
            tell(person, "sharing.ended", key=f"withdrawn:{request.pk}", title=title, url=address)


@listen(ConcernReported, name="sharing.tell_concern")
def tell_concern(news: ConcernReported) -> None:
    """Staff who may answer it: those who made the work may not."""
    concern = Concern.objects.select_related("release__request").get(pk=news.concern)
    title = _("Somebody reported a concern about a public work")
    for person in _with_role(Role.STAFF, Role.OPERATOR):
        if check("sharing.answer_concern", person, concern):
            address = reverse("staff_concern", args=[concern.pk])
            tell(person, "sharing.concern", key=f"concern:{concern.pk}", title=title, url=address)


_ENDED = {
    "approval": _("The time for which a work was shared is over"),
    "confirmation": _("A share request ended: not everybody who made it answered"),
    "answer": _("A share request ended: the reviewer's question was not answered"),
}


@listen(ShareExpired, name="sharing.tell_expired")
def tell_expired(news: ShareExpired) -> None:
    """Those who made it; they may ask again."""
    request = _request(news.request)
    title = _ENDED.get(request.ended_how, _ENDED["approval"])
    _tell_makers(request, "sharing.ended", f"expired:{request.pk}", title, _("You may ask again at any time."))
