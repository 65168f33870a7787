"""Who may ask to share, confirm, review, decide, withdraw and look."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from generation.models import Clip
from generation.rules import not_deleted
from portal.access import ALLOWED, Actor, Decision, Kind, System, check, denied, rule
from portal.appeals.models import Appeal
from portal.appeals.states import AppealState
from portal.program.rules import stated_for
from portal.program.stopping import not_suspended
from portal.storage.exit import Purpose, register_purpose

from .models import Collaborator, Concern, Conflict, Outcome, Release, ShareRequest
from .models import Decision as View
from .states import CollaboratorState, ReleaseState, RequestState

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)
CLOSED = denied("work-withdrawn", _("This work is no longer shared."), kind=Kind.GONE)


def _theirs(actor: Actor, request: ShareRequest) -> Decision:
    return signed_in(actor) and (ALLOWED if request.artist_id == actor.pk else NOT_THERE)


def made_it(actor: Actor, request: ShareRequest) -> bool:
    """Whether this person asked, or was named as having made it too."""
    mine = actor.pk is not None and request.artist_id == actor.pk
    return mine or request.collaborators.filter(person_id=actor.pk).exists()


# The artist and those who made the work with them.


@rule("sharing.ask", who="the artist whose clip it is, while it is not deleted")
def ask(actor: Actor, clip: Clip) -> Decision:
    """Asking to share one's own clip."""
    first = signed_in(actor) and (not_deleted(clip) if clip.artist_id == actor.pk else NOT_THERE)
    return first and not_suspended(actor)


@rule("sharing.send", who="the artist who asked, while the clip is not deleted and nothing suspends them")
def send(actor: Actor, request: ShareRequest) -> Decision:
    """A draft goes to those who made it too, or to review."""
    return _theirs(actor, request) and ask(actor, request.clip)


@rule("sharing.rewrite", who="the artist who asked, before it is in review")
def rewrite(actor: Actor, request: ShareRequest) -> Decision:
    """Back to a draft, to change what is asked."""
    return _theirs(actor, request)


@rule("sharing.enter", who="the system, when everybody has confirmed")
def enter(actor: Actor, request: ShareRequest) -> Decision:
    """Into review, and the clock starts."""
    open_answers = request.collaborators.exclude(state=CollaboratorState.CONFIRMED)
    if isinstance(actor, System) and not open_answers.exists():
        return ALLOWED
    return denied("collaborators-open", _("Not everybody who made it has confirmed yet."), kind=Kind.CONFLICT)


@rule("sharing.answer", who="the artist who asked, in every standing")
def answer(actor: Actor, request: ShareRequest) -> Decision:
    """Answering a reviewer's question; the clock goes on."""
    return _theirs(actor, request)


@rule("sharing.withdraw", who="the artist who asked and every collaborator who confirmed, at any time")
def withdraw(actor: Actor, request: ShareRequest) -> Decision:
    """Taking a request or a public work back: sharing needs all who made it, so one is enough to end it."""
    confirmed = request.collaborators.filter(person_id=actor.pk, state=CollaboratorState.CONFIRMED)
    if actor.pk is not None and request.artist_id != actor.pk and confirmed.exists():
        return signed_in(actor)
    return _theirs(actor, request)


@rule("sharing.take_down", who="whoever may withdraw its request; staff, when they revoke it; the clock")
def take_down(actor: Actor, release: Release) -> Decision:
    """The public page goes with the request."""
    if isinstance(actor, System) or release.request.state != RequestState.APPROVED:
        return ALLOWED
    return withdraw(actor, release.request)


@rule("sharing.see", who="the artist who asked, and whoever was named as having made it too")
def see(actor: Actor, request: ShareRequest) -> Decision:
    """The request, and what became of it."""
    return signed_in(actor) and (ALLOWED if made_it(actor, request) else NOT_THERE)


@rule("sharing.see_film", who="as sharing.see, while the artist keeps the film")
def see_film(actor: Actor, request: ShareRequest) -> Decision:
    """Whoever is asked to confirm sees what it is about."""
    return see(actor, request) and not_deleted(request.clip)


def _named(actor: Actor, collaborator: Collaborator) -> Decision:
    return signed_in(actor) and (ALLOWED if collaborator.person_id == actor.pk else NOT_THERE)


@rule("sharing.confirm", who="whoever was named as having made it too")
def confirm(actor: Actor, collaborator: Collaborator) -> Decision:
    """Yes to the request as it is, and to the credit."""
    return _named(actor, collaborator) and not_suspended(actor)


@rule("sharing.decline", who="whoever was named as having made it too")
def decline(actor: Actor, collaborator: Collaborator) -> Decision:
    """No; the request goes back to a draft."""
    return _named(actor, collaborator)


@rule("sharing.ask_anew", who="the artist who asked, when they send it again")
def ask_anew(actor: Actor, collaborator: Collaborator) -> Decision:
    """What was said to another wording holds no longer."""
    return _theirs(actor, collaborator.request)


# Reviewers.


def _answers_appeal(actor: Actor, request: ShareRequest) -> bool:
    """Whether this person may answer the appeal that waits: nobody judges a film they cannot see."""
    if request.state != RequestState.IN_APPEAL or not holding(actor, Role.STAFF, Role.OPERATOR):
        return False
    keys = [str(pk) for pk in request.decisions.values_list("pk", flat=True)]
    waiting = Appeal.objects.filter(kind="share", key__in=keys, state=AppealState.OPEN)
    return any(check("appeals.uphold", actor, appeal) for appeal in waiting)


@rule(
    "sharing.review",
    who="reviewers who made their statements for the cohort; staff, once it is late or its appeal is theirs to answer; "
    "never one's own",
)
def review(actor: Actor, request: ShareRequest) -> Decision:
    """Looking at a request, with its film."""
    staff = request.late_at is not None or _answers_appeal(actor, request)
    first = holding(actor, Role.REVIEWER, *((Role.STAFF, Role.OPERATOR) if staff else ()))
    if not first:
        return first
    if made_it(actor, request):
        return denied("own-work", _("Nobody decides on their own work."), todo=_("Another reviewer will."))
    if request.state in (RequestState.DRAFT, RequestState.WAITING):
        return NOT_THERE
    return stated_for(actor, request.artist_id) if actor.holds(Role.REVIEWER) else ALLOWED


def _decide(actor: Actor, request: ShareRequest) -> Decision:
    first = review(actor, request)
    if first and Conflict.objects.filter(request=request, reviewer_id=actor.pk).exists():
        return denied(
            "conflict-declared",
            _("You declared a conflict of interest with this request."),
            todo=_("Another reviewer decides it."),
        )
    return first


@rule("sharing.review_film", who="as sharing.refuse, while the artist keeps the film")
def review_film(actor: Actor, request: ShareRequest) -> Decision:
    """A film deleted after it was refused or withdrawn is shown to nobody; whoever stood back has no need of it."""
    return _decide(actor, request) and not_deleted(request.clip)


def _not_while_suspended(request: ShareRequest) -> Decision:
    if not_suspended(request.artist, model=request.clip.generation.model):
        return ALLOWED
    return denied(
        "artist-suspended",
        _("Its artist is suspended: nothing new of theirs becomes public meanwhile."),
        todo=_("The request keeps its place, and its clock stands; decide when the suspension has ended."),
        kind=Kind.CONFLICT,
    )


@rule("sharing.approve", who="reviewers without a conflict, never their own work; while its artist is not suspended")
def approve(actor: Actor, request: ShareRequest) -> Decision:
    """Letting a clip out; not while its artist, or everything, is suspended."""
    return _decide(actor, request) and _not_while_suspended(request)


@rule("sharing.refuse", who="reviewers without a conflict, never their own work; on a ground, with a reason")
def refuse(actor: Actor, request: ShareRequest) -> Decision:
    """Saying no, with a reason."""
    return _decide(actor, request)


@rule("sharing.question", who="as sharing.refuse, while the clock runs")
def question(actor: Actor, request: ShareRequest) -> Decision:
    """Asking the artist; the clock stands until the answer."""
    return _decide(actor, request)


@rule("sharing.note", who="as sharing.review, while it is open")
def note(actor: Actor, request: ShareRequest) -> Decision:
    """A remark on frames of the film, and a draft of the decision."""
    return review(actor, request)


@rule("sharing.stand_back", who="reviewers, from a request they may look at")
def stand_back(actor: Actor, request: ShareRequest) -> Decision:
    """Declaring a conflict of interest."""
    return review(actor, request)


@rule("sharing.take", who="as sharing.refuse")
def take(actor: Actor, request: ShareRequest) -> Decision:
    """Taking a free request for oneself, or giving it back."""
    return _decide(actor, request)


@rule("sharing.undo", who="the reviewer whose decision it is, until it is told")
def undo(actor: Actor, request: ShareRequest) -> Decision:
    """A decision rests before anybody is told."""
    views = View.objects.filter(request=request, stands=True).order_by("-decided_at", "-pk")
    last = views.first()
    if last is not None and last.reviewer_id is not None and last.reviewer_id == actor.pk:
        return signed_in(actor)
    return denied("not-your-decision", _("Only whoever decided last can undo it."), kind=Kind.FORBIDDEN)


@rule("sharing.tell", who="the clock, when a decision has rested; before that, whoever decided")
def tell(actor: Actor, request: ShareRequest) -> Decision:
    """The decision takes effect. An approval waits while its artist is suspended."""
    first = ALLOWED if isinstance(actor, System) else undo(actor, request)
    return first and (_not_while_suspended(request) if request.outcome == "approved" else ALLOWED)


@rule("sharing.clock", who="the clock, when the time is over and nothing suspends the artist")
def clock(actor: Actor, request: ShareRequest) -> Decision:
    """What the program promised for silence."""
    return _by_system(actor) and _not_while_suspended(request)


@rule("sharing.expire", who="the clock")
def expire(actor: Actor, request: ShareRequest) -> Decision:  # noqa: ARG001 - the table's signature
    """The end of an approval, or of waiting for an answer."""
    return _by_system(actor)


def _by_system(actor: Actor) -> Decision:
    return ALLOWED if isinstance(actor, System) else denied("clock-only", _("Only the clock does this."))


# Appeals: whether somebody may answer one is asked by portal.appeals; here only that it is not the decider.


@rule("sharing.appeal", who="the artist, against a refusal")
def appeal(actor: Actor, request: ShareRequest) -> Decision:
    """The request waits in appeal."""
    return _theirs(actor, request)


@rule("sharing.uphold", who="whoever answers the appeal, never who refused; its artist, taking it back")
def uphold(actor: Actor, request: ShareRequest) -> Decision:
    """The refusal stands."""
    return ALLOWED if request.artist_id == actor.pk else overturn(actor, request)


@rule("sharing.overturn", who="whoever answers the appeal, never who refused")
def overturn(actor: Actor, request: ShareRequest) -> Decision:
    """The refusal is undone, and the work becomes public."""
    first = holding(actor, Role.REVIEWER, Role.STAFF, Role.OPERATOR)
    if first and made_it(actor, request):
        return denied("own-work", _("Nobody decides on their own work."), todo=_("Another reviewer will."))
    refused = View.objects.filter(request=request, stands=True, outcome=Outcome.REFUSED)
    if first and refused.filter(reviewer_id=actor.pk).exists():
        return denied("own-decision", _("You made the decision that is appealed."), todo=_("Somebody else answers."))
    return first


@rule("sharing.revoke", who="staff, on a ground; never their own work")
def revoke(actor: Actor, request: ShareRequest) -> Decision:
    """Taking back an approval in force; the artist may appeal."""
    first = holding(actor, Role.STAFF, Role.OPERATOR)
    if first and made_it(actor, request):
        return denied("own-work", _("Nobody decides on their own work."), todo=_("Somebody else of the staff does."))
    return first


# The public.


@rule(
    "sharing.see_release", who="everybody, while an approval is in force, its embargo is over and nothing suspends it"
)
def see_release(actor: Actor, release: Release) -> Decision:
    """Asked at every request for the page and for every byte of the film."""
    fresh = Release.objects.select_related("request__clip__film", "request__clip__generation", "request__artist")
    release = fresh.get(pk=release.pk)
    asked, now = release.request, timezone.now()
    if release.state != ReleaseState.LIVE or asked.state != RequestState.APPROVED:
        return CLOSED
    if asked.ends_at is not None and asked.ends_at <= now:
        return denied("approval-ended", _("The time for which this work was shared is over."), kind=Kind.GONE)
    if asked.film_sha256 != asked.clip.film.sha256:
        return denied("work-changed", _("The film was changed after it was approved."), kind=Kind.GONE)
    if not not_suspended(asked.artist, model=asked.clip.generation.model):
        return denied("work-suspended", _("This work is not shared at the moment."), kind=Kind.GONE)
    if asked.embargo_until is not None and asked.embargo_until > now:
        return ALLOWED if made_it(actor, asked) else NOT_THERE
    return ALLOWED


@rule("sharing.report", who="everybody who sees the release")
def report(actor: Actor, release: Release) -> Decision:
    """Reporting a concern, without an account."""
    return see_release(actor, release)


@rule("sharing.put_back", who="whoever overturns the refusal of its request")
def put_back(actor: Actor, release: Release) -> Decision:
    """A page that was closed by a revoked approval opens again."""
    return overturn(actor, release.request)


# Staff.


def _staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    return holding(actor, Role.STAFF, Role.OPERATOR)


_STAFF_MAY: dict[str, tuple[str, Callable[[Actor, Any], Decision]]] = {
    "sharing.oversee": ("staff, operators", _staff),
    "sharing.set_terms": ("staff, operators; for requests sent from then on", _staff),
    "sharing.word_ground": ("staff, operators; criticism is refused as a ground", _staff),
    "sharing.assign": ("staff, operators; to a reviewer who may decide it", _staff),
    "sharing.export": ("staff, operators; state and clock, no film and no prompt", _staff),
}
for _action, (_who, _rule) in _STAFF_MAY.items():
    rule(_action, who=_who)(_rule)


@rule("sharing.answer_concern", who="staff, operators; never about their own work")
def answer_concern(actor: Actor, concern: Concern) -> Decision:
    """Answering what the public reported."""
    return revoke(actor, concern.release.request)


register_purpose(Purpose("share", "sharing.see_film"))
register_purpose(Purpose("review", "sharing.review_film"))
register_purpose(Purpose("release", "sharing.see_release"))
register_purpose(Purpose("release_download", "sharing.see_release", saved=True))
