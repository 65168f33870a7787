"""The program asks: one use, some places, a period, for one or more works."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.consent.authors import authors_of
from artists.consent.kinds import UseKind, places_valid
from artists.consent.models import Answer, AskedWork, ConsentRequest, Stance
from artists.consent.news import ConsentAsked, WorkAnswered
from artists.consent.queries import stance_of
from artists.consent.states import LAPSE, TAKE_BACK, AskedState
from artists.people.models import Person
from generation.models import Clip
from portal import happenings
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move
from portal.money import check_currency, currencies
from portal.program.queries import the_program
from portal.program.sunset import before_sunset

from .answering import answer_by_choice
from .refusing import CONSENT, refusal

LONGEST_TEXT = 4000
LONGEST_PERIOD = timedelta(days=5 * 366)
LONGEST_WAIT = timedelta(days=90)
WAIT = timedelta(days=14)
MOST_WORKS = 100
MOST_FEE = 10**11


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `fee` is for each work, in minor units."""

    kind: str
    where: str
    text: str
    starts_at: datetime
    ends_at: datetime
    places: tuple[str, ...] = ("world",)
    fee: int = 0
    currency: str = ""
    credit_line: str = ""
    answer_by: datetime | None = None


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return refusal("consent.ask", code, reason, todo or _("Nobody was asked; what you typed is kept."), kind)


def _check_words(wanted: Wanted) -> None:
    if wanted.kind not in UseKind.values:
        raise _no("use-unknown", _("There is no use called %(name)s.") % {"name": wanted.kind[:20]})
    for value, code, reason in (
        (wanted.where, "where-missing", _("Say where: the very site, account, paper, festival or data set.")),
        (wanted.text, "text-missing", _("Say what for: the artist decides by it.")),
    ):
        if not value.strip():
            raise _no(code, reason)
    if len(wanted.text) > LONGEST_TEXT:
        raise _no("text-long", _("The text has up to %(most)s characters.") % {"most": LONGEST_TEXT})
    if not places_valid(list(wanted.places)):
        raise _no("places-unknown", _("Places are the world, or countries by two capital letters."))
    if not 0 <= wanted.fee <= MOST_FEE:
        raise _no("fee-wrong", _("A fee is nothing or a sum; this is neither."))


def _check_times(wanted: Wanted, answer_by: datetime, now: datetime) -> None:
    if wanted.ends_at <= now:
        raise _no("period-over", _("This period is over already."), _("Choose a later end."))
    if wanted.ends_at <= wanted.starts_at:
        raise _no("period-backwards", _("The period ends before it begins."))
    if wanted.ends_at - max(wanted.starts_at, now) > LONGEST_PERIOD:
        raise _no("period-long", _("A consent is for five years at most."), _("Ask again when it ends."))
    if not now < answer_by <= now + LONGEST_WAIT:
        raise _no("answer-by-wrong", _("Give them between now and 90 days to answer."))


def _checked(wanted: Wanted, now: datetime) -> dict[str, Any]:
    """The columns of a request. Raises Refused for whatever could never be agreed to."""
    answer_by = wanted.answer_by or now + WAIT
    _check_words(wanted)
    _check_times(wanted, answer_by, now)
    return {
        "kind": wanted.kind,
        "places": sorted(set(wanted.places)),
        "where": wanted.where.strip()[:300],
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        "fee": wanted.fee,
        "currency": check_currency(wanted.currency or currencies()[0]),
        "credit_line": wanted.credit_line.strip()[:160],
        "text": wanted.text.strip(),
        "answer_by": answer_by,
    }


def folded(where: str) -> str:
    """The same place however it is typed."""
    return " ".join(where.casefold().split())[:300]


def _admitted(clips: Collection[Clip], wanted: Wanted, actor: Person) -> dict[str, Any]:
    """The columns of a request for these works. Raises Refused."""
    require("consent.ask", actor)
    over = before_sunset(the_program())
    if not over:
        raise Refused("consent.ask", over)
    if not 0 < len(clips) <= MOST_WORKS:
        raise _no("works-missing", _("Choose one to %(most)s works.") % {"most": MOST_WORKS})
    fields = _checked(wanted, timezone.now())
    if any(clip.deleted_at is not None for clip in clips):
        raise _no("clip-deleted", _("One of these films was deleted."), kind=Kind.GONE)
    asked = AskedWork.objects.filter(
        clip__in=clips, kind=wanted.kind, where=folded(wanted.where), state=AskedState.OPEN
    )
    if asked.exists():
        raise _asked_already()
    return fields


def _asked_already() -> Refused:
    words = _("The authors of one of these works are being asked for this very use already.")
    return _no("asked-already", words, _("Wait for that answer, or take that request back."), Kind.CONFLICT)


def preview_request(clips: Collection[Clip], wanted: Wanted, *, actor: Person) -> ConsentRequest:
    """The request as its authors would read it; nothing is kept and nobody is asked. Raises Refused as ask_consent."""
    with transaction.atomic():
        fields = _admitted(clips, wanted, actor)
    return ConsentRequest(by=actor, by_label=actor.label[:200], asked_at=timezone.now(), **fields)


@transaction.atomic
def ask_consent(clips: Collection[Clip], wanted: Wanted, *, actor: Person) -> ConsentRequest:
    """Ask all authors of these works. A no chosen beforehand is a no at once; a yes chosen beforehand likewise.

    Raises Refused works-missing, clip-deleted, asked-already, program-ended and what a value refuses (see _checked).
    """
    fields = _admitted(clips, wanted, actor)
    request = ConsentRequest.objects.create(by=actor, by_label=actor.label[:200], asked_at=timezone.now(), **fields)
    try:
        with transaction.atomic():
            works = [
                AskedWork.objects.create(request=request, clip=clip, kind=request.kind, where=folded(request.where))
                for clip in clips
            ]
    except IntegrityError:  # somebody asked for the same since the look above
        raise _asked_already() from None
    record(
        "consent.ask", actor=actor, subject=request, detail={"kind": request.kind, "works": [str(c.pk) for c in clips]}
    )
    for work in works:
        _ask_authors(work)
    return request


def _ask_authors(work: AskedWork) -> None:
    answers = [Answer.objects.create(work=work, person_id=pk) for pk in sorted(authors_of(work.clip))]
    for given in answers:
        chosen = stance_of(given.person_id, work.clip, work.kind)
        if chosen is not None and chosen.stance != Stance.LATER:
            answer_by_choice(given, chosen)
        else:
            happenings.announce(ConsentAsked(given.pk))


@transaction.atomic
def take_back(request: ConsentRequest, *, actor: Person) -> int:
    """Ask no longer for what was not answered yet; returns for how many works. Consents that were given stay."""
    require("consent.take_back", actor, request)
    count = 0
    for work in AskedWork.objects.filter(request=request, state=AskedState.OPEN):
        news = WorkAnswered(work.pk, AskedState.WITHDRAWN)
        count += move(work, TAKE_BACK, actor=actor, fields={"ended_at": timezone.now()}, news=news)[1]
    return count


def lapse_due() -> int:
    """Silence is no: works whose time to answer is over."""
    now = timezone.now()
    due = AskedWork.objects.filter(state=AskedState.OPEN, request__answer_by__lte=now).order_by("pk")[:200]
    return sum(
        move(work, LAPSE, actor=CONSENT, fields={"ended_at": now}, news=WorkAnswered(work.pk, AskedState.LAPSED))[1]
        for work in due
    )
