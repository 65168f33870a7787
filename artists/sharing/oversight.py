"""What staff see of sharing as a whole: counts, deadlines at risk, load per reviewer, and the list with its filters.

Whatever is open is bounded by what people can do; what has ended grows for ever, so it is never counted whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor, check
from portal.appeals.models import Appeal
from portal.appeals.states import AppealState

from .clock import Clock, clocks_of
from .models import Concern, Decision, Outcome, Question, ShareRequest, Terms
from .queries import concerns_visible_to, requests_overseen_by
from .states import DECIDABLE, ConcernState, RequestState

SOON = timedelta(days=1)
LATELY = timedelta(days=30)
SHOWN = 10
COUNTED = 10_000
NOBODY = "nobody"
_Q = RequestState
# Somebody still has to do something.
UNDER_WAY = (_Q.WAITING, _Q.IN_REVIEW, _Q.QUESTION, _Q.ESCALATED, _Q.RESTING, _Q.IN_APPEAL)
ENDED = (_Q.APPROVED, _Q.REFUSED, _Q.WITHDRAWN, _Q.EXPIRED)
OPEN_TAB, ALL_TAB = "open", "all"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many requests are in a state; `more`: at least so many."""

    state: RequestState
    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Risk:
    """Requests whose promise is close to its end, or stands still."""

    name: str
    label: Any
    tone: str
    count: int
    rows: list[ShareRequest]
    clocks: dict[UUID, Clock | None] = field(default_factory=dict)

    @property
    def told(self) -> list[tuple[ShareRequest, Clock | None]]:
        """Each with its clock, where it runs."""
        return [(one, self.clocks.get(one.pk)) for one in self.rows]


@dataclass(frozen=True, slots=True)
class Load:
    """One reviewer's work. Hours are by the wall clock, from sent to decided; None while nothing was decided lately."""

    person: Person
    assigned: int
    decided: int
    hours: float | None
    overturned: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What staff chose to see."""

    state: str = OPEN_TAB
    reviewer: str = ""
    words: str = ""
    since: date | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filters":
        """From an address; what is no choice is left out."""
        state, reviewer = asked.get("state", ""), asked.get("reviewer", "")
        try:
            since = date.fromisoformat(asked.get("since", ""))
        except ValueError:
            since = None
        return cls(
            state if state in {*UNDER_WAY, *ENDED, OPEN_TAB, ALL_TAB} else OPEN_TAB,
            reviewer if reviewer == NOBODY or reviewer.isdecimal() else "",
            asked.get("q", "").strip()[:100],
            since,
        )

    def query(self, **more: Any) -> str:
        """The same choice as a part of an address."""
        values = {"state": self.state, "reviewer": self.reviewer, "q": self.words, "since": self.since, **more}
        return urlencode({name: value for name, value in values.items() if value})

    def at(self, state: str) -> "Filters":
        """The same choice in another state."""
        return replace(self, state=state)

    @property
    def narrows(self) -> bool:
        """Whether anything but a state is chosen."""
        return bool(self.reviewer or self.words or self.since)


def overseen(actor: Actor, chosen: Filters) -> QuerySet[ShareRequest]:
    """The list: what is open by its deadline, what has ended newest first."""
    found = requests_overseen_by(actor)
    if chosen.state == OPEN_TAB:
        found = found.filter(state__in=UNDER_WAY)
    elif chosen.state != ALL_TAB:
        found = found.filter(state=chosen.state)
    if chosen.reviewer == NOBODY:
        found = found.filter(assigned_to=None)
    elif chosen.reviewer:
        found = found.filter(assigned_to_id=int(chosen.reviewer))
    if chosen.words:
        found = found.filter(Q(title__icontains=chosen.words) | Q(artist__name__icontains=chosen.words))
    if chosen.since is not None:
        found = found.filter(asked_at__gte=datetime.combine(chosen.since, datetime.min.time(), timezone.get_current_timezone()))  # fmt: skip
    if chosen.state in {*ENDED, ALL_TAB}:
        return found.order_by("-asked_at", "pk")
    return found.order_by(F("due_at").asc(nulls_last=True), "asked_at", "pk")


def counts_by_state() -> list[Tally]:
    """How many are in each state; those that have ended are counted up to COUNTED."""
    rows = ShareRequest.objects.filter(state__in=UNDER_WAY).order_by().values("state").annotate(number=Count("pk"))
    there = {row["state"]: row["number"] for row in rows}
    counts = [Tally(state, there.get(str(state), 0)) for state in UNDER_WAY]
    for state in ENDED:
        number = ShareRequest.objects.filter(state=state).order_by()[: COUNTED + 1].count()
        counts.append(Tally(state, min(number, COUNTED), number > COUNTED))
    return counts


def late_count(actor: Actor) -> int:
    """How many are late or due within a day, for the rail."""
    return sum(risk.count for risk in risks(actor, shown=0) if risk.name in {"late", "soon"})


def risks(actor: Actor, *, shown: int = SHOWN) -> list[Risk]:
    """Late ones, those due within a day, questions that wait for their artist, decisions that rest; each most urgent first."""
    if not check("sharing.oversee", actor):
        return []
    soon = timezone.now() + SOON
    asked = Question.objects.filter(request=OuterRef("pk"), answered_at=None).values("asked_at")[:1]
    seen = requests_overseen_by(actor)
    found = (
        ("late", _("late"), "stop", seen.filter(state=_Q.ESCALATED), "late_at"),
        ("soon", _("due within a day"), "warn", seen.filter(state=_Q.IN_REVIEW, due_at__lte=soon), "due_at"),
        ("question", _("a question is open"), "info", seen.filter(state=_Q.QUESTION), "asked_at"),
        ("resting", _("decided, not told yet"), "plain", seen.filter(state=_Q.RESTING), "tell_at"),
    )
    told = []
    for name, label, tone, rows, order in found:
        kept: list[ShareRequest] = []
        if shown:
            dated = rows.annotate(question_at=Subquery(asked, output_field=DateTimeField()))
            kept = list(dated.order_by("question_at" if name == "question" else order, "pk")[:shown])
        # A short list is its own count.
        count = len(kept) if shown and len(kept) < shown else rows.order_by().count()
        told.append(Risk(name, label, tone, count, kept))
    clocks = clocks_of([one for risk in told for one in risk.rows if risk.name == "soon"], timezone.now())
    for risk in told:
        risk.clocks.update({one.pk: clocks[one.pk] for one in risk.rows if one.pk in clocks})
    return told


def reviewers() -> QuerySet[Person]:
    """Everybody whose work it is to decide, by name."""
    return Person.objects.filter(is_active=True, grants__role=Role.REVIEWER).distinct().order_by("name", "pk")


def loads(actor: Actor) -> list[Load]:
    """Open, decided within 30 days, the median of its hours and what appeals overturned, for each reviewer."""
    if not check("sharing.oversee", actor):
        return []
    since = timezone.now() - LATELY
    people = list(reviewers())
    assigned = _by(
        ShareRequest.objects.filter(state__in=DECIDABLE, assigned_to__in=people), "assigned_to_id", Count("pk")
    )
    decided: dict[int, list[float]] = defaultdict(list)
    views = Decision.objects.filter(reviewer__in=people, decided_at__gte=since, stands=True, revokes=False).order_by()
    for reviewer, begun, ended in views.values_list("reviewer_id", "request__asked_at", "decided_at"):
        decided[reviewer].append(max(0.0, (ended - begun).total_seconds() / 3600))
    # An appeal names the last view; both of two reviewers who refused share it.
    won = Appeal.objects.filter(kind="share", state=AppealState.OVERTURNED, decided_at__gte=since)
    keys = [int(key) for key in won.values_list("key", flat=True)]
    wrong = Decision.objects.filter(request__decisions__in=keys, outcome=Outcome.REFUSED, stands=True, revokes=False)
    overturned = _by(wrong, "reviewer_id", Count("request_id", distinct=True)) if keys else {}
    return [
        Load(
            one,
            assigned.get(one.pk, 0),
            len(decided[one.pk]),
            median(decided[one.pk]) if decided[one.pk] else None,
            overturned.get(one.pk, 0),
        )
        for one in people
    ]


def _by(rows: QuerySet[Any], name: str, number: Count) -> dict[int, int]:
    return dict(rows.order_by().values_list(name).annotate(number=number).values_list(name, "number"))


def concerns_open(actor: Actor) -> int:
    """How many reports of the public wait for an answer."""
    return concerns_visible_to(actor).filter(state=ConcernState.OPEN).count()


def terms_history(actor: Actor) -> QuerySet[Terms]:
    """Every published version, newest first, for staff."""
    return Terms.objects.order_by("-since", "-pk") if check("sharing.oversee", actor) else Terms.objects.none()


def terms_chosen() -> bool:
    """Whether somebody of this program published its clock, rather than leaving the defaults."""
    return Terms.objects.filter(by__isnull=False).exists()


@dataclass(slots=True)
class History:
    """One request as staff read it: everything but the film."""

    collaborators: list[Any] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    conflicts: list[Any] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)


def history_of(request: ShareRequest) -> History:
    """What happened to it; the caller found the request among those they may oversee."""
    return History(
        list(request.collaborators.select_related("person")),
        list(request.questions.select_related("reviewer")),
        list(request.decisions.select_related("reviewer")),
        list(request.conflicts.select_related("reviewer")),
        list(Concern.objects.filter(release__request=request)),
    )


def decided_by_clock() -> int:
    """How many works were approved because nobody decided in time."""
    return Decision.objects.filter(reviewer=None, stands=True).count()


def share_counts() -> dict[str, Any]:
    """For `manage.py status`: open, late, decided by the clock, overturned on appeal."""
    requests = ShareRequest.objects.order_by()
    return {
        "open": requests.filter(state__in=UNDER_WAY).count(),
        "late": requests.filter(state=_Q.ESCALATED).count(),
        "by clock": decided_by_clock(),
        "overturned": Appeal.objects.filter(kind="share", state=AppealState.OVERTURNED).count(),
        "concerns open": Concern.objects.filter(state=ConcernState.OPEN).count(),
    }


def given(people: Iterable[Person], pk: str) -> Person | None:
    """The one of these people that an address or a form names."""
    return next((one for one in people if str(one.pk) == pk), None)
