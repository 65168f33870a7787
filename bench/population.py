"""Fills an empty database with one artist's films and what hangs on them; rows only, written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from artists.consent.models import Consent
from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.models import Decision, Release, ShareRequest
from artists.sharing.places import scope_of
from artists.sharing.queries import terms_in_force
from bench.consents import consent_to
from generation.models import Clip, ClipText, Generation, Reservation, Shot, Storyboard, Take
from generation.quota import lock
from generation.search import words_of
from generation.services import submit
from generation.stacks import stack_of
from generation.states import GenerationState, ReservationState, TakeState
from generation.storyboards import ShotAsked
from portal.notices.models import Notice
from portal.storage.models import StoredFile
from tests.factories import people

BATCH = 2000
WAITING = 40  # share requests nobody has decided yet, and unread notices: what waits does not grow with the past
RECENT = 60  # decided within a month: what was done lately does not grow with the past either
IN_BIN = 20
VERSIONS = 2
KINDS = (("film", "video/mp4"), ("poster", "image/webp"), ("filmstrip", "image/webp"))
THINGS = ("a red ball", "a white sailboat", "a yellow star", "a green box", "a pink heart")
MOVES = ("rises over a blue sea", "drifts left at dusk", "spins at night", "grows over a meadow", "bounces at noon")
FPS, FRAMES = 8, 16
SIZE = (448, 256)


@dataclass(frozen=True)
class Population:
    """Who looks at the pages, and the addresses of those about one thing."""

    people: dict[str, AbstractBaseUser]
    pages: tuple[tuple[str, str, str], ...]  # (what it is called, who looks, address)


def populate(films: int, waiting: int = WAITING, places: int = 1, consents: int = 0) -> Population:
    """A program with one artist who made `films` films, asked to share each at `places`, and has one more under way.

    The last `waiting` of all requests wait for a decision. RECENT were decided within a month, all others before.
    """
    people.opened_program()
    cohort = people.opened_cohort("bench", daily_seconds=10_000_000, at_once=10)
    ada = people.artist_in(cohort, "Ada", people.published_agreement())
    rhea = people.holder_of(Role.REVIEWER, "Rhea")
    sam = people.holder_of(Role.STAFF, "Sam")
    numbers = iter(range(films))
    while batch := list(islice(numbers, BATCH)):
        _films(batch, films, (waiting, places), ada, rhea)
    if consents:
        consent_to(consents, ada, sam)
    under_way = submit([ShotAsked("a red ball rises over a blue sea", seconds=1)], actor=ada, model="card")
    return Population({"ada": ada, "rhea": rhea, "sam": sam}, tuple(_pages(under_way)))


@transaction.atomic
def _films(numbers: list[int], films: int, asked: tuple[int, int], ada: Person, rhea: Person) -> None:
    now = timezone.now()
    titles = [f"{THINGS[n % 5]} {MOVES[n // 5 % 5]}, {n}" for n in numbers]
    files = StoredFile.objects.bulk_create(
        StoredFile(key=f"{kind}s/{n}", name=kind, content_type=mime, size=1000, sha256="0" * 64)
        for n in numbers
        for kind, mime in KINDS
    )
    written = Storyboard.objects.bulk_create(Storyboard(owner=ada, title=title) for title in titles[::VERSIONS])
    Shot.objects.bulk_create(
        Shot(storyboard=board, position=1, prompt=board.title, milliseconds=2000, seed=board.pk) for board in written
    )
    boards = [written[place // VERSIONS] for place in range(len(numbers))]
    made = Generation.objects.bulk_create(
        Generation(
            artist=ada,
            storyboard=board,
            key=f"bench:{n}",
            title=titles[n - numbers[0]],
            model="card",
            width=SIZE[0],
            height=SIZE[1],
            fps_numerator=FPS,
            snapshot={"shots": [{"prompt": board.title, "frames": FRAMES, "seed": n, "follows": "cut"}]},
            milliseconds=2000,
            state=GenerationState.DONE,
            started_at=now,
            ended_at=now,
        )
        for n, board in zip(numbers, boards, strict=True)
    )
    allowance = lock(ada)
    Reservation.objects.bulk_create(
        Reservation(generation=one, allowance=allowance, amount_ms=2000, state=ReservationState.SETTLED) for one in made
    )
    films_of = list(zip(made, files[::3], files[1::3], files[2::3], strict=True))
    Take.objects.bulk_create(
        Take(
            generation=one,
            position=1,
            model="card",
            artist=ada,
            prompt=one.title,
            frames=FRAMES,
            seed=0,
            state=TakeState.DONE,
            film=film,
            started_at=now,
            ended_at=now,
            work_ms=200,
        )
        for one, film, _poster, _strip in films_of
    )
    clips = Clip.objects.bulk_create(
        Clip(
            generation=one,
            artist=ada,
            title=one.title,
            film=film,
            poster=poster,
            filmstrip=strip,
            filmstrip_columns=4,
            filmstrip_every=4,
            width=SIZE[0],
            height=SIZE[1],
            frames=FRAMES,
            fps_numerator=FPS,
            stack=stack_of(one),
            starred=n % 4 == 0,
            deleted_at=now if n < IN_BIN else None,
        )
        for n, (one, film, poster, strip) in zip(numbers, films_of, strict=True)
    )
    ClipText.objects.bulk_create(ClipText(clip=clip, words=" ".join(words_of(clip.title))) for clip in clips)
    waiting, places = asked
    each = [(n * places + place, clip) for n, clip in zip(numbers, clips, strict=True) for place in range(places)]
    _shared(each, films * places, waiting, ada, rhea)
    Notice.objects.bulk_create(
        Notice(
            person=ada,
            kind="generation.ended",
            key=f"ended:{clip.generation_id}",
            title="Your film is ready",
            body="It is in your library. Only you can see it.",
            url=reverse("clip", args=[clip.pk]),
            read_at=None if n >= films - WAITING else now,
        )
        for n, clip in zip(numbers, clips, strict=True)
    )


def _shared(clips: list[tuple[int, Clip]], count: int, waiting: int, ada: Person, rhea: Person) -> None:
    """The last requests wait for a reviewer; of the others every second is public, one of fifty by the clock."""

    def state(n: int, clip: Clip) -> str:
        if clip.deleted_at is not None:
            return "refused"
        return "in_review" if n >= count - waiting else ("approved", "refused")[n % 2]

    now, terms = timezone.now(), terms_in_force()
    left = terms.hours * 3600

    def sent(n: int) -> datetime:
        """One after another: those that wait within the clock, RECENT in the last month, the rest before it."""
        age = count - waiting - n
        if age <= 0:
            return now - timedelta(seconds=n % left)
        return (
            now - timedelta(days=4) - (timedelta(hours=10 * age) if age <= RECENT else timedelta(days=30, minutes=age))
        )

    def request(n: int, clip: Clip) -> ShareRequest:
        asked = ShareRequest(clip=clip, artist=ada, title=clip.title, credit="Ada", destination=f"Festival {n}")
        asked.scope = scope_of([], asked.destination)
        asked.state, asked.film_sha256, asked.terms, asked.showcase = (
            state(n, clip),
            clip.film.sha256,
            terms,
            n % 4 == 0,
        )
        asked.asked_at = sent(n)
        if asked.state == "in_review":
            asked.clock_from, asked.clock_left = asked.asked_at, left
            asked.due_at = asked.asked_at + timedelta(seconds=left)
        return asked

    asked = ShareRequest.objects.bulk_create(request(n, clip) for n, clip in clips)
    decided = [one for one in asked if one.state != "in_review"]
    Decision.objects.bulk_create(
        Decision(
            request=one,
            reviewer=rhea if number % 50 or one.state == "refused" else None,
            decided_at=one.asked_at + timedelta(hours=number % 60),
            outcome=one.state,
            ground="label" if one.state == "refused" else "",
            reason="Say where it is shown.",
            told_at=now,
        )
        for number, one in enumerate(decided)
    )
    Release.objects.bulk_create(
        Release(request=one, slug=f"work-{one.pk.hex}") for one in decided if one.state == "approved"
    )


def _pages(under_way: Generation) -> Iterator[tuple[str, str, str]]:
    first = Clip.objects.filter(deleted_at=None).order_by("made_at").first()
    asked = ShareRequest.objects.filter(state="in_review").first()
    public = Release.objects.first()
    last_shown = Clip.objects.order_by("-made_at", "-pk")[23]
    assert first and asked and public
    yield "front", "", reverse("home")
    yield "home", "ada", reverse("home")
    yield "studio", "ada", reverse("studio")
    yield "library", "ada", reverse("library")
    yield "library, page 2", "ada", f"{reverse('library')}?after={last_shown.pk}"
    deep = Clip.objects.order_by("made_at", "pk")[49]
    yield "library, far down", "ada", f"{reverse('library')}?after={deep.pk}"
    yield "library, starred", "ada", f"{reverse('library')}?starred=yes"
    yield "library, searched", "ada", f"{reverse('library')}?q=red+ball+sea"
    yield "bin", "ada", reverse("library_bin")
    yield "clip", "ada", reverse("clip", args=[first.pk])
    yield "generation", "ada", reverse("generation", args=[first.generation_id])
    yield "card, polled", "ada", f"{reverse('generation', args=[under_way.pk])}?card"
    yield "sharing", "ada", reverse("sharing")
    yield "share request", "ada", reverse("share_request", args=[asked.pk])
    yield "inbox", "ada", reverse("inbox")
    yield "review queue", "rhea", reverse("review_queue")
    yield "review item", "rhea", reverse("review", args=[asked.pk])
    yield "staff sharing", "sam", reverse("staff_sharing")
    for name in ("approved", "all"):
        yield f"staff sharing, {name}", "sam", f"{reverse('staff_sharing')}?state={name}"
    yield "staff request", "sam", reverse("staff_share_request", args=[asked.pk])
    yield "today", "sam", reverse("today")
    yield "release", "", reverse("release", args=[public.slug])
    yield "showcase", "", reverse("showcase")
    yield "uses", "ada", reverse("uses")
    yield "consent desk", "sam", reverse("consent_desk")
    yield "register", "sam", reverse("consent_register")
    consent = Consent.objects.order_by("-given_at").first()
    if consent is not None:
        yield "consent", "ada", reverse("consent", args=[consent.pk])
    yield "status", "", reverse("status")


def cookies_of(population: Population) -> dict[str, Any]:
    """One signed-in browser per person, and one of the public's under the empty name."""
    from django.test import Client

    public = Client(SERVER_NAME="127.0.0.1")
    return {"": public} | {
        name: people.signed_in(person, SERVER_NAME="127.0.0.1") for name, person in population.people.items()
    }
