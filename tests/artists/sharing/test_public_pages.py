"""Public works: page, media, embed, oEmbed and showcase, closed at the very next request; concerns; the grounds."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.sharing.grounds import Ground
from artists.sharing.models import Concern, GroundWording, Release, ShareRequest
from artists.sharing.services import approve, confirm, expire, revoke, tell_now, withdraw
from artists.sharing.services.concerns import CONCERNS, LONGEST_CONCERN
from generation.models import Clip
from portal.audit.models import Entry
from portal.happenings import delivery
from portal.notices.models import Notice
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import resume, suspend
from portal.storage.models import HandOut
from tests.factories.sharing import REASON, asked_for, released

SECOND = timedelta(seconds=1)
ADDRESSES = ("release", "release_embed", "release_film", "release_poster", "release_filmstrip", "release_download", "concern_new")  # fmt: skip


@pytest.fixture
def asked(ada: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request for the showcase too, in review."""
    return asked_for(
        clip_of(ada), title='Harbour "& <pier>', words="Two studies.", alt_text="A ball rises.", showcase=True
    )


@pytest.fixture
def work(asked: ShareRequest, rhea: Person) -> Release:
    """It is public."""
    return released(asked, rhea)


def oembed_of(work: Release, client: Client, name: str = "release", **more: Any) -> Any:
    """What another site is told."""
    url = settings.VERNISSAGE_BASE_URL + reverse(name, args=[work.slug])
    return client.get(reverse("oembed"), {"url": url, "format": "json"} | more)


def statuses(work: Release, client: Client) -> dict[str, int]:
    """What every address of a work answers, whole and in part."""
    found = {name: client.get(reverse(name, args=[work.slug])).status_code for name in ADDRESSES}
    film = reverse("release_film", args=[work.slug])
    for name, headers in {
        "first bytes": {"Range": "bytes=0-1"},
        "later bytes": {"Range": "bytes=64-127"},
        "unchanged": {"If-None-Match": f'"{work.request.clip.film.sha256[:32]}"'},
        "part of the same": {"Range": "bytes=8-9", "If-Range": f'"{work.request.clip.film.sha256[:32]}"'},
    }.items():
        found[name] = client.get(film, headers=headers).status_code
    return found | {"oembed": oembed_of(work, client).status_code, "head": client.head(film).status_code}


def all_of(status: int) -> dict[str, int]:
    """Every address answers this."""
    return dict.fromkeys(
        [*ADDRESSES, "first bytes", "later bytes", "unchanged", "part of the same", "oembed", "head"], status
    )


PUBLIC = all_of(200) | {"first bytes": 206, "later bytes": 206, "part of the same": 206, "unchanged": 304}


def in_showcase(client: Client) -> bool:
    """Whether the showcase has it."""
    return "/w/harbour" in client.get(reverse("showcase")).content.decode()


def test_withdrawn_work_is_gone_on_every_address_at_the_next_request(
    asked: ShareRequest, work: Release, ada: Person, client: Client
) -> None:
    before = (statuses(work, client), in_showcase(client))
    withdraw(asked, actor=ada)
    assert (before, statuses(work, client), in_showcase(client)) == ((PUBLIC, True), all_of(410), False)


@pytest.mark.parametrize("how", ["revoked", "ended", "artist", "program", "model"])
def test_work_is_gone_as_long_as_its_approval_is_not_in_force(
    asked: ShareRequest, rhea: Person, sam: Person, ada: Person, client: Client, how: str
) -> None:
    work = released(asked, rhea, ends_at=timezone.now() + timedelta(days=2))
    targets = {
        "artist": Target(Scope.ARTIST, artist=ada),
        "program": Target(Scope.PROGRAM),
        "model": Target(Scope.MODEL, model=asked.clip.generation.model),
    }
    if how == "revoked":
        revoke(asked, actor=sam, ground="rights", reason=REASON)
    if how == "ended":
        with freeze_time(timezone.now() + timedelta(days=2)):
            assert (statuses(work, client), in_showcase(client)) == (all_of(410), False)
            assert (expire(), statuses(work, client)) == (1, all_of(410))
        return
    stop = suspend(targets[how], actor=sam, reason="A fault.") if how in targets else None
    assert (statuses(work, client), in_showcase(client)) == (all_of(410), False)
    if stop is not None:
        resume(stop, actor=sam)
        assert (statuses(work, client), in_showcase(client)) == (PUBLIC, True)


def test_embargo_is_kept_to_the_second_and_its_makers_see_the_page(
    ada: Person, ben: Person, nia: Person, rhea: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:  # fmt: skip
    opens = timezone.now() + timedelta(days=2)
    asked = asked_for(clip_of(ada), title="Harbour", collaborators=[ben.email], embargo_until=opens, showcase=True)
    work = released(confirm(asked.collaborators.get(), actor=ben), rhea)
    page = reverse("release", args=[work.slug])
    with freeze_time(opens - SECOND):
        public = Client()
        assert (statuses(work, public), in_showcase(public)) == (all_of(404), False)
        seen = [client_of(person).get(page) for person in (ada, ben, nia)]
        assert [one.status_code for one in seen] == [200, 200, 404]
        assert "Under embargo" in seen[0].content.decode()
        assert client_of(ben).get(reverse("release_film", args=[work.slug])).status_code == 200
    with freeze_time(opens):
        assert (statuses(work, Client()), in_showcase(Client())) == (PUBLIC, True)


def test_nothing_of_a_work_is_kept_by_browsers_and_no_refusal_either(
    asked: ShareRequest, work: Release, ada: Person, client: Client
) -> None:
    def kept() -> list[str]:
        found = {name: client.get(reverse(name, args=[work.slug])) for name in ADDRESSES} | {"o": oembed_of(work, client)}  # fmt: skip
        return [name for name, answer in found.items() if "no-store" not in answer["Cache-Control"]]

    before = kept()
    withdraw(asked, actor=ada)
    assert (before, kept()) == ([], [])


def test_public_pages_set_no_cookie_and_ask_no_other_host(work: Release, client: Client) -> None:
    pages = [client.get(reverse(name, args=[work.slug])) for name in ("release", "release_embed")]
    pages += [client.get(reverse("grounds")), oembed_of(work, client)]
    assert [dict(page.cookies) for page in pages[:2]] == [{}, {}]
    assert [page.content.decode().count("<script") for page in pages[1:]] == [0, pages[2].content.decode().count("<script"), 0]  # fmt: skip


def test_release_says_what_other_sites_need(work: Release, client: Client) -> None:
    page = client.get(reverse("release", args=[work.slug])).content.decode()
    base = settings.VERNISSAGE_BASE_URL
    here = base + reverse("release", args=[work.slug])
    wanted = [
        f'<link rel="canonical" href="{here}">',
        f'href="{base}/oembed?url={quote(here, safe="")}&amp;format=json"',
        f'<meta property="og:image" content="{here}poster/">',
        f'<meta property="og:video" content="{here}film/">',
        f'<meta name="twitter:player" content="{here}embed/">',
        '<meta property="og:description" content="Two studies.">',
        "Harbour &quot;&amp; &lt;pier&gt;",
        "Made with AI",
        "not written into this file",
    ]
    assert [one for one in wanted if one not in page] == []


def test_preview_is_the_page_of_the_release(
    ada: Person, asked: ShareRequest, rhea: Person, client_of: Callable[[Person], Client]
) -> None:
    preview = client_of(ada).get(reverse("share_preview", args=[asked.pk]))
    work = released(asked, rhea)
    public = Client().get(reverse("release", args=[work.slug]))
    labels = [page.content.decode().partition('<div class="wall-label"')[2].partition("</div>")[0] for page in (preview, public)]  # fmt: skip
    assert (labels[0], "Made with AI" in labels[0]) == (labels[1], True)
    assert ["sharing/release.html" in {one.name for one in page.templates} for page in (preview, public)] == [True] * 2


def test_embed_may_be_framed_and_nothing_else_may(work: Release, client: Client) -> None:
    framed, page = (client.get(reverse(name, args=[work.slug])) for name in ("release_embed", "release"))
    policies = [dict(part.split(" ", 1) for part in one["Content-Security-Policy"].split("; ")) for one in (framed, page)]  # fmt: skip
    assert ("X-Frame-Options" in framed, page["X-Frame-Options"]) == (False, "DENY")
    assert (policies[0].pop("frame-ancestors"), policies[1].pop("frame-ancestors")) == ("*", "'none'")
    assert policies[0] == policies[1]


def test_oembed_is_a_video_that_fits(work: Release, client: Client) -> None:
    told = oembed_of(work, client, maxwidth="200").json()
    clip = work.request.clip
    assert (told["version"], told["type"], told["title"], told["author_name"]) == ("1.0", "video", 'Harbour "& <pier>', "Ada")  # fmt: skip
    assert (told["width"], told["height"]) == (200, round(200 * clip.height / clip.width))
    embed = settings.VERNISSAGE_BASE_URL + reverse("release_embed", args=[work.slug])
    assert told["html"].startswith(f'<iframe src="{embed}" width="200"')
    assert ("<pier>" in told["html"], told["thumbnail_url"].endswith("/poster/")) == (False, True)
    assert oembed_of(work, client, "release_embed").json()["title"] == told["title"]


@pytest.mark.parametrize(
    ("asked_with", "status", "code"),
    [
        ({"format": "xml"}, 501, "format-unknown"),
        ({"url": ""}, 404, "not-found"),
        ({"url": "https://elsewhere.example/w/harbour/"}, 404, "not-found"),
        ({"url": f"{settings.VERNISSAGE_BASE_URL}/library/"}, 404, "not-found"),
        ({"url": f"{settings.VERNISSAGE_BASE_URL}/w/nothing/"}, 404, "not-found"),
        ({"url": "http://[x"}, 404, "not-found"),
    ],
)
def test_oembed_of_what_is_no_work_is_refused(
    work: Release, client: Client, asked_with: dict[str, str], status: int, code: str
) -> None:
    answer = oembed_of(work, client, **asked_with)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_download_is_saved_under_a_name_and_recorded(work: Release, client: Client) -> None:
    answer = client.get(reverse("release_download", args=[work.slug]))
    b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert Entry.objects.filter(action="storage.release_download").count() == 1
    assert list(HandOut.objects.filter(purpose="release_download").values_list("person_id", "times")) == [(0, 1)]


def test_resting_conditions_are_on_no_page_and_told_ones_are(
    asked: ShareRequest, ada: Person, rhea: Person, client: Client, client_of: Callable[[Person], Client]
) -> None:
    approve(asked, actor=rhea, conditions="With the label.")
    preview = client_of(ada).get(reverse("share_preview", args=[asked.pk])).content.decode()
    release = tell_now(asked, actor=rhea)
    assert release is not None
    page = client.get(reverse("release", args=[release.slug])).content.decode()
    assert ("With the label." in preview, "With the label." in page) == (False, True)


def test_showcase_has_only_works_whose_artists_want_it_and_finds_them(
    ada: Person, ben: Person, rhea: Person, work: Release, clip_of: Callable[..., Clip], client: Client
) -> None:
    released(asked_for(clip_of(ben), title="Not there"), rhea)
    released(asked_for(clip_of(ben), title="Small astronomy", credit="Ben of Leith", showcase=True), rhea)

    def shown(query: str) -> list[bool]:
        page = client.get(reverse("showcase") + query).content.decode()
        return [words in page for words in ("Harbour", "Small astronomy", "Not there")]

    assert [shown(query) for query in ("", "?q=HARBOUR", "?q=leith+small", "?q=nothing", "?page=99")] == [
        [True, True, False], [True, False, False], [False, True, False], [False, False, False], [True, True, False],
    ]  # fmt: skip


def test_film_that_was_changed_leaves_the_showcase(work: Release, ada: Person, client: Client) -> None:
    ShareRequest.objects.update(film_sha256="0" * 64)
    assert (in_showcase(client), statuses(work, client)) == (False, all_of(410))


def test_showcase_of_many_costs_the_queries_of_one(work: Release, rhea: Person, client: Client) -> None:
    before = _count(client)
    for number in range(3):
        released(asked_for(work.request.clip, destination=f"Place {number}", showcase=True), rhea)
    assert _count(client) == before


def _count(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("showcase"))
    return len(seen)


def test_grounds_are_all_there_as_worded_and_say_what_never_is_one(client: Client, db: None) -> None:
    GroundWording.objects.create(ground=Ground.LABEL, definition="The label is missing.", example="", by_label="x")
    page = client.get(reverse("grounds")).content.decode()
    assert [one for one in Ground if f'id="ground-{one.value}"' not in page] == []
    assert page.count("needs two reviewers</span>") == 4
    wanted = ["The label is missing.", "Criticism of the program or the model is never a ground", "within 72 hours", "five days", "the work is approved"]  # fmt: skip
    assert [words for words in wanted if words not in page] == []


def report(client: Client, work: Release, **values: str) -> Any:
    """Send the form."""
    return client.post(reverse("concern_new", args=[work.slug]), values)


def test_concern_needs_no_account_and_its_answer_is_under_its_key(
    work: Release, sam: Person, rhea: Person, ada: Person, client: Client
) -> None:
    answer = report(client, work, text="It shows my house.", email="neighbour@example.org")
    concern = Concern.objects.get()
    delivery.sweep()
    assert list(Notice.objects.filter(kind="sharing.concern").values_list("person_id", flat=True)) == [sam.pk]
    assert (answer.status_code, answer["Location"]) == (302, reverse("concern", args=[concern.key]))
    page = client.get(answer["Location"]).content.decode()
    assert ["It shows my house." in page, "neighbour@" in page, "answer next" in page] == [True, False, True]
    Concern.objects.update(state="answered", answer="It is covered now.", answered_at=timezone.now())  # fmt: skip
    assert "It is covered now." in client.get(answer["Location"]).content.decode()
    assert client.get(reverse("concern", args=["x"])).status_code == 404


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": " "}, "concern-empty"),
        ({"text": "x" * (LONGEST_CONCERN + 1)}, "concern-long"),
        ({"text": "Kept words", "email": "nonsense"}, "concern-mail"),
        ({"text": "Kept words", "email": "a@" + "x" * 300 + ".org"}, "concern-mail"),
    ],
)
def test_wrong_concern_says_its_code_and_keeps_the_words(
    work: Release, client: Client, values: dict[str, str], code: str
) -> None:
    answer = report(client, work, **values)
    page = answer.content.decode()
    assert (answer.status_code, f">{code}<" in page, values["text"].strip() in page) == (422, True, True)
    assert Concern.objects.count() == 0


def test_concerns_have_a_pace_and_keep_no_address(work: Release, client: Client) -> None:
    answers = [report(client, work, text="Again.").status_code for _number in range(CONCERNS.at_once + 1)]
    late = report(client, work, text="Kept words")
    page = late.content.decode()
    assert answers == [302] * CONCERNS.at_once + [429]
    assert (late.status_code, "too-many-requests" in page, "Kept words" in page) == (429, True, True)
    told = json.dumps(list(Entry.objects.filter(action="sharing.report").values_list("body", flat=True)), default=str)
    assert "127.0.0.1" not in told


def test_script_that_fills_in_everything_is_thanked_and_nothing_is_kept(work: Release, client: Client) -> None:
    assert (report(client, work, text="Buy", website="https://x.example").status_code, Concern.objects.count()) == (302, 0)  # fmt: skip


def test_concern_about_what_is_gone_is_gone_too(asked: ShareRequest, work: Release, ada: Person, client: Client) -> None:  # fmt: skip
    withdraw(asked, actor=ada)
    assert (report(client, work, text="It shows my house.").status_code, Concern.objects.count()) == (410, 0)
