"""The library: stacks, stars, collections, filters, search and acts on several films, for one's own films only."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from artists.people.models import Person
from generation.models import Clip, Collection, Generation
from generation.search import index_clip
from generation.shelves import collect_clips, make_collection
from generation.stacks import stack_of
from portal.access import Refused
from tests.factories.sharing import asked_for, released

Clips = Callable[..., Clip]
Clients = Callable[[Person], Client]


def another(clip: Clip, *, title: str = "", stack: uuid.UUID | None = None, prompt: str = "", **fields: Any) -> Clip:
    """One more clip of the same artist, with the same files; in a stack of its own unless told."""
    one = Generation.objects.get(pk=clip.generation_id)
    one.pk, one.key = uuid.uuid4(), uuid.uuid4().hex
    one.model = fields.pop("model", one.model)
    one.snapshot = {"shots": [one.snapshot["shots"][0] | {"prompt": prompt or "a white boat"}]}
    one._state.adding = True
    one.save()
    made = Clip.objects.get(pk=clip.pk)
    made.pk, made.generation, made.stack, made.title = uuid.uuid4(), one, stack or uuid.uuid4(), title or "A boat"
    for name, value in fields.items():
        setattr(made, name, value)
    made.deleted_at = None
    made._state.adding = True
    made.save()
    index_clip(made)
    return made


def shown(client: Client, **query: Any) -> list[uuid.UUID]:
    """Ids of the films over all pages."""
    found: list[uuid.UUID] = []
    address = reverse("library")
    more = ""
    while True:
        context = client.get(f"{address}{more}", {} if more else query).context
        found += [row["clip"].pk for row in context["rows"]]
        more = context["more"]
        if not more:
            return found


def act(client: Client, act: str, *clips: Clip, **more: str) -> int:
    """Press a button of the bar for these films."""
    return client.post(reverse("library_bulk"), {"act": act, "clip": [clip.pk for clip in clips], **more}).status_code


def test_films_of_one_storyboard_lie_in_one_stack(ada: Person, clip_of: Clips, client_of: Clients) -> None:
    first = clip_of(ada)
    again = another(first, stack=first.stack)
    other = another(first)
    page = client_of(ada).get(reverse("library"))
    rows = [(row["clip"].pk, row["clip"].versions, row["linked"]) for row in page.context["rows"]]
    assert rows == [(other.pk, 1, False), (again.pk, 2, True)]
    stack = client_of(ada).get(reverse("library"), {"stack": str(first.stack)}).context["rows"]
    assert [(row["clip"].pk, row["note"]) for row in stack] == [(again.pk, "version 2"), (first.pk, "version 1")]


def test_stack_of_a_storyboard_outlives_it(ada: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    before = stack_of(clip.generation)
    twin = Generation(storyboard_id=clip.generation.storyboard_id)
    assert (clip.stack, stack_of(twin)) == (before, before)
    Generation.objects.filter(pk=clip.generation_id).update(storyboard=None)
    assert Clip.objects.get(pk=clip.pk).stack == before


def test_older_version_shows_when_the_newest_is_deleted(ada: Person, clip_of: Clips, client_of: Clients) -> None:
    first = clip_of(ada)
    again = another(first, stack=first.stack)
    assert act(client_of(ada), "delete", again) == 302
    assert shown(client_of(ada)) == [first.pk]


def test_star_is_one_press_and_taken_back_with_another(ada: Person, clip_of: Clips, client_of: Clients) -> None:
    clip, client = clip_of(ada), client_of(ada)
    address = reverse("clip_star", args=[clip.pk])
    states = []
    for wanted in ("yes", "yes", "no"):
        client.post(address, {"starred": wanted})
        states.append(Clip.objects.get(pk=clip.pk).starred)
    assert states == [True, True, False]
    part = client.post(address, {"starred": "yes"}, headers={"HX-Request": "true"}).content.decode()
    assert ('aria-pressed="true"' in part, "<html" in part) == (True, False)


def test_nobody_stars_deletes_or_collects_the_films_of_another(
    ada: Person, ben: Person, clip_of: Clips, client_of: Clients
) -> None:
    clip, client = clip_of(ben), client_of(ada)
    assert client.post(reverse("clip_star", args=[clip.pk]), {"starred": "yes"}).status_code == 404
    for name in ("star", "delete", "collect", "download"):
        act(client, name, clip, new="Mine")
    client.post(reverse("library_restore"), {"clip": clip.pk})
    fresh = Clip.objects.get(pk=clip.pk)
    assert (fresh.starred, fresh.deleted_at, Collection.objects.count()) == (False, None, 0)
    assert client.get(reverse("library_downloads"), {"clip": clip.pk}).context["clips"] == []
    with pytest.raises(Refused) as refused:
        collect_clips(make_collection("Mine", actor=ada), [clip], actor=ada)
    assert refused.value.decision.code == "not-found"


def test_collections_of_another_are_not_there(ada: Person, ben: Person, clip_of: Clips, client_of: Clients) -> None:
    theirs = make_collection("Ben's", actor=ben)
    collect_clips(theirs, [clip_of(ben)], actor=ben)
    clip, client = clip_of(ada), client_of(ada)
    assert act(client, "collect", clip, collection=str(theirs.pk)) == 302
    assert client.post(reverse("collection", args=[theirs.pk]), {"name": "Ada's"}).status_code == 404
    assert (theirs.clips.count(), shown(client, collection=theirs.pk)) == (1, [])


def test_film_lies_in_several_collections_once_each(ada: Person, clip_of: Clips, client_of: Clients) -> None:
    clip, client = clip_of(ada), client_of(ada)
    other = another(clip)
    act(client, "collect", clip, new="Sea")
    sea = Collection.objects.get()
    act(client, "collect", clip, other, collection=str(sea.pk))
    act(client, "collect", clip, new="Night")
    counts = {one.name: one.clips.count() for one in Collection.objects.all()}
    assert (counts, shown(client, collection=sea.pk)) == ({"Sea": 2, "Night": 1}, [other.pk, clip.pk])
    act(client, "take_out", other, collection=str(sea.pk))
    client.post(reverse("collection", args=[sea.pk]), {"act": "remove"})
    assert (Collection.objects.get().name, len(shown(client))) == ("Night", 2)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [(" ", 422, "name-missing"), ("x" * 81, 422, "name-too-long"), ("SEA", 409, "name-taken")],
)
def test_collection_with_a_bad_name_is_refused_and_the_name_kept(
    ada: Person, client_of: Clients, name: str, status: int, code: str
) -> None:
    make_collection("Sea", actor=ada)
    answer = client_of(ada).post(reverse("collections"), {"name": name})
    page = answer.content.decode()
    assert (answer.status_code, code in page, f'value="{name}"' in page) == (status, True, True)


def test_filters_narrow_and_say_when_nothing_matches(
    ada: Person, rhea: Person, clip_of: Clips, client_of: Clients
) -> None:
    wide, client = clip_of(ada), client_of(ada)
    tall = another(wide, width=256, height=448, starred=True)
    square = another(wide, width=256, height=256, model="sketch")
    released(asked_for(tall), rhea)
    asked_for(square)
    old = datetime(2025, 3, 1, 12, tzinfo=UTC)
    Clip.objects.filter(pk=wide.pk).update(made_at=old)
    asked: dict[str, dict[str, str]] = {
        "wide": {"shape": "wide"}, "tall": {"shape": "tall"}, "square": {"shape": "square"}, "star": {"starred": "yes"},
        "model": {"model": "sketch"}, "tier": {"tier": "draft"}, "none": {"held": "none"}, "public": {"held": "public"},
        "review": {"held": "in_review"}, "until": {"until": "2025-03-01"}, "before": {"until": "2025-02-28"},
        "since": {"since": "2025-03-02"}, "bad": {"since": "soon", "collection": "x", "stack": "y", "shape": "round"},
    }  # fmt: skip
    assert {name: shown(client, **query) for name, query in asked.items()} == {
        "wide": [wide.pk], "tall": [tall.pk], "square": [square.pk], "star": [tall.pk], "model": [square.pk],
        "tier": [square.pk, tall.pk, wide.pk], "none": [wide.pk], "public": [tall.pk], "review": [square.pk],
        "until": [wide.pk], "before": [], "since": [square.pk, tall.pk], "bad": [square.pk, tall.pk, wide.pk],
    }  # fmt: skip
    assert "No film matches." in client.get(reverse("library"), {"until": "2025-02-28"}).content.decode()


def test_search_finds_titles_and_prompts_of_ones_own_films(
    ada: Person, ben: Person, clip_of: Clips, client_of: Clients
) -> None:
    first, client = clip_of(ada), client_of(ada)
    clip_of(ben)
    night = another(first, title="Évening-Sail, 2nd", prompt="a wooden boat's mast; Straße 1e5 東京")
    asked = {
        "red ball": [first.pk], "BALL ris": [first.pk], "evening": [night.pk], "sail boat": [night.pk], "a": [night.pk, first.pk],
        "strasse": [night.pk], "1e5": [night.pk], "東京": [night.pk], "all": [], "red boat": [], "2nd": [night.pk],
        "' OR 1=1 --": [], '" * NEAR(': [], "boat:* & | !": [night.pk], "!?": [night.pk, first.pk], "x" * 5000: [],
    }  # fmt: skip
    assert {typed: shown(client, q=typed) for typed in asked} == asked


def test_search_follows_a_changed_and_an_erased_text(ada: Person, clip_of: Clips, client_of: Clients) -> None:
    clip, client = clip_of(ada), client_of(ada)
    Clip.objects.filter(pk=clip.pk).update(title="Lantern")
    clip.refresh_from_db()
    index_clip(clip)
    found = [shown(client, q=typed) for typed in ("lantern", "ball", "a red ball rises over a blue sea lantern")]
    clip.text.delete()
    assert (found, shown(client, q="lantern")) == ([[clip.pk], [clip.pk], [clip.pk]], [])


@pytest.mark.parametrize("query", [{}, {"q": "boat"}, {"starred": "yes"}, {"held": "none"}, {"shape": "wide"}])
def test_pages_show_every_film_once_and_hold_while_films_come_and_go(
    ada: Person, clip_of: Clips, client_of: Clients, query: dict[str, str]
) -> None:
    first, client = clip_of(ada), client_of(ada)
    made = [another(first, starred=True) for _number in range(49)]
    page = client.get(reverse("library"), query).context
    on_page = [row["clip"].pk for row in page["rows"]]
    another(first, starred=True)
    act(client, "delete", made[25])  # the last on the page: the next one still begins behind it
    assert on_page[-1] == made[25].pk
    rest, more = [], page["more"]
    while more:
        page = client.get(f"{reverse('library')}{more}").context
        rest += [row["clip"].pk for row in page["rows"]]
        more = page["more"]
    everything = [clip.pk for clip in reversed(made)] + (
        [first.pk] if not query or "held" in query or "shape" in query else []
    )
    assert on_page + rest == everything


@pytest.mark.parametrize("name", ["library", "library_bin", "collections", "clip"])
def test_pages_ask_the_same_number_of_questions_for_one_film_and_for_three(
    ada: Person, clip_of: Clips, client_of: Clients, name: str
) -> None:
    first, client = clip_of(ada), client_of(ada)
    address = reverse(name, args=[first.pk] if name == "clip" else [])
    if name == "library_bin":
        act(client, "delete", first)
    counts = []
    for more in (0, 2):
        for number in range(more):
            clip = another(first, stack=first.stack if name == "clip" else None)
            collect_clips(make_collection(f"c{more}{number}", actor=ada), [clip], actor=ada)
            if name == "library_bin":
                act(client, "delete", clip)
        if not more:
            make_collection("c", actor=ada)
        client.get(address)  # a message or an undo of before is read once
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    assert len(set(counts)) == 1


def test_chosen_films_are_listed_for_download_and_two_are_compared(
    ada: Person, clip_of: Clips, client_of: Clients
) -> None:
    first, client = clip_of(ada), client_of(ada)
    second, third = another(first), another(first)
    act_of = reverse("library_bulk")
    listed = client.post(act_of, {"act": "download", "clip": [first.pk, third.pk]}, follow=True)
    assert [clip.pk for clip in listed.context["clips"]] == [third.pk, first.pk]
    compared = client.post(act_of, {"act": "compare", "clip": [first.pk, second.pk]})
    assert compared["Location"] == f"/library/compare/?a={first.pk}&b={second.pk}"
    page = client.post(act_of, {"act": "compare", "clip": [first.pk]}, follow=True).content.decode()
    assert "not-two" in page


@pytest.mark.parametrize(
    "data",
    [{}, {"act": "delete"}, {"act": "burn", "clip": "x"}, {"clip": "x"}, {"act": "star", "clip": str(uuid.uuid4())}],
)
def test_bulk_without_films_or_with_an_unknown_act_says_so(
    ada: Person, client_of: Clients, data: dict[str, str]
) -> None:
    page = client_of(ada).post(reverse("library_bulk"), data, follow=True)
    assert (page.status_code, "nothing-chosen" in page.content.decode()) == (200, True)


def test_bulk_never_leads_to_another_site(ada: Person, clip_of: Clips, client_of: Clients) -> None:
    clip = clip_of(ada)
    data = {"act": "star", "clip": clip.pk, "next": "https://elsewhere.example/"}
    assert client_of(ada).post(reverse("library_bulk"), data)["Location"] == reverse("library")
