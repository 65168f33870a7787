"""Compare: two films of one's own, nobody else's; and what the pages tell the player."""

import re
import uuid
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from generation.models import Clip
from generation.pages import shot_pins


def test_compare_shows_two_films_with_their_frames(
    ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    a, b = clip_of(ada), clip_of(ada, prompts=("a red ball", "a blue sea"))
    page = client_of(ada).get(reverse("compare"), {"a": a.pk, "b": b.pk}).content.decode()
    told = re.findall(r'data-frames="(\d+)" data-fps="([\d/]+)"', page)
    strip = re.search(r'<vn-compare data-strip="([^"]+)"', page)
    assert told == [("8", "8/1"), ("16", "8/1")]
    assert strip is not None
    assert strip[1] == reverse("clip_filmstrip", args=[b.pk])


def test_compare_without_films_offers_ones_own(
    ada: Person, ben: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    mine = [clip_of(ada), clip_of(ada)]
    clip_of(ben)
    answer = client_of(ada).get(reverse("compare"))
    offered = re.findall(r'<option value="([\w-]+)"( selected)?', answer.content.decode())
    newest, older = str(mine[1].pk), str(mine[0].pk)
    assert (answer.status_code, offered) == (
        200,
        [(newest, " selected"), (older, ""), (newest, ""), (older, " selected")],
    )


def test_compare_of_one_film_twice_is_refused_and_keeps_the_choice(
    ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    one, _other = clip_of(ada), clip_of(ada)
    answer = client_of(ada).get(reverse("compare"), {"a": one.pk, "b": one.pk})
    page = answer.content.decode()
    assert (answer.status_code, "films-same" in page, "<vn-compare" in page) == (422, True, False)
    assert re.findall(r'<option value="([\w-]+)" selected', page) == [str(one.pk)] * 2


def test_compare_with_a_film_that_is_not_ones_own_is_not_there(
    ada: Person, ben: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    mine, other = clip_of(ada), clip_of(ben)
    client = client_of(ada)
    wrong = [str(other.pk), str(uuid.uuid4()), "nothing", "a" * 10_000]
    assert [client.get(reverse("compare"), {"a": mine.pk, "b": text}).status_code for text in wrong] == [404] * 4


def test_clip_page_marks_where_shots_begin(
    ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    page = client_of(ada).get(reverse("clip", args=[clip_of(ada, prompts=("a", "b", "c")).pk])).content.decode()
    assert re.findall(r'href="#(shot-\d)" class="player-pin" data-frame="(\d+)"', page) == [
        ("shot-1", "0"),
        ("shot-2", "8"),
        ("shot-3", "16"),
    ]


def test_film_of_one_shot_has_no_marks() -> None:
    assert shot_pins([{"frames": 8}]) == []
