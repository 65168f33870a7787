"""The dock: kept while one writes, tiers and looks, pictures of each shot, remix and again, and every wrong input said at its shot."""

import io
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from artists.people.models import Person
from generation.drafts import Draft, DraftShot, draft_of, new_storyboard, save_storyboard
from generation.limits import LONGEST_PROMPT
from generation.models import Clip, Generation, ReferenceImage, Storyboard, Take
from generation.registry import model_called
from generation.services import submit
from generation.sketch.words import unknown_words
from generation.starters import STARTERS
from generation.storyboards import ShotAsked, plan_shots
from portal.access import Refused
from tests.factories import films

SCRIPT = {"HX-Request": "true"}


def typed(*prompts: str, **change: str) -> dict[str, Any]:
    fields = {"shots-TOTAL_FORMS": str(len(prompts)), "model": "card", "size": "448x256", "title": "Sea", "key": "one"}
    for number, prompt in enumerate(prompts):
        fields |= {f"shots-{number}-prompt": prompt, f"shots-{number}-length": "1", f"shots-{number}-seed": ""}
    return fields | change


def test_save_by_script_answers_number_and_version(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    first = client.post(reverse("studio_save"), typed("a ball"), headers=SCRIPT).json()
    kept = Storyboard.objects.get()
    assert first == {"storyboard": kept.pk, "version": 1, "address": f"/studio/?storyboard={kept.pk}"}
    more = typed("a ball", "a boat", storyboard=str(kept.pk), version="1")
    assert client.post(reverse("studio_save"), more, headers=SCRIPT).json()["version"] == 2
    form = client.get(reverse("studio"), {"storyboard": kept.pk}).context["form"]
    assert ([shot.prompt for shot in form.shots], form.title, form.version) == (["a ball", "a boat"], "Sea", 2)


def test_conflict_shows_both_texts_and_each_choice_keeps_what_it_says(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    kept = new_storyboard(Draft("Sea", shots=(DraftShot("first"),)), actor=ada)
    save_storyboard(kept, Draft("Sea", shots=(DraftShot("theirs <b>"),)), actor=ada, version=1, page="two")
    mine = typed("mine", storyboard=str(kept.pk), version="1")
    told = client.post(reverse("studio_save"), mine, headers=SCRIPT)
    page = told.content.decode()
    assert (told.status_code, "storyboard-changed" in page, "theirs &lt;b&gt;" in page) == (409, True, True)
    plain = client.post(reverse("studio_save"), mine).content.decode()
    assert ("storyboard-changed" in plain, "theirs &lt;b&gt;" in plain, ">mine</textarea>" in plain) == (True,) * 3
    copied = client.post(reverse("studio_save"), mine | {"how": "copy"}, headers=SCRIPT).json()
    assert copied["storyboard"] != kept.pk
    assert draft_of(kept).shots[0].prompt == "theirs <b>"
    client.post(reverse("studio_save"), mine | {"how": "replace", "theirs": "2", "key": "three"}, headers=SCRIPT)
    assert draft_of(kept).shots[0].prompt == "mine"


def test_film_of_a_storyboard_another_window_changed_is_asked_for_and_both_texts_stay(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    kept = new_storyboard(Draft("Sea", shots=(DraftShot("first"),)), actor=ada)
    save_storyboard(kept, Draft("Sea", shots=(DraftShot("theirs"),)), actor=ada, version=1, page="two")
    answer = client_of(ada).post(reverse("studio"), typed("mine", storyboard=str(kept.pk), version="1"))
    film = Generation.objects.get()
    assert (answer.url, film.storyboard_id == kept.pk) == (f"/studio/?storyboard={film.storyboard_id}", False)
    assert (draft_of(kept).shots[0].prompt, draft_of(film.storyboard).shots[0].prompt) == ("theirs", "mine")


def test_storyboard_of_somebody_else_is_never_written(
    ada: Person, ben: Person, client_of: Callable[[Person], Client]
) -> None:
    theirs = new_storyboard(Draft("Ben's", shots=(DraftShot("b"),)), actor=ben)
    client = client_of(ada)
    client.post(reverse("studio_save"), typed("a", storyboard=str(theirs.pk), version="1"), headers=SCRIPT)
    assert (draft_of(theirs).title, Storyboard.objects.filter(owner=ada).count()) == ("Ben's", 1)
    for name in ("storyboard_export", "storyboard_duplicate", "storyboard_delete", "storyboard_restore"):
        ask = client.get if name == "storyboard_export" else client.post
        assert ask(reverse(name, args=[theirs.pk])).status_code == 404
    form = client.get(reverse("studio"), {"storyboard": theirs.pk}).context["form"]
    assert [shot.prompt for shot in form.shots] == [""]


def test_one_page_asks_once_for_the_same_and_anew_after_a_change(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    wanted = typed("a ball")
    client.post(reverse("studio"), wanted)
    again = client.post(reverse("studio"), wanted, follow=True)
    said = "This film was asked for already; it is made once."
    assert (Generation.objects.count(), said in again.content.decode()) == (1, True)
    changed = client.post(reverse("studio"), typed("a blue ball"), follow=True)
    assert (Generation.objects.count(), said in changed.content.decode()) == (2, False)
    assert Storyboard.objects.count() == 1


def test_film_asked_for_by_script_answers_where_to_go_or_the_dock_with_the_fault_at_its_shot(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    answer = client.post(reverse("studio"), typed("a ball"), headers=SCRIPT)
    kept = Generation.objects.get().storyboard_id
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/studio/?storyboard={kept}")
    wrong = client.post(reverse("studio"), typed(" ", "a ball"), headers=SCRIPT)
    page = wrong.content.decode()
    assert [shot.errors for shot in wrong.context["form"].shots] == [
        ["Shot 1 has no prompt. Describe what is seen."],
        [],
    ]
    assert ("<html" in page, page.count("prompt-empty")) == (False, 1)


@pytest.mark.parametrize(
    "prompt",
    [
        "a 👩‍🚀 rides a 🐢 " * 20,
        "قارب أبيض ينجرف نحو اليسار عند الغروب",
        "\u202eevil\u202c <script>x</script>",
        "a\r\nb",
    ],
)
def test_any_text_is_kept_and_rendered_as_text(ada: Person, client_of: Callable[[Person], Client], prompt: str) -> None:
    client = client_of(ada)
    page = client.post(reverse("studio"), typed(prompt), follow=True).content.decode()
    film = Generation.objects.get()
    assert film.snapshot["shots"][0]["typed"] == prompt.strip()
    assert ('dir="auto"' in page, "<script>x" in page) == (True, False)
    assert client.get(reverse("generation", args=[film.pk])).status_code == 200


def test_prompt_of_ten_thousand_characters_is_refused_at_its_shot_and_kept(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    long = "x" * 10_000
    answer = client_of(ada).post(reverse("studio"), typed("a ball", long))
    first, second = answer.context["form"].shots
    words = f"The prompt of shot 2 has 10000 characters. Keep it under {LONGEST_PROMPT}."
    assert (answer.status_code, first.errors, second.errors, second.prompt) == (422, [], [words], long)
    assert draft_of(Storyboard.objects.get()).shots[1].prompt == long


def test_seed_is_drawn_anew_unless_it_is_kept_and_the_last_one_is_shown(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    client.post(reverse("studio"), typed("a ball", "a boat") | {"shots-1-seed": "42"})
    first, second = Generation.objects.get().snapshot["shots"]
    kept = Storyboard.objects.get()
    assert [(shot.seed, shot.drawn) for shot in draft_of(kept).shots] == [(None, first["seed"]), (42, 42)]
    assert (second["seed"], kept.version) == (42, 1)
    page = client.get(reverse("studio"), {"storyboard": kept.pk}).content.decode()
    assert (f'placeholder="Last: {first["seed"]}"' in page, 'value="42"' in page) == (True, True)


def test_remix_takes_everything_but_the_seeds_and_again_takes_them_too(
    ada: Person, ben: Person, client_of: Callable[[Person], Client]
) -> None:
    picture = films.pictured(ada)
    shots = [ShotAsked("a ball", 2.0, 7, reference=picture), ShotAsked("a boat", 1.0, 8, follows="continue")]
    film = submit(shots, actor=ada, model="card", size="640x360", title="Sea")
    client = client_of(ada)
    forms = {way: client.get(reverse("studio"), {way: film.pk}).context["form"] for way in ("remix", "again")}
    for form in forms.values():
        assert (form.title, form.model, form.size, form.storyboard) == ("Sea", "card", "640x360", "")
        assert [(one.prompt, one.length, one.follow, one.reference) for one in form.shots] == [
            ("a ball", "2", "cut", str(picture.pk)),
            ("a boat", "1", "continue", ""),
        ]
    assert [[one.seed for one in forms[way].shots] for way in ("remix", "again")] == [["", ""], ["7", "8"]]
    other = client_of(ben).get(reverse("studio"), {"again": film.pk})
    assert [shot.prompt for shot in other.context["form"].shots] == [""]
    assert "This film is not there." in other.content.decode()


def test_again_in_the_final_tier_takes_its_model_and_keeps_the_seeds(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    film = submit([ShotAsked("a red ball rises", 2.0, 7)], actor=ada, model="sketch", look="dusk")
    form = client_of(ada).get(reverse("studio"), {"again": film.pk, "tier": "final"}).context["form"]
    shot = form.shots[0]
    assert (form.model, form.size, form.look) == ("sketch-final", "896x512", "dusk")
    assert (shot.prompt, shot.seed) == ("a red ball rises", "7")


def test_another_model_moves_what_it_does_not_offer_and_keeps_the_words(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    board = typed("a ball", "a boat", model="sketch", size="1280x720", look="upright") | {"shots-1-length": "8"}
    answer = client.post(reverse("studio_dock"), board, headers=SCRIPT)
    form = answer.context["form"]
    assert (answer.status_code, form.size, form.look) == (200, "448x256", "")
    assert [(shot.prompt, shot.length) for shot in form.shots] == [("a ball", "1"), ("a boat", "5")]
    looked = client.post(
        reverse("studio_dock"), typed("a", look="slow-pan", model="sketch", changed="look"), headers=SCRIPT
    )
    assert [shot.length for shot in looked.context["form"].shots] == ["4"]
    assert (Generation.objects.count(), "<html" in looked.content.decode()) == (0, False)


def test_small_model_says_that_it_upscales_and_which_words_it_does_not_know(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    small = typed("An elephant drifts left over the sea", model="sketch", size="672x384")
    dock = client.post(reverse("studio_dock"), small, headers=SCRIPT).content.decode()
    assert ("448 × 256 (upscaled)" in dock, "672 × 384 (upscaled)" in dock) == (True, True)
    for said in (dock, client.post(reverse("studio_price"), small).content.decode()):
        assert "It is drawn at 112 × 64 and upscaled." in said
        assert "This small model does not know: <bdi>elephant</bdi>." in said
    card = client.post(reverse("studio_dock"), typed("An elephant"), headers=SCRIPT).content.decode()
    assert ("upscaled" in card, "does not know" in card) == (False, False)


ANIMALS = "zebra yak wolf viper toucan tapir swan stork skunk seal raven rabbit quail puma otter".split()  # noqa: SIM905


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (12, "zebra, yak, wolf, viper, toucan, tapir, swan, stork, skunk, seal, raven, rabbit</bdi>."),
        (13, "zebra, yak, wolf, viper, toucan, tapir, swan, stork, skunk, seal, raven, rabbit</bdi> and 1 more."),
        (15, "zebra, yak, wolf, viper, toucan, tapir, swan, stork, skunk, seal, raven, rabbit</bdi> and 3 more."),
    ],
)
def test_unknown_words_are_named_in_the_order_of_the_prompts_and_the_rest_is_counted(
    count: int, said: str, ada: Person, client_of: Callable[[Person], Client]
) -> None:
    prompts = (" ".join(ANIMALS[:7]), "a zebra and a ball", " ".join(ANIMALS[7:count]))
    page = client_of(ada).post(reverse("studio_price"), typed(*prompts, model="sketch")).content.decode()
    assert page.partition("This small model does not know: <bdi>")[2].strip() == said


def test_small_model_says_what_of_a_long_prompt_it_does_not_come_to(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    long = "a red ball rises over the sea and a blue box falls, " * 2 + "the camera zooms in on a star"
    told = "A prompt is too long for this small model, which leaves out its end: "
    pages = [
        client.post(reverse("studio_price"), typed(*prompts, model="sketch", look=look)).content.decode()
        for prompts, look in (((long, "a ball", long), ""), ((long,), "slow-pan"), (("a ball",), "slow-pan"))
    ]
    assert [page.partition(told)[2].strip() for page in pages] == [
        "<bdi>a star</bdi>; <bdi>a star</bdi>",
        "<bdi>a star, panning right</bdi>",
        "",
    ]


@pytest.mark.parametrize(
    ("prompt", "unknown"),
    [
        ("Ein Elefant geht durch Paris", ["ein", "elefant", "geht", "durch", "paris"]),
        ("whale ball " * 150, ["whale"]),
        ("?! …", []),
    ],
    ids=["another language", "300 words", "only punctuation"],
)
def test_small_model_takes_words_it_does_not_know_and_names_them(
    ada: Person, client_of: Callable[[Person], Client], prompt: str, unknown: list[str]
) -> None:
    client = client_of(ada)
    answer = client.post(reverse("studio_dock"), typed(prompt, model="sketch"), headers=SCRIPT)
    assert answer.context["unread"].words == tuple(unknown)
    client.post(reverse("studio"), typed(prompt, model="sketch"))
    assert Generation.objects.get().takes.get().prompt == prompt.strip()


def test_size_outside_the_ladder_of_the_small_model_is_refused(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    with pytest.raises(Refused) as fault:
        submit([ShotAsked("a ball")], actor=ada, model="sketch", size="1920x1080")
    assert (fault.value.decision.code, Generation.objects.count()) == ("size-not-offered", 0)
    assert submit([ShotAsked("a ball")], actor=ada, model="sketch-final", size="1920x1080").width == 1920


def test_film_of_the_small_model_says_how_it_was_drawn(ada: Person, client_of: Callable[[Person], Client]) -> None:
    asked = submit([ShotAsked("a red ball rises", 1.0)], actor=ada, model="sketch")
    assert asked.snapshot["drawn"] == {"width": 112, "height": 64, "frames": 16}
    films.deliver_waiting("sketch")
    # The last report of a take is of its decoding, in frames: that is not how many steps the film took.
    Take.objects.update(phase="decode", step=24, steps=24)
    page = client_of(ada).get(reverse("clip", args=[Clip.objects.get().pk])).content.decode()
    assert "<dt>Steps</dt><dd>12</dd>" in page
    assert "fps, 12 steps</pre>" in page
    assert "112 × 64, upscaled; 16 frames a shot drawn, the others filled in" in page
    drawn = client_of(ada).get(reverse("clip", args=[films.finished(ada).pk])).content.decode()
    assert "upscaled" not in drawn


def test_look_of_another_model_is_refused(ada: Person, client_of: Callable[[Person], Client]) -> None:
    answer = client_of(ada).post(reverse("studio"), typed("a ball", look="dusk"))
    assert (answer.status_code, "look-not-offered" in answer.content.decode()) == (422, True)


def test_storyboard_of_a_model_that_went_opens_with_another_and_says_so(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    kept = new_storyboard(Draft("Sea", "veo", "8x8", "glow", (DraftShot("a red ball", 3000),)), actor=ada)
    answer = client_of(ada).get(reverse("studio"), {"storyboard": kept.pk})
    form = answer.context["form"]
    assert (form.model, form.size, form.look, form.shots[0].length) == ("sketch", "448x256", "", "3")
    assert "veo is not offered now; another model stands in its place." in answer.content.decode()


def test_price_of_an_empty_dock_is_no_fault(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    said = client.post(reverse("studio_price"), typed(" ")).content.decode()
    assert ("before anything starts." in said, "data-refused" in said) == (True, False)
    said = client.post(reverse("studio_price"), typed("", "a ball")).content.decode()
    assert ("Shot 1 has no prompt." in said, "data-refused" in said) == (True, True)


def test_quota_that_is_short_says_what_would_fit(ada: Person, client_of: Callable[[Person], Client]) -> None:
    def spend(shots: int, seconds: float) -> None:
        submit(films.asked(*["a"] * shots, seconds=seconds), actor=ada, model="card")

    def said(*prompts: str, **change: str) -> str:
        return client_of(ada).post(reverse("studio_price"), typed(*prompts) | change).content.decode()

    assert "allows no more at once" not in said("a")
    spend(6, 10.0)
    spend(5, 10.0)
    spend(7, 1.0)
    assert "That is more than is left. The first 3 shots would fit; so would shorter shots." in said("a", "b", "c", "d")
    assert "That is more than is left. 1 shot of 1 s would fit." in said("a", **{"shots-0-length": "5"})
    spend(3, 1.0)
    assert "Nothing fits before midnight UTC; what you write is kept." in said("a")
    assert "You have 4 films under way; your cohort allows no more at once." in said("a")


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def moving() -> bytes:
    data = io.BytesIO()
    pictures = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 200)]
    pictures[0].save(data, "PNG", save_all=True, append_images=pictures[1:])
    return data.getvalue()


def bomb() -> bytes:
    """A PNG that says it is 30,000 pixels wide and high."""
    head = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    chunk = (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + films.picture_file().read()[33:]


BAD = [
    ("picture.svg", svg(), "reference-not-an-image"),
    ("notes.png", b"only words", "reference-not-an-image"),
    ("photo.heic", b"\x00\x00\x00\x18ftypheic" + b"\0" * 64, "reference-not-an-image"),
    ("setup.png", b"MZ\x90\x00" + b"\0" * 64, "reference-not-an-image"),
    ("moving.png", moving(), "reference-animated"),
    ("bomb.png", bomb(), "reference-too-many-pixels"),
    ("half.png", films.picture_file().read()[:60], "reference-broken"),
    ("large.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 80_000_000, "reference-too-large"),
]


@pytest.mark.parametrize(("name", "data", "code"), BAD, ids=[row[0] for row in BAD])
def test_picture_that_is_none_has_its_sentence_and_loses_nothing(
    ada: Person, client_of: Callable[[Person], Client], name: str, data: bytes, code: str
) -> None:
    client = client_of(ada)
    said = client.post(reverse("reference_keep"), {"picture": SimpleUploadedFile(name, data)})
    assert (said.status_code, said.json()["code"]) == (422, code)
    plain = client.post(
        reverse("studio"), typed("a ball", "a boat") | {"shots-1-picture": SimpleUploadedFile(name, data)}
    )
    form = plain.context["form"]
    assert (plain.status_code, code in plain.content.decode()) == (422, True)
    assert [(shot.prompt, bool(shot.errors)) for shot in form.shots] == [("a ball", False), ("a boat", True)]
    assert (form.shots[1].errors[0].startswith(said.json()["message"]), ReferenceImage.objects.count()) == (True, 0)


def test_picture_of_each_shot_is_kept_shown_to_its_owner_and_rendered_from(
    ada: Person, ben: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    told = client.post(reverse("reference_keep"), {"picture": films.picture_file()}).json()
    shown = client.get(told["address"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert client_of(ben).get(told["address"]).status_code == 404
    fields = typed("a ball", "a boat", "a box") | {"shots-1-reference": str(told["reference"])}
    fields["shots-2-picture"] = films.picture_file("sea.jpg", "JPEG")
    client.post(reverse("studio"), fields)
    takes = list(Generation.objects.get().takes.order_by("position"))
    assert [take.reference_id for take in takes][:2] == [None, told["reference"]]
    assert takes[2].reference.owner_id == ada.pk
    board = Storyboard.objects.get()
    page = client.get(reverse("studio"), {"storyboard": board.pk}).content.decode()
    assert f'src="{told["address"]}"' in page


def test_picture_is_removed_by_a_plain_form(ada: Person, client_of: Callable[[Person], Client]) -> None:
    fields = typed("a ball") | {"shots-0-reference": str(films.pictured(ada).pk), "shots-0-unpicture": "1"}
    client_of(ada).post(reverse("studio"), fields)
    assert Generation.objects.get().takes.get().reference_id is None


def test_picture_of_somebody_else_is_not_there(ada: Person, ben: Person, client_of: Callable[[Person], Client]) -> None:
    fields = typed("a ball") | {"shots-0-reference": str(films.pictured(ben).pk)}
    answer = client_of(ada).post(reverse("studio"), fields)
    assert (answer.status_code, "reference-missing" in answer.content.decode()) == (422, True)
    assert Generation.objects.count() == 0


def test_picture_is_refused_while_the_gate_is_closed(nia: Person, client_of: Callable[[Person], Client]) -> None:
    said = client_of(nia).post(reverse("reference_keep"), {"picture": films.picture_file()})
    assert (said.status_code, said.json()["code"], ReferenceImage.objects.count()) == (403, "agreement-unsigned", 0)


def test_writing_is_kept_while_the_gate_is_closed(nia: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(nia)
    assert client.post(reverse("studio_save"), typed("a ball"), headers=SCRIPT).status_code == 200
    kept = Storyboard.objects.get()
    exported = json.loads(client.get(reverse("storyboard_export", args=[kept.pk])).content)
    assert [shot["prompt"] for shot in exported["shots"]] == ["a ball"]
    assert client.post(reverse("studio"), typed("a ball")).status_code == 403


def test_stop_all_stops_mine_and_nobody_elses(ada: Person, ben: Person, client_of: Callable[[Person], Client]) -> None:
    films.submitted(ada)
    films.submitted(ada, ["a boat"])
    films.submitted(ben)
    page = client_of(ada).post(reverse("studio_stop_all"), follow=True).content.decode()
    states = sorted(Generation.objects.values_list("artist_id", "state"))
    assert states == [(ada.pk, "cancelled"), (ada.pk, "cancelled"), (ben.pk, "queued")]
    assert "2 films were stopped. Nothing was charged; what you wrote is kept." in page


def test_first_visit_shows_three_starters_that_the_small_model_understands(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    page = client.get(reverse("studio")).content.decode()
    entry = model_called(None)
    for number, (title, prompts) in enumerate(STARTERS):
        assert (str(title) in page, [unknown_words(prompt) for prompt in prompts]) == (True, [[] for _one in prompts])
        form = client.get(reverse("studio"), {"starter": number}).context["form"]
        assert (form.title, tuple(shot.prompt for shot in form.shots)) == (title, prompts)
        assert len(plan_shots(entry, form.asked({}))) == len(prompts)
    films.submitted(ada)
    assert str(STARTERS[0][0]) not in client.get(reverse("studio")).content.decode()


def test_lists_ask_the_same_number_of_questions_for_any_number_of_storyboards(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    counts = []
    for more in (1, 2):
        for number in range(more):
            new_storyboard(Draft(f"{number}", shots=(DraftShot("a"), DraftShot("b"))), actor=ada)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("storyboards"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
