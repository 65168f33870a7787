"""Authors answer: yes, yes with limits, no, or a question first."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.consent.kinds import both, places_valid
from artists.consent.models import Answer, AskedWork, Preference, Stance
from artists.consent.news import AuthorAskedBack, AuthorReplied, WorkAnswered
from artists.consent.states import DECLINE, SAY_NO, SAY_YES, AnswerState, AskedState
from artists.people.models import Person
from portal import happenings
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.machine import move

from .giving import A_YEAR, give
from .refusing import CONSENT, refusal

LONGEST = 600
LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a yes is narrowed to; empty means as it was asked."""

    places: tuple[str, ...] = ()
    ends_at: datetime | None = None
    conditions: str = ""
    credit_line: str = ""


def _over(given: Answer) -> Refused:
    work = given.work
    words = _("This is no longer asked: %(state)s.") % {"state": work.get_state_display()}
    if work.state == AskedState.OPEN:
        words = _("You have answered this already: %(state)s.") % {"state": given.get_state_display()}
    return refusal("consent.answer", "answer-over", words, _("Nothing was changed."), Kind.CONFLICT)


def _locked(given: Answer) -> Answer:
    """The answer under the lock of its work: the last two authors who answer at once see each other."""
    AskedWork.objects.select_for_update().get(pk=given.work_id)
    return Answer.objects.select_related("work__request", "work__clip").get(pk=given.pk)


def _narrowed(fresh: Answer, limits: Limits) -> dict[str, object]:
    """Columns of the limits. Raises Refused places-unknown, places-outside, limit-later, limit-past, conditions-long."""
    asked = fresh.work.request
    if limits.places:
        if not places_valid(list(limits.places)):
            raise refusal(
                "consent.answer", "places-unknown", _("Places are the world, or countries by two capital letters.")
            )
        if not both(asked.places, list(limits.places)):
            raise refusal(
                "consent.answer",
                "places-outside",
                _("This is asked for other places."),
                _("Say no, or choose among them."),
            )
    if limits.ends_at is not None:
        if limits.ends_at > asked.ends_at:
            raise refusal(
                "consent.answer", "limit-later", _("A limit only narrows: it cannot end later than what is asked.")
            )
        if limits.ends_at <= max(asked.starts_at, timezone.now()):
            raise refusal("consent.answer", "limit-past", _("It would end before it begins."), _("Say no instead."))
    if len(limits.conditions) > LONGEST:
        raise refusal(
            "consent.answer", "conditions-long", _("Conditions have up to %(most)s characters.") % {"most": LONGEST}
        )
    return {
        "places": sorted(set(limits.places)) or None,
        "ends_at": limits.ends_at,
        "conditions": limits.conditions.strip(),
        "credit_line": limits.credit_line.strip()[:160],
    }


@transaction.atomic
def say_yes(given: Answer, *, actor: Person, limits: Limits | None = None) -> Answer:
    """Agree, within limits if there are any; with the last author's yes the consent is given.

    Raises Refused answer-over, answer-late, and what a limit refuses.
    """
    require("consent.answer", actor, given)
    fresh = _locked(given)
    if fresh.work.state == AskedState.OPEN and fresh.work.request.answer_by <= timezone.now():
        words = _("The time to answer is over, and no answer is a no.")
        todo = _("The program can ask again.")
        raise refusal("consent.answer", "answer-late", words, todo, Kind.CONFLICT)  # the sweep has not come by yet
    fields = _narrowed(fresh, limits or Limits()) | {"answered_at": timezone.now()}
    return _yes(fresh, fields, actor)


def _yes(fresh: Answer, fields: dict[str, object], actor: Person) -> Answer:
    if fresh.work.state != AskedState.OPEN:
        raise _over(fresh)
    answered, moved = move(fresh, SAY_YES, actor=actor, fields=fields)
    if not moved:
        raise _over(answered)
    if not fresh.work.answers.exclude(state=AnswerState.YES).exists():
        give(fresh.work)
    return answered


@transaction.atomic
def say_no(given: Answer, *, actor: Person, may_name: bool = False, by_choice_of: datetime | None = None) -> Answer:
    """Decline; one no settles it. The others learn whose it was only with `may_name`. Raises Refused answer-over."""
    require("consent.answer", actor, given)
    fresh = _locked(given)
    if fresh.work.state != AskedState.OPEN:
        raise _over(fresh)
    now = timezone.now()
    fields = {"answered_at": now, "may_name": may_name, "by_choice_of": by_choice_of}
    answered, moved = move(fresh, SAY_NO, actor=actor, fields=fields)
    if not moved:
        raise _over(answered)
    news = WorkAnswered(fresh.work_id, AskedState.DECLINED)
    move(fresh.work, DECLINE, actor=CONSENT, fields={"ended_at": now}, news=news)
    return answered


def answer_by_choice(given: Answer, chosen: Preference) -> None:
    """What somebody decided beforehand: a no at once; a yes for a year at most. They are told of a yes by its receipt."""
    fresh = _locked(given)
    if fresh.work.state != AskedState.OPEN:
        return
    if chosen.stance == Stance.NO:
        say_no(fresh, actor=chosen.person, by_choice_of=chosen.chosen_at)
        return
    asked = fresh.work.request
    until = min(asked.ends_at, max(asked.starts_at, timezone.now()) + A_YEAR)
    fields = {"answered_at": timezone.now(), "ends_at": until, "by_choice_of": chosen.chosen_at}
    _yes(fresh, fields, chosen.person)


def ask_back(given: Answer, *, actor: Person, text: str) -> Answer:
    """Ask the program something before answering; the time to answer runs on. Raises Refused question-missing, answer-over."""
    require("consent.answer", actor, given)
    kept = _text(text, "consent.answer", "question")
    asked = Answer.objects.filter(pk=given.pk, state=AnswerState.WAITING, work__state=AskedState.OPEN)
    with transaction.atomic():
        if not asked.update(question=kept, asked_at=timezone.now(), reply="", replied_at=None):
            raise _over(Answer.objects.select_related("work").get(pk=given.pk))
        record("consent.ask_back", actor=actor, subject=given)
        happenings.announce(AuthorAskedBack(given.pk))
    return Answer.objects.get(pk=given.pk)


def reply(given: Answer, *, actor: Person, text: str) -> Answer:
    """Answer an author's question. Raises Refused reply-missing, answer-over."""
    require("consent.reply", actor, given)
    kept = _text(text, "consent.reply", "reply")
    now = timezone.now()
    with transaction.atomic():
        if not Answer.objects.filter(pk=given.pk, asked_at__isnull=False).update(reply=kept, replied_at=now):
            raise _over(Answer.objects.select_related("work").get(pk=given.pk))
        record("consent.reply", actor=actor, subject=given)
        happenings.announce(AuthorReplied(given.pk, now.isoformat()))
    return Answer.objects.get(pk=given.pk)


def _text(text: str, action: str, name: str) -> str:
    kept = text.strip()
    if not kept or len(kept) > LONGEST_QUESTION:
        words = _("Write up to %(most)s characters.") % {"most": LONGEST_QUESTION}
        raise refusal(action, f"{name}-long" if kept else f"{name}-missing", words, _("What you typed is kept."))
    return kept
