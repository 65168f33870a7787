"""Share requests of the demonstration in every state, asked and decided by different people through the services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from artists.people.models import Person
from artists.sharing.grounds import Ground
from artists.sharing.models import ShareRequest
from artists.sharing.queries import requests_visible_to
from artists.sharing.services import approve, refuse, request_share, tell_now, withdraw
from artists.sharing.states import RequestState
from generation.models import Clip, Generation
from generation.queries import clips_visible_to, generations_visible_to
from generation.services import submit
from generation.states import ENDED
from generation.storyboards import ShotAsked
from portal.access import Refused

Act = Callable[[ShareRequest, Mapping[str, Person]], object]


@dataclass(frozen=True, slots=True)
class Film:
    """One film of the demonstration; with a destination its artist also asks to share it."""

    artist: str
    title: str
    prompts: tuple[str, ...]
    destination: str = ""
    words: str = ""
    seen: str = ""
    showcase: bool = False
    then: tuple[tuple[RequestState, Act], ...] = ()


def _approved_by(email: str, reason: str) -> Act:
    return lambda request, people: (
        approve(request, actor=people[email], reason=reason),
        tell_now(request, actor=people[email]),
    )


def _refused_by(email: str, ground: Ground, reason: str) -> Act:
    return lambda request, people: (
        refuse(request, actor=people[email], ground=ground, reason=reason),
        tell_now(request, actor=people[email]),
    )


def _taken_back(request: ShareRequest, people: Mapping[str, Person]) -> object:
    return withdraw(request, actor=people[request.artist.email])


FILMS: Final = (
    Film(
        "ada@demo.example",
        "Tide table",
        ("a red ball rises over a blue sea", "a white sailboat drifts left at dusk"),
        "Harbour Film Night, and my own site",
        "Two studies of the same horizon, cut where the light goes.",
        "A red ball rises over a blue sea. Then a white sailboat drifts to the left at dusk.",
        True,
        (
            (
                RequestState.IN_REVIEW,
                _approved_by("ruth@demo.example", "Clear, credited, and labelled as made with AI."),
            ),
        ),
    ),
    Film(
        "ben@demo.example",
        "Small astronomy",
        ("a yellow star spins at night",),
        "An open studio in Leith",
        "Shown on a loop beside the drawings it began with.",
        "A yellow star turns in front of a night sky.",
    ),
    Film(
        "lena@demo.example",
        "Parcel, unaccompanied",
        ("a green box drifts right over a meadow", "an orange ring bounces in the desert"),
        "A poster campaign for a festival that is not announced yet",
        "",
        "A green box drifts over a meadow. An orange ring bounces in the desert.",
        False,
        (
            (
                RequestState.IN_REVIEW,
                _refused_by(
                    "paul@demo.example",
                    Ground.CONFIDENTIAL,
                    "The festival is not public yet, and the poster would announce it. Ask again once it has, or name another place: the film itself is fine.",
                ),
            ),
        ),
    ),
    Film(
        "omar@demo.example",
        "Signal, answered",
        ("a pink heart grows at night",),
        "A reading in March",
        "",
        "A pink heart grows in the dark.",
        False,
        (
            (RequestState.IN_REVIEW, _approved_by("yuki@demo.example", "")),
            (RequestState.APPROVED, _taken_back),
        ),
    ),
    Film("ada@demo.example", "Second thoughts", ("a blue ring bounces over a meadow",)),
)


def ask_for_films(people: Mapping[str, Person]) -> None:
    """Each film is asked for once, however often this runs. Raises Refused."""
    for number, film in enumerate(FILMS):
        artist = people[film.artist]
        shots = [ShotAsked(prompt, seed=number + place) for place, prompt in enumerate(film.prompts)]
        submit(shots, actor=artist, title=film.title, key=f"demonstration:{film.title}")


def share_films(people: Mapping[str, Person]) -> bool:
    """Ask and decide what the finished films allow; True when nothing is left to wait for."""
    left = [film for film in FILMS if film.destination and not _tried(film, people)]
    return not left


def _tried(film: Film, people: Mapping[str, Person]) -> bool:
    try:
        return _share(film, people)
    except Refused:  # another command or a visitor was faster: the next look finds what they left
        return False


def _share(film: Film, people: Mapping[str, Person]) -> bool:
    artist = people[film.artist]
    asked = _generation_of(film, artist)
    if asked is None:
        return False
    clip = clips_visible_to(artist).filter(generation=asked).first()
    if clip is None:
        return asked.state in ENDED
    request = _request_for(film, clip, artist)
    for state, act in film.then:
        request.refresh_from_db()
        # A visitor may have decided or withdrawn it meanwhile: then that stands.
        if request.state == state:
            act(request, people)
    return True


def _generation_of(film: Film, artist: Person) -> Generation | None:
    return generations_visible_to(artist).filter(title=film.title).order_by("made_at").first()


def _request_for(film: Film, clip: Clip, artist: Person) -> ShareRequest:
    first = requests_visible_to(artist).filter(clip=clip).order_by("asked_at").first()
    return first or request_share(
        clip,
        actor=artist,
        title=film.title,
        destination=film.destination,
        words=film.words,
        alt_text=film.seen,
        showcase=film.showcase,
    )
