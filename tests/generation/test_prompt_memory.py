"""The memory of prompts: one row a text, kept when films go, searchable, and the artist's to clear."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from generation.models import Generation, UsedPrompt
from generation.queries import prompts_visible_to
from generation.services import submit
from generation.storyboards import ShotAsked
from portal.access import Refused
from tests.factories import films


def test_prompts_are_remembered_once_with_their_last_use(ada: Person) -> None:
    films.submitted(ada, ["a red ball", "a boat", "a red ball"])
    films.submitted(ada, ["a red ball"])
    found = [(one.text, one.times) for one in prompts_visible_to(ada).order_by("text")]
    assert found == [("a boat", 1), ("a red ball", 2)]
    assert prompts_visible_to(ada).first().text == "a red ball"


def test_prompts_survive_the_film(ada: Person) -> None:
    film = films.submitted(ada, ["a red ball"])
    film.reservation.delete()
    Generation.objects.filter(pk=film.pk).delete()
    assert [one.text for one in prompts_visible_to(ada)] == ["a red ball"]


def test_refused_film_leaves_no_prompt(ada: Person) -> None:
    with pytest.raises(Refused):
        submit([ShotAsked("a red ball"), ShotAsked("")], actor=ada, model="card")
    assert UsedPrompt.objects.count() == 0


def test_look_is_not_part_of_the_remembered_text(ada: Person) -> None:
    film = submit([ShotAsked("a red ball spins")], actor=ada, model="sketch", look="dusk")
    shot = film.snapshot["shots"][0]
    assert (shot["prompt"], shot["typed"]) == ("a red ball spins, at dusk", "a red ball spins")
    assert (film.snapshot["look"]["name"], film.takes.get().prompt) == ("dusk", "a red ball spins, at dusk")
    assert [one.text for one in prompts_visible_to(ada)] == ["a red ball spins"]


def test_prompts_are_searched_by_every_word_and_are_ones_own(
    ada: Person, ben: Person, client_of: Callable[[Person], Client]
) -> None:
    films.submitted(ada, ["a red ball over the sea", "a red box"])
    films.submitted(ben, ["a red ball of Ben's"])
    client = client_of(ada)
    page = client.get(reverse("prompts"), {"q": "BALL red"}).content.decode()
    assert [text in page for text in ("a red ball over the sea", "a red box", "Ben")] == [True, False, False]
    texts = json.loads(client.get(reverse("prompts_recent")).content)["prompts"]
    assert sorted(texts) == ["a red ball over the sea", "a red box"]
    panel = client.get(reverse("prompts"), {"panel": "", "q": "box"}).content.decode()
    assert ("data-use-prompt" in panel, "<html" in panel) == (True, False)


def test_prompts_are_cleared_one_by_one_and_all_at_once(
    ada: Person, ben: Person, client_of: Callable[[Person], Client]
) -> None:
    films.submitted(ada, ["a red ball", "a boat", "a star"])
    films.submitted(ben, ["a box"])
    client = client_of(ada)
    mine, theirs = UsedPrompt.objects.get(text="a boat"), UsedPrompt.objects.get(text="a box")
    assert client.post(reverse("prompt_forget", args=[theirs.pk])).status_code == 404
    client.post(reverse("prompt_forget", args=[mine.pk]))
    assert sorted(one.text for one in UsedPrompt.objects.all()) == ["a box", "a red ball", "a star"]
    client.post(reverse("prompts_forget"))
    assert [one.text for one in UsedPrompt.objects.all()] == ["a box"]
    assert Generation.objects.filter(artist=ada).count() == 1


def test_prompt_opens_the_studio(ada: Person, client_of: Callable[[Person], Client]) -> None:
    films.submitted(ada, ["<b>a red ball</b> \u202e"])
    used = UsedPrompt.objects.get()
    form = client_of(ada).get(reverse("studio"), {"prompt": used.pk}).context["form"]
    assert [shot.prompt for shot in form.shots] == ["<b>a red ball</b> \u202e"]
