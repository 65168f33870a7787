"""Price before promise: what a film would cost, what is left, what comes before it, and an honest range for the wait."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from django.db.models import Count, Q

from artists.people.models import Person
from generation.backends.registry import ModelEntry
from portal.program.queries import cohort_of

from .models import Generation, Take
from .queries import under_way_of, workers_alive
from .quota import Left, left_today
from .registry import models
from .states import GenerationState, TakeState
from .storyboards import ShotPlanned

RECENT = 20
ENOUGH = 4  # takes from which a spread can be read
UNSURE = (0.6, 2.5)  # how far the registry's figure may be off on a machine nobody has measured
SLACK = 5.0  # seconds: a worker wakes, a film is joined
TENTHS = 10
OPEN = (TakeState.WAITING, TakeState.QUEUED, TakeState.RENDERING)
GOING = (GenerationState.QUEUED, GenerationState.RENDERING)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of seconds."""

    low: float
    high: float

    def __add__(self, other: "Span") -> "Span":
        """One after the other."""
        return Span(self.low + other.low, self.high + other.high)


NONE = Span(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in line for the workers that serve one model: open shots of each artist, and what one of them takes."""

    workers: int
    shots: dict[int, int]
    highs: dict[int, float]

    @classmethod
    def of(cls, model: str) -> "Line":
        """The line now: a worker that serves this model serves others too, and they wait together."""
        serving = [worker.offers for worker in workers_alive() if model in worker.offers]
        offered = set().union(*serving) if serving else {model}
        rows = (
            Take.objects.filter(model__in=offered, state__in=OPEN, generation__state__in=GOING)
            .order_by()
            .values_list("artist", "model")
            .annotate(count=Count("pk"))
        )
        ones = {name: _one_shot(name) for name in {name for _artist, name, _count in rows}}
        shots: dict[int, int] = {}
        highs: dict[int, float] = {}
        for artist, name, count in rows:
            shots[artist] = shots.get(artist, 0) + count
            highs[artist] = max(highs.get(artist, 0.0), ones[name].high)
        return cls(len(serving), shots, highs)

    def of_others(self, artist_id: int, turns: int) -> tuple[int, int, float]:
        """(shots, artists, seconds) that may come before `turns` shots of this artist: artists take turns, one shot each."""
        others = {person: min(count, turns) for person, count in self.shots.items() if person != artist_id}
        return sum(others.values()), len(others), sum(count * self.highs[person] for person, count in others.items())


def _one_shot(model: str) -> Span:
    entry = next((one for one in models() if one.name == model), None)
    return work(entry, entry.default_frames) if entry else NONE


@dataclass(frozen=True, slots=True)
class Price:
    """What is said before the button is pressed. Seconds of film; `wait` None when no worker is here."""

    seconds: float
    left: Left
    fits: bool
    ahead: int
    wait: Span | None
    fitting: int  # how many of its shots, from the first, would fit into what is left
    busy: int  # films under way, where the cohort allows no more at once; else 0


def work(entry: ModelEntry, frames: int) -> Span:
    """How long so many frames work: the middle eight tenths of recent takes of this model, else around the registry's figure."""
    recent = Take.objects.filter(model=entry.name, state=TakeState.DONE, work_ms__gt=0).order_by("-ended_at")
    paces = [take.work_ms / 1000 / take.frames for take in recent.only("work_ms", "frames")[:RECENT]]
    if len(paces) < ENOUGH:
        guess = entry.seconds_estimate(frames)
        return Span(guess * UNSURE[0], guess * UNSURE[1])
    cuts = quantiles(paces, n=TENTHS, method="inclusive")
    return Span(cuts[0] * frames, cuts[-1] * frames)


def _wait(line: Line, mine: Span, shots: int, own: Span, others: float) -> Span | None:
    """Until work of `mine` in so many shots is done, behind `own` work of the same artist and at most `others` seconds."""
    if not line.workers:
        return None
    side_by_side = min(line.workers, max(1, shots))
    low = mine.low / side_by_side + own.low / line.workers
    # With several workers the last shot may run alone at the end.
    alone = mine.high / max(1, shots) if line.workers > 1 else 0.0
    high = (mine.high + own.high + others) / line.workers + alone + SLACK
    return Span(low, max(high, low))


def price(entry: ModelEntry, shots: Sequence[ShotPlanned], artist: Person) -> Price:
    """What these shots would cost this artist now."""
    amount = sum(shot.milliseconds for shot in shots)
    cohort = cohort_of(artist)
    left = left_today(artist, cohort)
    going = under_way_of(artist).count()
    line = Line.of(entry.name)
    own = _open_work(artist.pk)
    ahead = line.shots.get(artist.pk, 0)
    others, _artists, seconds = line.of_others(artist.pk, ahead + len(shots))
    fitting, total = 0, 0
    for shot in shots:
        total += shot.milliseconds
        fitting += total <= left.free_ms
    mine = work(entry, sum(shot.frames for shot in shots))
    wait = _wait(line, mine, len(shots), own, seconds)
    busy = going if cohort is not None and going >= cohort.at_once else 0
    return Price(amount / 1000, left, amount <= left.free_ms, ahead + others, wait, fitting, busy)


def _open_work(artist_id: int, before: Generation | None = None) -> Span:
    """Work of an artist's open shots; with `before`, only of films that come before that one."""
    takes = Take.objects.filter(artist_id=artist_id, state__in=OPEN, generation__state__in=GOING)
    if before is not None:
        takes = takes.filter(_earlier(before))
    rows = takes.order_by().values_list("model").annotate(count=Count("pk"))
    total = NONE
    for model, count in rows:
        one = _one_shot(model)
        total += Span(one.low * count, one.high * count)
    return total


def _earlier(generation: Generation) -> Q:
    """An artist's own films in their order: priority, then age."""
    alike = Q(generation__priority=generation.priority, generation__made_at__lt=generation.made_at)
    return Q(generation__priority__gt=generation.priority) | alike


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generation stands: shots of one's own before it, and at most so many of other artists."""

    own: int
    others: int
    artists: int
    wait: Span | None


def place(entry: ModelEntry, generation: Generation, left: Sequence[Take], line: Line) -> Place:
    """Where it stands now, `left` being its takes that are not done."""
    takes = Take.objects.filter(artist_id=generation.artist_id, state__in=OPEN, generation__state__in=GOING)
    own = takes.filter(_earlier(generation)).count()
    others, artists, _seconds = line.of_others(generation.artist_id, own + 1)
    _shots, _artists, seconds = line.of_others(generation.artist_id, own + len(left))
    mine = work(entry, math.ceil(sum(take.frames * _open_part(take) for take in left)))
    before = _open_work(generation.artist_id, generation) if own else NONE
    return Place(own, others, artists, _wait(line, mine, len(left), before, seconds))


def _open_part(take: Take) -> float:
    """How much of a take is still to be worked, 0 to 1."""
    if take.state == TakeState.RENDERING and take.phase == "denoise" and take.steps:
        return max(0.0, 1 - take.step / take.steps)
    return 1.0
