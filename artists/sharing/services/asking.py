"""What an artist and those who made the work with them do: draft, send, confirm, answer, take back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.clock import Calendar
from artists.sharing.grounds import Ground
from artists.sharing.live import tell_asked
from artists.sharing.models import Collaborator, Question, Release, ShareRequest
from artists.sharing.news import CollaboratorAnswered, CollaboratorAsked, QuestionAnswered, ShareAsked, ShareWithdrawn
from artists.sharing.places import Channel, scope_of
from artists.sharing.queries import open_question, terms_in_force
from artists.sharing.states import (
    ANSWER,
    ASK_ANEW,
    BACK_TO_DRAFT,
    CONFIRM,
    DECLINE,
    ENTER,
    SEND,
    TAKE_DOWN,
    WITHDRAW,
    CollaboratorState,
    RequestState,
)
from generation.models import Clip
from portal import happenings
from portal.access import Actor, Kind, System, require
from portal.addresses import is_web_address
from portal.audit.chain import record
from portal.machine import move

from .refusing import in_other_state, refusal

SHARING = System("sharing")
LONGEST_ANSWER = 4000
MOST_COLLABORATORS = 12


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for: places, words, and who made it too (mail addresses)."""

    title: str
    destination: str
    credit: str = ""
    words: str = ""
    alt_text: str = ""
    channels: Sequence[str] = ()
    url: str = ""
    embargo_until: datetime | None = None
    showcase: bool = False
    checked: Sequence[str] = ()
    collaborators: Sequence[str] = ()


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Exception:
    return refusal("sharing.ask", code, reason, todo or _("Nothing was sent; what you typed is kept."), kind)


def _kept(ask: Ask, artist: Person) -> dict[str, Any]:
    """The columns of an ask. Raises Refused where a value can never be right."""
    unknown = [name for name in ask.channels if name not in Channel.values]
    if unknown:
        raise _no("channel-unknown", _("There is no kind of place called %(name)s.") % {"name": unknown[0]})
    if any(name not in Ground.values for name in ask.checked):
        raise _no("ground-unknown", _("This is not one of the published grounds."))
    if ask.url.strip() and not is_web_address(ask.url.strip()):
        raise _no("url-not-web", _("The address must begin with https:// or http:// and name a site."))
    if len(ask.url) > ShareRequest._meta.get_field("url").max_length:  # noqa: SLF001 - Django's documented Model API
        raise _no("url-long", _("The address is too long."))
    fields = asdict(ask)
    del fields["collaborators"]
    return fields | {
        "title": ask.title.strip()[:160],
        "destination": ask.destination.strip()[:300],
        "credit": (ask.credit.strip() or artist.credit)[:160],
        "words": ask.words.strip(),
        "alt_text": ask.alt_text.strip()[:300],
        "channels": sorted(set(ask.channels)),
        "checked": sorted(set(ask.checked)),
        "url": ask.url.strip(),
        "scope": scope_of(list(ask.channels), ask.destination),
    }


def _people(addresses: Iterable[str], artist: Person) -> list[Person]:
    """Artists with these mail addresses. Raises Refused collaborator-unknown, collaborator-self, collaborators-many."""
    wanted = sorted({one.strip().lower() for one in addresses if one.strip()})
    if len(wanted) > MOST_COLLABORATORS:
        raise _no("collaborators-many", _("Up to %(most)s people can be named.") % {"most": MOST_COLLABORATORS})
    if artist.email in wanted:
        raise _no("collaborator-self", _("You are its artist already; name only those who made it with you."))
    found = {
        one.email: one for one in Person.objects.filter(email__in=wanted, is_active=True, grants__role=Role.ARTIST)
    }
    missing = [address for address in wanted if address not in found]
    if missing:
        words = _("Nobody of this program has the address %(address)s.") % {"address": missing[0]}
        raise _no("collaborator-unknown", words, _("Check it, or name them in the credit line. Nothing was sent."))
    return [found[address] for address in wanted]


@transaction.atomic
def save_draft(clip: Clip, ask: Ask, *, actor: Person, request: ShareRequest | None = None) -> ShareRequest:
    """Keep a draft, new or rewritten; only its artist sees it. Raises Refused share-open and what a value refuses."""
    require("sharing.ask", actor, clip)
    fields = _kept(ask, actor)
    people = _people(ask.collaborators, actor)
    try:
        with transaction.atomic():
            if request is None:
                kept = ShareRequest.objects.create(clip=clip, artist=actor, film_sha256=clip.film.sha256, **fields)
            else:
                require("sharing.rewrite", actor, request)
                drafts = ShareRequest.objects.filter(pk=request.pk, state=RequestState.DRAFT)
                if not drafts.update(film_sha256=clip.film.sha256, **fields):
                    raise in_other_state("sharing.rewrite", ShareRequest.objects.get(pk=request.pk))
                kept = ShareRequest.objects.get(pk=request.pk)
    except IntegrityError:
        raise _no(
            "share-open",
            _("There is already an open request for this clip at these places."),
            _("Look at it under Sharing, withdraw it, or name another place."),
            Kind.CONFLICT,
        ) from None
    kept.collaborators.exclude(person__in=people).delete()
    for person in people:
        Collaborator.objects.get_or_create(request=kept, person=person)
    return kept


@transaction.atomic
def send(request: ShareRequest, *, actor: Person) -> ShareRequest:
    """Send a draft: to those who made it too, else to review.

    Raises Refused title-missing, destination-missing, embargo-past, clip-deleted, state-changed.
    """
    # Deleting locks the same row: whoever comes second sees what the first one did.
    clip = Clip.objects.select_for_update().get(pk=request.clip_id)
    require("sharing.ask", actor, clip)
    for value, code, reason in (
        (request.title, "title-missing", _("A public work needs a title.")),
        (request.destination, "destination-missing", _("Say where it will be shown.")),
    ):
        if not value.strip():
            raise _no(code, reason)
    now = timezone.now()
    if request.embargo_until is not None and request.embargo_until <= now:
        raise _no("embargo-past", _("The embargo lies in the past."), _("Choose a later moment, or none."))
    sent, moved = move(
        request,
        SEND,
        actor=actor,
        fields={"asked_at": now, "film_sha256": clip.film.sha256},
        detail={"clip": str(clip.pk)},
    )
    if not moved:
        raise in_other_state("sharing.send", sent)
    for one in sent.collaborators.all():
        move(one, ASK_ANEW, actor=actor, fields={"asked_at": now, "answered_at": None})
        happenings.announce(CollaboratorAsked(one.pk, now.isoformat()))
    return sent if sent.collaborators.exists() else _enter(sent)


def _enter(request: ShareRequest) -> ShareRequest:
    """Into review under the terms in force; the clock starts."""
    now = timezone.now()
    terms = terms_in_force()
    left = terms.hours * 3600
    clock = {"terms": terms, "clock_from": now, "clock_left": left, "due_at": Calendar.of(terms).after(now, left)}
    entered, moved = move(
        request, ENTER, actor=SHARING, fields=clock, news=ShareAsked(str(request.pk), now.isoformat())
    )
    if moved:
        tell_asked(entered)
    return entered


@transaction.atomic
def request_share(
    clip: Clip,
    *,
    actor: Person,
    title: str,
    destination: str,
    credit: str = "",
    words: str = "",
    alt_text: str = "",
    **more: Any,
) -> ShareRequest:
    """Draft and send in one act; nothing is kept when anything is refused. `more` are further fields of Ask."""
    ask = Ask(title, destination, credit, words, alt_text, **more)
    return send(save_draft(clip, ask, actor=actor), actor=actor)


@transaction.atomic
def rewrite(request: ShareRequest, *, actor: Person) -> ShareRequest:
    """Take a request that waits for collaborators back to a draft. Raises Refused state-changed."""
    draft, moved = move(request, BACK_TO_DRAFT, actor=actor)
    if not moved:
        raise in_other_state("sharing.rewrite", draft)
    return draft


def _check_round(request: ShareRequest, seen: datetime | None) -> None:
    """What was read is what was sent last. Raises Refused request-changed."""
    if seen is not None and seen != request.asked_at:
        words = _("The request was changed after you opened this page.")
        raise refusal("sharing.confirm", "request-changed", words, _("Read it again, then answer."), Kind.CONFLICT)


@transaction.atomic
def confirm(collaborator: Collaborator, *, actor: Person, seen: datetime | None = None) -> ShareRequest:
    """Say yes to a request as it is; the last yes sends it to review. `seen`: when what was read had been sent.

    Raises Refused state-changed, request-changed.
    """
    # One row for everybody who answers at once: the last of them finds no open answer.
    request = ShareRequest.objects.select_for_update().get(pk=collaborator.request_id)
    if request.state != RequestState.WAITING:
        raise in_other_state("sharing.confirm", request)
    _check_round(request, seen)
    now = timezone.now()
    _fresh, moved = move(collaborator, CONFIRM, actor=actor, fields={"answered_at": now})
    if moved:
        happenings.announce(CollaboratorAnswered(collaborator.pk, now.isoformat()))
    if not request.collaborators.exclude(state=CollaboratorState.CONFIRMED).exists():
        return _enter(request)
    return request


@transaction.atomic
def decline(collaborator: Collaborator, *, actor: Person) -> ShareRequest:
    """Say no: the request is a draft again, and its artist is told. Raises Refused state-changed."""
    request = ShareRequest.objects.select_for_update().get(pk=collaborator.request_id)
    if request.state != RequestState.WAITING:
        raise in_other_state("sharing.decline", request)
    now = timezone.now()
    _fresh, moved = move(collaborator, DECLINE, actor=actor, fields={"answered_at": now})
    if moved:
        happenings.announce(CollaboratorAnswered(collaborator.pk, now.isoformat()))
        request, _moved = move(request, BACK_TO_DRAFT, actor=request.artist)
    return request


@transaction.atomic
def answer(request: ShareRequest, *, actor: Person, text: str) -> Question:
    """Answer the open question; the clock goes on with what was left. Raises Refused answer-missing, answer-long, state-changed."""
    require("sharing.answer", actor, request)
    kept = text.strip()
    if not kept or len(kept) > LONGEST_ANSWER:
        words = _("Write an answer of up to %(most)s characters.") % {"most": LONGEST_ANSWER}
        raise refusal(
            "sharing.answer", "answer-long" if kept else "answer-missing", words, _("What you typed is kept.")
        )
    fresh = ShareRequest.objects.select_for_update(of=("self",)).select_related("terms").get(pk=request.pk)
    asked = open_question(fresh)
    if fresh.state != RequestState.QUESTION or asked is None or fresh.terms is None:
        raise in_other_state("sharing.answer", fresh)
    now = timezone.now()
    due = Calendar.of(fresh.terms).after(now, fresh.clock_left or 0)
    _moved, moved = move(
        fresh, ANSWER, actor=actor, fields={"clock_from": now, "due_at": due}, news=QuestionAnswered(asked.pk)
    )
    if not moved:
        raise in_other_state("sharing.answer", _moved)
    Question.objects.filter(pk=asked.pk, answered_at=None).update(answer=kept, answered_at=now)
    asked.refresh_from_db()
    return asked


@transaction.atomic
def withdraw(request: ShareRequest, *, actor: Actor) -> tuple[ShareRequest, bool]:
    """Take it back: a public page answers 410 from the next request on."""
    now = timezone.now()
    news = ShareWithdrawn(str(request.pk), actor.pk or 0)
    stopped = {"ended_at": now, "due_at": None, "clock_from": None, "tell_at": None}
    withdrawn, moved = move(request, WITHDRAW, actor=actor, fields=stopped, news=news)
    if moved:
        close_page(withdrawn, actor=actor)
    return withdrawn, moved


def close_page(request: ShareRequest, *, actor: Actor) -> None:
    """The public page of a request that is no longer approved."""
    release = Release.objects.filter(request=request).first()
    if release is not None:
        move(release, TAKE_DOWN, actor=actor, fields={"ended_at": timezone.now()})


def record_read(request: ShareRequest, *, actor: Person) -> None:
    """That somebody of the staff looked at an unreleased film while deciding on a late request."""
    record("sharing.review", actor=actor, subject=request)
