"""A storyboard out to a file and in from one: the same text comes back, and everything wrong has its own sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from generation.drafts import Draft, DraftShot, draft_of, new_storyboard
from generation.models import Storyboard

GOOD: dict[str, Any] = {
    "format": "vernissage-storyboard",
    "version": 1,
    "title": "Sea",
    "model": "card",
    "size": "448x256",
    "look": "",
    "shots": [{"prompt": "a red ball", "seconds": 2, "seed": 7, "follows": "cut", "has_reference": True}],
}


def sent(client: Client, content: Any) -> Any:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(reverse("storyboard_import"), {"file": SimpleUploadedFile("board.json", data)})


def test_export_and_import_give_the_same_text(ada: Person, client_of: Callable[[Person], Client]) -> None:
    shots = (
        DraftShot("ein 🛥 über dem Meer", 2000, 5),
        DraftShot("قارب أبيض", 3000, follows="continue"),
        DraftShot("", 0),
    )
    draft = Draft('Sea "2"', "card", "640x360", "", shots)
    kept = new_storyboard(draft, actor=ada)
    client = client_of(ada)
    file = client.get(reverse("storyboard_export", args=[kept.pk]))
    assert file["Content-Disposition"] == 'attachment; filename="sea-2.json"'
    answer = sent(client, file.content)
    brought = Storyboard.objects.exclude(pk=kept.pk).get()
    assert (answer.status_code, answer.url) == (302, f"{reverse('studio')}?storyboard={brought.pk}")
    assert draft_of(brought) == draft


def shot(**change: Any) -> dict[str, Any]:
    return GOOD | {"shots": [GOOD["shots"][0] | change]}


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (b"\x00\x01MZ", "import-not-json", "The file is not JSON: line 1, column 1."),
        (b"\xff\xfe{}", "import-not-json", "The file is not JSON in UTF-8."),
        (b"[" * 20_000, "import-not-json", "The file is not JSON in UTF-8."),
        (b'{"format": ', "import-not-json", "The file is not JSON: line 1, column 12."),
        ([], "import-not-a-storyboard", "This is not a storyboard of ours"),
        ({"shots": []}, "import-not-a-storyboard", "This is not a storyboard of ours"),
        (GOOD | {"version": 2}, "import-other-version", "The file has version 2; this program reads version 1."),
        (b" " * 600_000, "import-too-large", "The file is larger than 512 kB"),
        (GOOD | {"shots": []}, "import-wrong", "shots is a list of 1 to 30 shots."),
        (GOOD | {"shots": GOOD["shots"] * 31}, "import-wrong", "shots is a list of 1 to 30 shots."),
        (GOOD | {"shots": ["a"]}, "import-wrong", "Shot 1 is not an object."),
        (GOOD | {"title": 5}, "import-wrong", "title is a text."),
        (GOOD | {"title": "x" * 161}, "import-wrong", "title has 161 characters; at most 160 are taken."),
        (GOOD | {"colour": 1}, "import-wrong", "colour is not part of a storyboard."),
        (shot(prompt=None), "import-wrong", "Shot 1: prompt is a text."),
        (shot(prompt="x" * 10_001), "import-wrong", "Shot 1: prompt has 10001 characters; at most 10000 are taken."),
        (shot(seconds="two"), "import-wrong", "Shot 1: seconds is a number up to 60, or null."),
        (shot(seconds=61), "import-wrong", "Shot 1: seconds is a number up to 60, or null."),
        (shot(seconds=True), "import-wrong", "Shot 1: seconds is a number up to 60, or null."),
        (shot(seed=-1), "import-wrong", "Shot 1: seed is a whole number up to 4294967295, or null."),
        (shot(seed=1.5), "import-wrong", "Shot 1: seed is a whole number up to 4294967295, or null."),
        (shot(follows="melt"), "import-wrong", "Shot 1: follows is cut or continue."),
        (shot(sound="loud"), "import-wrong", "Shot 1: sound is not part of a shot."),
    ],
)
def test_import_of_a_wrong_file_says_what_is_wrong_and_writes_nothing(
    ada: Person, client_of: Callable[[Person], Client], content: Any, code: str, sentence: str
) -> None:
    answer = sent(client_of(ada), content)
    page = answer.content.decode()
    assert (answer.status_code, code in page, sentence in page) == (422, True, True)
    assert Storyboard.objects.count() == 0


def test_import_says_every_fault_at_once(ada: Person, client_of: Callable[[Person], Client]) -> None:
    bad = GOOD | {"title": 1, "shots": [{"prompt": 1}, {"prompt": "a", "seed": "x"}]}
    page = sent(client_of(ada), bad).content.decode()
    said = ["title is a text.", "Shot 1: prompt is a text.", "Shot 2: seed is a whole number"]
    assert [sentence in page for sentence in said] == [True, True, True]


def test_import_without_a_file_is_told(ada: Person, client_of: Callable[[Person], Client]) -> None:
    answer = client_of(ada).post(reverse("storyboard_import"))
    assert (answer.status_code, "import-missing" in answer.content.decode()) == (422, True)


def test_import_says_that_pictures_stay_behind(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    page = client.get(sent(client, GOOD).url).content.decode()
    assert "Reference images do not travel in the file; add them again." in page
