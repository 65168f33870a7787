"""Studio and one film: what is refused keeps everything typed, others' work is not there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from generation.models import Clip, Generation

DOCK = {"shots-TOTAL_FORMS": "1", "model": "card", "size": "448x256", "title": "A quiet title", "key": "one"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"shots-0-prompt": ""}, "prompt-empty"),
        ({"shots-0-prompt": "a" * 10_000}, "prompt-too-long"),
        ({"shots-0-prompt": "a red ball", "shots-0-length": "61"}, "film-too-long"),
        ({"shots-0-prompt": "a red ball", "shots-0-length": "long"}, "length-invalid"),
        ({"shots-0-prompt": "a red ball", "shots-0-seed": "x"}, "seed-invalid"),
        ({"shots-0-prompt": "a red ball", "size": "7x7"}, "size-not-offered"),
        ({"shots-0-prompt": "a red ball", "model": "nobody"}, "model-unknown"),
    ],
)
def test_studio_keeps_what_was_typed_when_the_dock_is_wrong(
    ada: Person, client_of: Callable[[Person], Client], change: dict[str, str], code: str
) -> None:
    answer = client_of(ada).post(reverse("studio"), DOCK | change)
    page = answer.content.decode()
    assert (answer.status_code, code in page, "A quiet title" in page) == (422, True, True)
    assert Generation.objects.count() == 0


def test_studio_makes_one_generation_of_one_key(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    wanted = DOCK | {"shots-0-prompt": "a red ball", "shots-0-length": "2"}
    statuses = [client.post(reverse("studio"), wanted).status_code for _again in range(2)]
    assert (statuses, Generation.objects.filter(artist=ada).count()) == ([302, 302], 1)


def test_studio_shows_the_reason_instead_of_the_dock_when_nothing_is_signed(
    nia: Person, client_of: Callable[[Person], Client]
) -> None:
    page = client_of(nia).get(reverse("studio")).content.decode()
    assert ("agreement-unsigned" in page, 'class="dock"' in page) == (True, False)


def test_clip_and_generation_of_another_artist_are_not_there(
    ada: Person, ben: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ben)
    client = client_of(ada)
    names = ("clip", "clip_film", "clip_poster", "clip_filmstrip", "clip_download")
    statuses = [client.get(reverse(name, args=[clip.pk])).status_code for name in names]
    assert statuses == [404] * 5
    assert client.get(reverse("generation", args=[clip.generation_id])).status_code == 404
    assert client.post(reverse("generation_cancel", args=[clip.generation_id])).status_code == 404


def test_clip_film_answers_a_range(
    ada: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ada)
    answer = client_of(ada).get(reverse("clip_film", args=[clip.pk]), headers={"Range": "bytes=0-9"})
    assert (answer.status_code, len(b"".join(answer.streaming_content))) == (206, 10)
