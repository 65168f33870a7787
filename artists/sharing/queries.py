"""What one may see of share requests, their decisions and releases."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from artists.consent.queries import showable
from artists.people.roles import Role
from generation.models import Clip
from portal.access import Actor, check
from portal.program.stopping import suspended_artists, suspended_models

from .grounds import DEFINITIONS, EXAMPLES, Ground
from .models import (
    Collaborator,
    Concern,
    Conflict,
    Decision,
    DecisionDraft,
    GroundWording,
    Note,
    Question,
    Release,
    ShareRequest,
    Terms,
)
from .states import DECIDABLE, OPEN, CollaboratorState, ReleaseState, RequestState

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Worded:
    """A ground as this program words it."""

    ground: Ground
    definition: str
    example: str

    @property
    def label(self) -> str:
        """Its short name."""
        return str(self.ground.label)


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as its artist reads it: what and why, never who."""

    pk: int
    outcome: str
    ground: str
    ground_label: str
    reason: str
    conditions: str
    ends_at: datetime | None
    first_frame: int | None
    last_frame: int | None
    decided_at: datetime
    told_at: datetime
    by_clock: bool
    revokes: bool


def terms_in_force() -> Terms:
    """What holds for a request that is sent now; the defaults (72 hours, then approved) until staff publish others."""
    found = Terms.objects.filter(since__lte=timezone.now()).first()
    return found or Terms.objects.create(since=timezone.now(), by_label="system: defaults")


def grounds() -> list[Worded]:
    """The whole closed list, as worded for this program."""
    worded = {row.ground: row for row in GroundWording.objects.all()}
    return [
        Worded(ground, worded[ground].definition, worded[ground].example)
        if ground in worded
        else Worded(ground, str(DEFINITIONS[ground]), str(EXAMPLES[ground]))
        for ground in Ground
    ]


def worded() -> set[str]:
    """Names of the grounds that this program words otherwise than by default."""
    return set(GroundWording.objects.values_list("ground", flat=True))


def requests_visible_to(actor: Actor) -> QuerySet[ShareRequest]:
    """One's own requests, newest first."""
    mine = ShareRequest.objects.filter(artist_id=actor.pk) if actor.pk else ShareRequest.objects.none()
    return mine.select_related("clip", "release", "terms", "artist")


def requests_made_with(actor: Actor) -> QuerySet[ShareRequest]:
    """Requests of others that name this person as having made the work too, newest first; drafts are still private."""
    if not actor.pk:
        return ShareRequest.objects.none()
    named = ShareRequest.objects.filter(collaborators__person_id=actor.pk).exclude(state=RequestState.DRAFT)
    return named.select_related("clip", "release", "terms", "artist")


def requests_known_to(actor: Actor) -> QuerySet[ShareRequest]:
    """One's own, and those of others that name this person; newest first."""
    if not actor.pk:
        return ShareRequest.objects.none()
    named = Exists(Collaborator.objects.filter(request=OuterRef("pk"), person_id=actor.pk))
    found = ShareRequest.objects.filter(Q(artist_id=actor.pk) | (Q(named) & ~Q(state=RequestState.DRAFT)))
    return found.select_related("clip", "release", "terms", "artist")


class Newest:
    """One's own and those that name this person, as one list for a paginator; each half found by its own index."""

    def __init__(self, *halves: QuerySet[ShareRequest]) -> None:
        self.halves = halves

    def count(self) -> int:
        """How many there are."""
        return sum(half.order_by().count() for half in self.halves)

    def __getitem__(self, part: slice) -> list[ShareRequest]:
        """A page of them, newest first."""
        newest = (one for half in self.halves for one in half.order_by("-asked_at", "-pk")[: part.stop])
        return sorted(newest, key=lambda one: (one.asked_at, one.pk), reverse=True)[part]


def newest_known_to(actor: Actor, state: RequestState | None = None) -> Newest:
    """What requests_known_to finds, in one shown state if need be."""
    halves = (requests_visible_to(actor), requests_made_with(actor).exclude(artist_id=actor.pk))
    return Newest(*(half if state is None else in_shown_state(half, state) for half in halves))


def in_shown_state(requests: QuerySet[ShareRequest], state: RequestState) -> QuerySet[ShareRequest]:
    """Those in this state as their makers see it: a decision that rests counts as none, see standing.shown_state."""
    resting = Q(state=RequestState.RESTING)
    hidden = {
        RequestState.RESTING: Q(pk__in=[]),
        RequestState.IN_REVIEW: Q(state=state) | (resting & Q(late_at=None)),
        RequestState.ESCALATED: Q(state=state) | (resting & Q(late_at__isnull=False)),
    }
    return requests.filter(hidden.get(state, Q(state=state)))


def requests_to_confirm(actor: Actor) -> QuerySet[ShareRequest]:
    """Requests of others that wait for this person's yes or no."""
    asked = Exists(
        Collaborator.objects.filter(request=OuterRef("pk"), person_id=actor.pk, state=CollaboratorState.ASKED)
    )
    return requests_made_with(actor).filter(asked, state=RequestState.WAITING)


def drafts_of(actor: Actor, clip_pk: object) -> QuerySet[ShareRequest]:
    """One's own drafts for a clip, newest first."""
    return requests_visible_to(actor).filter(clip_id=clip_pk, state=RequestState.DRAFT)


def collaborators_of(request: ShareRequest) -> QuerySet[Collaborator]:
    """Who made it too, with their answers."""
    return request.collaborators.select_related("person")


def my_part_in(actor: Actor, request: ShareRequest) -> Collaborator | None:
    """One's own place among those who made it."""
    return request.collaborators.filter(person_id=actor.pk).first()


def authors_known(clip: Clip) -> set[int]:
    """Who confirmed, on whatever request, to have made this clip too: consent asks them as well."""
    confirmed = Collaborator.objects.filter(request__clip=clip, state=CollaboratorState.CONFIRMED)
    return set(confirmed.values_list("person_id", flat=True))


def my_parts_in(actor: Actor, requests: Collection[ShareRequest]) -> dict[UUID, Collaborator]:
    """One's own place in each of these that one did not ask oneself."""
    others = [one.pk for one in requests if one.artist_id != actor.pk]
    return {one.request_id: one for one in Collaborator.objects.filter(request__in=others, person_id=actor.pk)}


def _works_of_others(actor: Actor) -> QuerySet[ShareRequest]:
    mine_too = Collaborator.objects.filter(request=OuterRef("pk"), person_id=actor.pk)
    found = ShareRequest.objects.exclude(artist_id=actor.pk).exclude(
        state__in=[RequestState.DRAFT, RequestState.WAITING]
    )
    if not actor.holds(Role.REVIEWER):
        shown = Q(late_at__isnull=False) | Q(state=RequestState.IN_APPEAL)
        found = found.filter(shown) if check("sharing.oversee", actor) else found.none()
    return found.filter(~Exists(mine_too))


def requests_to_review(actor: Actor) -> QuerySet[ShareRequest]:
    """What waits for this reviewer's decision, the most urgent first: without their own, their conflicts, their views."""
    seen = Decision.objects.filter(request=OuterRef("pk"), reviewer_id=actor.pk, stands=True)
    back = Conflict.objects.filter(request=OuterRef("pk"), reviewer_id=actor.pk)
    waiting = _works_of_others(actor).filter(~Exists(seen), ~Exists(back), state__in=DECIDABLE)
    # Without a time: the clock ran out already.
    return waiting.select_related("clip", "artist", "terms").order_by(F("due_at").asc(nulls_first=True), "asked_at")


def requests_reviewable_by(actor: Actor) -> QuerySet[ShareRequest]:
    """Every request a reviewer may open, decided ones too: somebody may have been faster."""
    return _works_of_others(actor).select_related("clip__generation", "artist", "release", "terms")


def resting_of(actor: Actor) -> QuerySet[ShareRequest]:
    """This reviewer's outbox: decided, not told, still to be undone."""
    mine = Decision.objects.filter(request=OuterRef("pk"), reviewer_id=actor.pk, stands=True)
    resting = ShareRequest.objects.filter(Exists(mine), state=RequestState.RESTING)
    return resting.select_related("clip", "artist").order_by("tell_at")


def views_of(actor: Actor, request: ShareRequest) -> list[Decision]:
    """Standing views as a reviewer sees them: those of others stay hidden until one's own is in, or it is decided."""
    views = list(request.decisions.filter(stands=True).select_related("reviewer"))
    mine_is_in = any(view.reviewer_id == actor.pk for view in views)
    return views if mine_is_in or request.state not in DECIDABLE else []


def _told_about(requests: Iterable[ShareRequest]) -> dict[UUID, list[Told]]:
    fields = [
        "pk", "outcome", "ground", "reason", "conditions", "ends_at", "first_frame", "last_frame", "decided_at", "told_at", "revokes",
    ]  # fmt: skip
    told: dict[UUID, list[Told]] = {}
    views = Decision.objects.filter(request__in=[one.pk for one in requests], stands=True, told_at__isnull=False)
    for row in views.values("request_id", *fields, by_clock=Q(reviewer=None)):
        label = str(Ground(row["ground"]).label) if row["ground"] else ""
        told.setdefault(row.pop("request_id"), []).append(Told(**row, ground_label=label))
    return told


def decisions_told(request: ShareRequest) -> list[Told]:
    """What the artist was told about a request, oldest first."""
    return _told_about([request]).get(request.pk, [])


def last_told(request: ShareRequest) -> Told | None:
    """The decision that stands, as the artist reads it."""
    told = decisions_told(request)
    return told[-1] if told else None


def questions_of(request: ShareRequest) -> QuerySet[Question]:
    """Questions and answers, oldest first; who asked is for reviewers only."""
    return request.questions.defer("reviewer")


def open_question(request: ShareRequest) -> Question | None:
    """The one that waits for an answer."""
    return request.questions.filter(answered_at=None).first()


def notes_seen_by(actor: Actor, request: ShareRequest) -> QuerySet[Note]:
    """Notes on frames: a reviewer's own while it is open, everybody's once it is decided."""
    notes = request.notes.all()
    return notes.filter(reviewer_id=actor.pk) if request.state in DECIDABLE and not views_of(actor, request) else notes


def notes_told(request: ShareRequest) -> QuerySet[Note]:
    """Notes as the artist reads them, once a decision was told."""
    return request.notes.defer("reviewer") if decisions_told(request) else request.notes.none()


def precedents(request: ShareRequest) -> QuerySet[ShareRequest]:
    """Earlier requests for films of the same stack that were decided, newest first."""
    # By their numbers: a stack is short, and both databases would rather read all that was ever decided.
    versions = Clip.objects.filter(artist_id=request.artist_id, stack=request.clip.stack).values_list("pk", flat=True)
    earlier = ShareRequest.objects.filter(clip__in=list(versions)).exclude(pk=request.pk)
    return earlier.filter(state__in=[RequestState.APPROVED, RequestState.REFUSED]).select_related("clip")


def precedents_seen_by(actor: Actor, request: ShareRequest, most: int = 10) -> list[tuple[ShareRequest, list[Told]]]:
    """Precedents that this person may open themselves, each with what its artist was told."""
    openable = requests_reviewable_by(actor).filter(pk__in=precedents(request).values("pk"))
    found = list(openable.order_by("-asked_at")[:most])
    told = _told_about(found)
    return [(one, told.get(one.pk, [])) for one in found]


def view_of(actor: Actor, request: ShareRequest) -> Decision | None:
    """One's own standing view."""
    return request.decisions.filter(stands=True, reviewer_id=actor.pk, revokes=False).last()


def waiting_for_second(actor: Actor) -> QuerySet[Decision]:
    """Refusals of this reviewer that need a second one, and can still be undone."""
    mine = Decision.objects.filter(reviewer_id=actor.pk, stands=True, request__state__in=DECIDABLE)
    return mine.select_related("request__clip", "request__artist", "request__terms").order_by("-decided_at")


def draft_of(actor: Actor, request: ShareRequest) -> DecisionDraft | None:
    """What this reviewer was writing."""
    return request.drafts.filter(reviewer_id=actor.pk).first()


def conflict_of(actor: Actor, request: ShareRequest) -> Conflict | None:
    """Whether, and in what words, this reviewer stood back."""
    return request.conflicts.filter(reviewer_id=actor.pk).first()


def releases_public() -> QuerySet[Release]:
    """All public works now: the same conditions as the rule sharing.see_release, for lists."""
    now = timezone.now()
    live = Release.objects.filter(
        Q(request__embargo_until=None) | Q(request__embargo_until__lte=now),
        Q(request__ends_at=None) | Q(request__ends_at__gt=now),
        state=ReleaseState.LIVE,
        request__state=RequestState.APPROVED,
        request__film_sha256=F("request__clip__film__sha256"),
    )
    live = live.exclude(request__artist__in=suspended_artists()).exclude(
        request__clip__generation__model__in=suspended_models()
    )
    return live.select_related("request__clip", "request__artist")


def releases_shown() -> QuerySet[Release]:
    """Public works that the program may show on its showcase now, newest first: asked of the register at every request."""
    return releases_public().filter(request__clip__in=showable().values("clip"))


def releases_found(text: str) -> QuerySet[Release]:
    """Works of the showcase whose title or credit holds every word of a search; all of them for no word."""
    found = releases_shown()
    for word in text.split()[:MOST_WORDS]:
        found = found.filter(Q(request__title__icontains=word) | Q(request__credit__icontains=word))
    return found


def releases_ever() -> QuerySet[Release]:
    """Public works and those taken back: the address of the latter answers 410, not 404."""
    return Release.objects.select_related("request__clip", "request__artist")


def concerns_visible_to(actor: Actor) -> QuerySet[Concern]:
    """What the public reported, for staff."""
    seen = Concern.objects.select_related("release__request__artist", "release__request__clip")
    return seen if check("sharing.oversee", actor) else seen.none()


def concerns_ever() -> QuerySet[Concern]:
    """Every report, for whoever holds the key of one: it is its address, and nobody can guess it."""
    return Concern.objects.select_related("release__request")


def requests_overseen_by(actor: Actor) -> QuerySet[ShareRequest]:
    """Every request that was sent, for staff: state, clock, load; not the film."""
    seen = ShareRequest.objects.exclude(state=RequestState.DRAFT).select_related("artist", "assigned_to", "terms")
    if not check("sharing.oversee", actor):
        return seen.none()
    # Who decides on one's own work stays hidden from staff too.
    mine_too = Collaborator.objects.filter(request=OuterRef("pk"), person_id=actor.pk)
    return seen.exclude(artist_id=actor.pk).filter(~Exists(mine_too))


def open_for(clip_pk: object, scope: str) -> ShareRequest | None:
    """The open request for a clip in this scope."""
    return ShareRequest.objects.filter(clip_id=clip_pk, scope=scope, state__in=OPEN).first()
