"""What one may see of consents and uses, and the one question everything asks: whether a work may be used so, now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.roles import Role
from generation.models import Clip
from portal.access import ALLOWED, Actor, Decision, Kind, check, denied
from portal.program.models import Cohort, Membership
from portal.program.queries import cohort_of, the_program
from portal.program.sunset import before_sunset

from .kinds import STOPS_WITHIN_DAYS, WORLD, UseKind, covers
from .models import Answer, AskedWork, Call, Consent, ConsentRequest, Grant, Nomination, Pause, Preference, Stance, Use
from .states import AnswerState, AskedState, ConsentState

LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Member:
    """An artist of one's cohort: whether one named them, and whether enough others did."""

    person: Person
    named_by_me: bool
    delegate: bool


def pauses_at(moment: datetime) -> QuerySet[Pause]:
    """Pauses in force at a moment."""
    ends = Q(ended_at=None, until__gt=moment) | Q(ended_at__gt=moment)
    return Pause.objects.filter(ends, since__lte=moment)


def live_at(moment: datetime) -> QuerySet[Consent]:
    """Consents under which something may be used at a moment: given, begun, not ended, not withdrawn, no author pauses."""
    paused = Grant.objects.filter(consent=OuterRef("pk"), person__in=pauses_at(moment).values("person"))
    return Consent.objects.filter(~Exists(paused), state=ConsentState.GIVEN, starts_at__lte=moment, ends_at__gt=moment)


def _why_not(consent: Consent, moment: datetime, place: str) -> Decision:
    """What keeps one consent from covering a use."""
    if consent.state == ConsentState.WITHDRAWN:
        return denied("consent-withdrawn", _("This consent was withdrawn."), todo=_("Stop the use."), kind=Kind.GONE)
    if moment < max(consent.starts_at, consent.given_at):
        return denied("consent-not-begun", _("This consent had not begun then."), kind=Kind.CONFLICT)
    if moment >= consent.ends_at:
        return denied("consent-expired", _("This consent is over."), todo=_("Ask for a new one."), kind=Kind.GONE)
    if pauses_at(moment).filter(person__in=consent.grants.values("person")).exists():
        words = _("An author of this work has suspended all their consents.")
        return denied("consent-paused", words, todo=_("They alone resume, or its date does."), kind=Kind.CONFLICT)
    if not covers(consent.places, place):
        words = _("This consent is for other places: %(places)s.") % {"places": ", ".join(consent.places)}
        return denied("consent-place", words, todo=_("Ask for this place."), kind=Kind.CONFLICT)
    return ALLOWED


def covers_use(consent: Consent, *, at: datetime | None = None, place: str = WORLD) -> Decision:
    """Whether a use at this moment and place stands on this consent."""
    fresh = Consent.objects.select_related("clip").get(pk=consent.pk)
    if fresh.clip.deleted_at is not None:
        return denied("clip-deleted", _("This film was deleted."), kind=Kind.GONE)
    return before_sunset(the_program()) and _why_not(fresh, at or timezone.now(), place)


def may_use(clip: Clip, kind: UseKind, *, place: str = WORLD) -> Decision:
    """Whether the program may use this work for this, there, now: asked at every request, never cached."""
    no = denied("consent-missing", _("No consent was given for this use."), todo=_("Ask for one."))
    for consent in Consent.objects.filter(clip=clip, kind=kind).order_by("given_at"):
        answer = covers_use(consent, place=place)
        if answer:
            return ALLOWED
        no = answer
    return no


def showable(kind: UseKind = UseKind.SHOWCASE) -> QuerySet[Consent]:
    """What the program may show everywhere now, for lists; the page of one work asks may_use."""
    if not before_sunset(the_program()):
        return Consent.objects.none()
    return live_at(timezone.now()).filter(kind=kind, clip__deleted_at=None, places=[WORLD])


def stance_of(person_id: int, clip: Clip, kind: str) -> Preference | None:
    """What a person decided beforehand for this work, or for all; None: decide later."""
    found = Preference.objects.filter(Q(clip=clip) | Q(clip=None), person_id=person_id, kind=kind)
    return found.order_by(F("clip").asc(nulls_last=True)).first()


def preferences_of(actor: Actor) -> dict[str, str]:
    """One's general stance on every use; what was never chosen is decided later."""
    chosen = dict(Preference.objects.filter(person_id=actor.pk, clip=None).values_list("kind", "stance"))
    return {kind: chosen.get(kind, Stance.LATER.value) for kind in UseKind.values}


def answers_of(actor: Actor) -> QuerySet[Answer]:
    """What one was asked, newest first."""
    mine = Answer.objects.filter(person_id=actor.pk) if actor.pk else Answer.objects.none()
    return mine.select_related("work__request", "work__clip").order_by("-work__request__asked_at", "-pk")


def answers_waiting(actor: Actor) -> QuerySet[Answer]:
    """What waits for one's answer."""
    return answers_of(actor).filter(state=AnswerState.WAITING, work__state=AskedState.OPEN)


def consents_of(actor: Actor) -> QuerySet[Consent]:
    """Consents one has a part in, newest first."""
    mine = Grant.objects.filter(consent=OuterRef("pk"), person_id=actor.pk)
    found = Consent.objects.filter(Exists(mine)) if actor.pk else Consent.objects.none()
    return found.select_related("clip", "asked__request").order_by("-given_at", "-pk")


def in_force_of(actor: Actor) -> QuerySet[Consent]:
    """Those of one's consents that cover uses now, or will once they begin or an author resumes; the earliest end first."""
    return consents_of(actor).filter(state=ConsentState.GIVEN, ends_at__gt=timezone.now()).order_by("ends_at", "pk")


def ended_of(actor: Actor) -> QuerySet[Consent]:
    """Those that are over or were withdrawn, the newest first."""
    mine = Consent.objects.filter(grants__person_id=actor.pk) if actor.pk else Consent.objects.none()
    ended = mine.exclude(state=ConsentState.GIVEN, ends_at__gt=timezone.now())
    return ended.select_related("clip", "asked__request").order_by("-grants__given_at", "-grants__pk")


def uses_of(actor: Actor) -> QuerySet[Use]:
    """Every use of works one has made, newest first: the artist's register."""
    mine = Grant.objects.filter(consent=OuterRef("consent"), person_id=actor.pk)
    found = Use.objects.filter(Exists(mine)) if actor.pk else Use.objects.none()
    return found.select_related("consent", "clip")


def consents_overseen_by(actor: Actor) -> QuerySet[Consent]:
    """All consents, for staff."""
    seen = Consent.objects.select_related("clip__artist", "asked__request")
    return seen if check("consent.oversee", actor) else seen.none()


def uses_overseen_by(actor: Actor) -> QuerySet[Use]:
    """The whole register, for staff."""
    seen = Use.objects.select_related("consent", "clip__artist")
    return seen if check("consent.oversee", actor) else seen.none()


def _works(**states: str) -> Coalesce:
    """How many works of each request, counted for the rows that are shown and no others."""
    works = AskedWork.objects.filter(request=OuterRef("pk"), **states).order_by().values("request")
    return Coalesce(Subquery(works.annotate(n=Count("pk")).values("n")), 0)


def requests_overseen_by(actor: Actor) -> QuerySet[ConsentRequest]:
    """What was asked, for staff, with how many works are open and given."""
    seen = ConsentRequest.objects.annotate(
        open_works=_works(state=AskedState.OPEN), given_works=_works(state=AskedState.GIVEN), all_works=_works()
    )
    return seen if check("consent.oversee", actor) else seen.none()


_OPEN_OF = Exists(AskedWork.objects.filter(request=OuterRef("pk"), state=AskedState.OPEN))


def askers_of(consents: Collection[UUID]) -> dict[UUID, int]:
    """By consent: who asked for it, and so named its fee; nobody where the program itself did. One query, however many."""
    asked = Consent.objects.filter(pk__in=consents, asked__request__by__isnull=False)
    return dict(asked.values_list("pk", "asked__request__by_id"))


def requests_open(actor: Actor) -> QuerySet[ConsentRequest]:
    """Those with a work that waits for an answer."""
    return requests_overseen_by(actor).filter(_OPEN_OF)


def requests_settled(actor: Actor) -> QuerySet[ConsentRequest]:
    """Those in which nothing waits any more."""
    return requests_overseen_by(actor).filter(~_OPEN_OF)


def decliners_named(work: AskedWork) -> list[str]:
    """Who said no, of those who let it be known. Everybody else stays unnamed, to the program and to their co-authors."""
    told = work.answers.filter(state=AnswerState.NO, may_name=True).select_related("person")
    return [one.person.credit for one in told]


def pause_of(actor: Actor) -> Pause | None:
    """One's own pause in force."""
    return pauses_at(timezone.now()).filter(person_id=actor.pk).first() if actor.pk else None


def is_delegate(actor: Actor, cohort: Cohort) -> bool:
    """Whether more than half of the other artists of the cohort named this person."""
    named = Nomination.objects.filter(cohort=cohort, named_id=actor.pk, member__membership__cohort=cohort)
    members = Membership.objects.filter(cohort=cohort, person__grants__role=Role.ARTIST)
    return named.count() * 2 > members.exclude(person_id=actor.pk).count()


def calls_to(actor: Actor) -> QuerySet[Call]:
    """Calls to one's cohort that are not over."""
    mine = Membership.objects.filter(person_id=actor.pk).values("cohort")
    return Call.objects.filter(cohort__in=mine, until__gt=timezone.now()).select_related("by")


def resting_among(consents: Collection[Consent]) -> set[UUID]:
    """Which of these rest now because an author has suspended all theirs."""
    paused = Grant.objects.filter(
        consent__in=[one.pk for one in consents], person__in=pauses_at(timezone.now()).values("person")
    )
    return set(paused.values_list("consent_id", flat=True))


def consent_used_in(uses: QuerySet[Use], wanted: dict[str, Any]) -> QuerySet[Use]:
    """Uses as a filter asks for them: work, kind, words, since and to; what is empty asks for nothing."""
    words, since, to = wanted.get("words") or "", wanted.get("since"), wanted.get("to")
    if wanted.get("work"):
        uses = uses.filter(clip=wanted["work"])
    if wanted.get("kind"):
        uses = uses.filter(kind=wanted["kind"])
    if words:
        by = Q(clip__artist__name__icontains=words) | Q(clip__artist__credit_name__icontains=words)
        uses = uses.filter(by | Q(clip__title__icontains=words) | Q(where__icontains=words))
    if isinstance(since, date):
        uses = uses.filter(at__date__gte=since)
    if isinstance(to, date):
        uses = uses.filter(at__date__lte=to)
    return uses


def works_used_of(actor: Actor) -> QuerySet[Clip]:
    """Works under consents one has a part in, by title."""
    mine = Consent.objects.filter(clip=OuterRef("pk"), grants__person_id=actor.pk)
    return Clip.objects.filter(Exists(mine)).order_by("title", "pk") if actor.pk else Clip.objects.none()


def choices_looked_at(actor: Actor) -> bool:
    """Whether somebody has ever saved what they decide beforehand."""
    return Preference.objects.filter(person_id=actor.pk).exists()


def preferences_for(actor: Actor, clip: Clip) -> dict[str, str]:
    """One's own stances on one work; empty: as for all works."""
    chosen = dict(Preference.objects.filter(person_id=actor.pk, clip=clip).values_list("kind", "stance"))
    return {kind: chosen.get(kind, "") for kind in UseKind.values}


def works_chosen_for(actor: Actor) -> QuerySet[Clip]:
    """One's own works with a choice of their own."""
    mine = Preference.objects.filter(clip=OuterRef("pk"), person_id=actor.pk)
    return Clip.objects.filter(Exists(mine), artist_id=actor.pk).order_by("title", "pk")


def members_with(actor: Actor) -> list[Member]:
    """The other artists of one's cohort, by name: whom one named, and who is a delegate."""
    cohort = cohort_of(actor)
    if cohort is None:
        return []
    people = Person.objects.filter(membership__cohort=cohort, grants__role=Role.ARTIST).order_by("name", "pk")
    inside = Nomination.objects.filter(cohort=cohort, member__membership__cohort=cohort)
    named: dict[int, set[int]] = {}
    for member, whom in inside.values_list("member_id", "named_id"):
        named.setdefault(whom, set()).add(member)
    found = list(people)
    return [
        Member(one, actor.pk in named.get(one.pk, set()), len(named.get(one.pk, set())) * 2 > len(found) - 1)
        for one in found
        if one.pk != actor.pk
    ]


def questions_waiting(actor: Actor) -> QuerySet[Answer]:
    """What authors asked back and nobody answered yet, longest waiting first; for staff."""
    open_ = Answer.objects.filter(asked_at__isnull=False, replied_at=None, work__state=AskedState.OPEN)
    seen = open_.select_related("person", "work__request", "work__clip").order_by("asked_at", "pk")
    return seen if check("consent.oversee", actor) else seen.none()


def questions_overseen_by(actor: Actor) -> QuerySet[Answer]:
    """Every question of an author, answered or not, for staff."""
    seen = Answer.objects.filter(asked_at__isnull=False).select_related("person", "work__request", "work__clip")
    return seen if check("consent.oversee", actor) else seen.none()


def consents_in_force(actor: Actor) -> QuerySet[Consent]:
    """Those that cover uses now or will once they begin or an author resumes, the earliest end first; for staff."""
    seen = consents_overseen_by(actor).filter(state=ConsentState.GIVEN, ends_at__gt=timezone.now())
    return seen.order_by("ends_at", "pk")


def consents_withdrawn_lately(actor: Actor) -> QuerySet[Consent]:
    """Withdrawn in the last 90 days, the latest first; for staff."""
    since = timezone.now() - LATELY
    seen = consents_overseen_by(actor).filter(state=ConsentState.WITHDRAWN, withdrawn_at__gte=since)
    return seen.order_by("-withdrawn_at", "-pk")


def works_asked_in(actor: Actor, request: ConsentRequest) -> QuerySet[AskedWork]:
    """The works of a request with their answers, for staff. Pages say how many answered, never who said what."""
    works = AskedWork.objects.filter(request=request).select_related("clip__artist").prefetch_related("answers")
    return works if check("consent.oversee", actor) else works.none()


def cohorts_of(actor: Actor) -> QuerySet[Cohort]:
    """The cohort one is in."""
    return Cohort.objects.filter(memberships__person_id=actor.pk) if actor.pk else Cohort.objects.none()


def consents_to_stop(actor: Actor) -> QuerySet[Consent]:
    """Withdrawn, used before, and the time within which those uses stop is not over; for staff."""
    now = timezone.now()
    late = Q()
    for kind, days in STOPS_WITHIN_DAYS.items():
        late |= Q(kind=kind, withdrawn_at__gt=now - timedelta(days=days))
    return consents_withdrawn_lately(actor).filter(late, Exists(Use.objects.filter(consent=OuterRef("pk"))))
