"""Live news: told to whom it belongs, replayed after a gap, ended with the session; and no connection held."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.db.models import F

from artists.people.models import Person
from portal.events import endpoint, standing, streams
from portal.events.endpoint import Events
from portal.events.hub import close_hub
from portal.events.models import Signal
from portal.events.publish import STOPS, publish, role_channel, to_person
from tests.factories.films import finished
from tests.factories.tabs import Tab, cookie_of, in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def hub_ended() -> Iterator[None]:
    """No hub outlives its test."""
    yield
    close_hub()


def play(scene: Coroutine[Any, Any, Any], app: Events | None = None) -> Any:
    """Run a scene; afterwards the endpoint is closed."""

    async def run() -> Any:
        try:
            return await scene
        finally:
            if app is not None:
                await app.close()

    return asyncio.run(run())


def age(seconds: int) -> None:
    """Let all signals so far have been told so long ago."""
    Signal.objects.update(at=F("at") - timedelta(seconds=seconds))


def test_stream_hears_its_own_person_and_nobody_elses(ada: Person, ben: Person) -> None:
    app = Events()

    async def scene() -> Any:
        async with Tab(app, hers) as tab, Tab(app, his) as other:
            missed = await tab.begun(), await other.begun()
            await in_thread(publish, to_person(ada.pk), "job-1")
            await in_thread(publish, to_person(ben.pk), "job-2")
            return missed, await tab.hear(), await other.hear(), tab.headers

    hers, his = cookie_of(ada), cookie_of(ben)
    missed, first, second, headers = play(scene(), app)
    assert (missed, first, second) == (([], []), ("", ["job-1"]), ("", ["job-2"]))
    assert {name: headers[name] for name in ("content-type", "cache-control", "x-accel-buffering")} == {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
    }


def test_roles_channel_is_heard_by_its_holders_only(ada: Person, rhea: Person) -> None:
    app = Events()

    async def scene() -> Any:
        async with Tab(app, reviewer) as tab, Tab(app, artist) as other:
            await tab.begun()
            await other.begun()
            await in_thread(publish, role_channel("reviewer"), "review")
            await in_thread(publish, to_person(ada.pk), "inbox")
            return await tab.hear(), await other.hear()

    reviewer, artist = cookie_of(rhea), cookie_of(ada)
    assert play(scene(), app) == (("", ["review"]), ("", ["inbox"]))


def test_signal_of_a_rolled_back_transaction_is_never_heard(ada: Person) -> None:
    app = Events()

    def undone() -> None:
        with transaction.atomic():
            publish(to_person(ada.pk), "job-undone")
            transaction.set_rollback(True)

    async def scene() -> Any:
        async with Tab(app, cookie) as tab:
            await tab.begun()
            await in_thread(undone)
            await in_thread(publish, to_person(ada.pk), "job-done")
            return await tab.hear()

    cookie = cookie_of(ada)
    assert play(scene(), app) == ("", ["job-done"])


@pytest.mark.parametrize("by", ["header", "query"])
def test_stream_opened_again_replays_what_it_missed(ada: Person, ben: Person, by: str) -> None:
    app = Events()

    async def scene() -> Any:
        await in_thread(age, 60)  # what made ada told her things too
        async with Tab(app, cookie) as tab:
            await tab.begun()
            await in_thread(publish, to_person(ada.pk), "job-before")
            await tab.hear()
        await in_thread(age, 60)
        for channel, subject in ((ada, "job-1"), (ben, "job-2"), (ada, "inbox"), (ada, "job-1")):
            await in_thread(publish, to_person(channel.pk), subject)
        again = {"headers": {"Last-Event-ID": tab.last}} if by == "header" else {"query": f"after={tab.last}"}
        async with Tab(app, cookie, **again) as back:
            return await back.begun()

    cookie = cookie_of(ada)
    # What was told just before is told again: a long transaction may have been written before and committed after it.
    assert play(scene(), app) == ["job-1", "inbox"]


@pytest.mark.parametrize("last", ["999999", "x", "-1", "²", "9" * 30])
def test_stream_naming_a_number_nobody_keeps_looks_at_everything(ada: Person, last: str) -> None:
    app = Events()

    async def scene() -> Any:
        async with Tab(app, cookie, query=f"after={last}") as tab:
            return await tab.begun()

    cookie = cookie_of(ada)
    assert play(scene(), app) == ["*"]


def sign_out(cookie: str) -> None:
    Session.objects.filter(session_key=cookie).delete()


def stop_account(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


def change_password(person: Person) -> None:
    person.set_password("something quite different")
    person.save()


@pytest.mark.parametrize("how", ["signed out", "stopped", "new password"])
def test_stream_ends_with_its_session_and_others_go_on(ada: Person, ben: Person, how: str) -> None:
    app = Events()
    acts = {
        "signed out": (sign_out, lambda: hers, "signed-out"),
        "stopped": (stop_account, lambda: ada, "account-stopped"),
        "new password": (change_password, lambda: ada, "signed-out"),
    }
    act, whose, code = acts[how]

    async def scene() -> Any:
        async with Tab(app, hers) as tab, Tab(app, his) as other:
            await tab.begun()
            await other.begun()
            await in_thread(act, whose())
            ended = await tab.hear()
            await in_thread(publish, to_person(ada.pk), "job-after")
            await in_thread(publish, to_person(ben.pk), "job-2")
            return ended, await other.hear(), app.open_streams

    hers, his = cookie_of(ada), cookie_of(ben)
    assert play(scene(), app) == (("end", code), ("", ["job-2"]), 1)


def test_registered_standing_ends_streams_and_refuses_new_ones(
    ada: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Events()
    stopped: set[int] = set()
    monkeypatch.setitem(standing._STANDINGS, "tests", lambda people: dict.fromkeys(people & stopped, "suspended"))

    async def scene() -> Any:
        async with Tab(app, hers) as tab, Tab(app, his) as other:
            await tab.begun()
            await other.begun()
            stopped.add(ada.pk)
            await in_thread(publish, STOPS, "tests")
            ended = await tab.hear()
            await in_thread(publish, to_person(ben.pk), "inbox")
            async with Tab(app, hers) as again:
                return ended, await other.hear(), again.status, (await again.body())["code"]

    hers, his = cookie_of(ada), cookie_of(ben)
    assert play(scene(), app) == (("end", "suspended"), ("", ["inbox"]), 403, "suspended")


@pytest.mark.parametrize(
    ("cookie", "headers", "answer"),
    [
        ("", {}, (401, "sign-in")),
        ("nonsense", {}, (401, "sign-in")),
        ("hers", {"Sec-Fetch-Site": "cross-site"}, (403, "other-origin")),
        ("hers", {"Sec-Fetch-Site": "same-site"}, (403, "other-origin")),
        ("hers", {"Sec-Fetch-Site": "same-origin"}, (200, "")),
        ("hers", {"Host": "elsewhere.example"}, (400, "host-unknown")),
    ],
)
def test_stream_is_refused_with_a_code(
    ada: Person, settings: Any, cookie: str, headers: dict[str, str], answer: tuple[int, str]
) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    app = Events()

    async def scene() -> Any:
        async with Tab(app, given, headers=headers) as tab:
            return tab.status, (await tab.body())["code"] if tab.status != 200 else ""

    given = cookie_of(ada) if cookie == "hers" else cookie
    assert play(scene(), app) == answer


def test_one_person_has_so_many_streams_and_a_closed_one_frees_its_place(
    ada: Person, ben: Person, settings: Any
) -> None:
    settings.VERNISSAGE_STREAMS_PER_PERSON = 2
    app = Events()

    async def scene() -> Any:
        async with Tab(app, hers) as first:
            await first.begun()
            async with Tab(app, hers) as second:
                await second.begun()
                async with Tab(app, hers) as third, Tab(app, his) as other:
                    told = [third.status, (await third.body())["code"], other.status]
            async with Tab(app, hers) as fourth:
                return [*told, fourth.status]

    hers, his = cookie_of(ada), cookie_of(ben)
    assert play(scene(), app) == [429, "streams-limit", 200, 200]


def test_slow_reader_gets_each_subject_once_and_everything_when_too_many(ada: Person) -> None:
    async def scene() -> Any:
        held = standing.Pass(ada.pk, "s", "p", frozenset())
        slow, flooded = streams.Stream(held, 0), streams.Stream(held, 0)
        for number in range(3):
            slow.put(number, "job-1")
        for number in range(streams.MOST_SUBJECTS + 5):
            flooded.put(number, f"job-{number}")
        return await slow.wait(), slow.newest, await flooded.wait(), flooded.newest

    assert play(scene()) == (["job-1"], 2, ["*"], 104)


def test_stream_pings_and_is_opened_anew_when_old(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PING_EVERY", 0.05)
    monkeypatch.setattr(streams, "LONGEST", 0.3)
    app = Events()

    async def scene() -> Any:
        async with Tab(app, cookie) as tab:
            await tab.begun()
            ping = (await tab._next())["body"]
            return ping, await tab.hear(), (await tab._next())["more_body"]

    cookie = cookie_of(ada)
    assert play(scene(), app) == (endpoint.PING, ("end", "renew"), False)


def test_finished_film_is_told_to_its_artist_and_inbox_too(ada: Person, ben: Person) -> None:
    app = Events()

    async def scene() -> Any:
        async with Tab(app, hers) as tab, Tab(app, his) as other:
            await tab.begun()
            await other.begun()
            clip = await in_thread(finished, ada)
            await in_thread(publish, to_person(ben.pk), "last")
            heard: set[str] = set()
            while not {f"job-{clip.generation_id}", "inbox"} <= heard:
                heard |= set((await tab.hear())[1])
            return heard == {f"job-{clip.generation_id}", "inbox"}, await other.hear()

    hers, his = cookie_of(ada), cookie_of(ben)
    assert play(scene(), app) == (True, ("", ["last"]))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connections to count")
def test_fifty_streams_hold_two_connections(ada: Person, settings: Any) -> None:
    settings.VERNISSAGE_STREAMS_PER_PERSON = 50
    app = Events()

    def others() -> int:
        """Connections to this database besides the one that asks."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return int(cursor.fetchone()[0])

    async def scene() -> Any:
        before = await in_thread(others)
        tabs = [Tab(app, cookie) for _number in range(50)]
        for tab in await asyncio.gather(*(tab.__aenter__() for tab in tabs)):
            await tab.begun()
        opened, more = app.open_streams, await in_thread(others) - before
        for tab in tabs:
            await tab.__aexit__(None, None, None)
        return opened, more, app.open_streams

    cookie = cookie_of(ada)
    connections["default"].close_pool()  # connections that earlier tests left idle would serve, and not be counted
    opened, more, left = play(scene(), app)
    assert (opened, more <= 2, left) == (50, True, 0)
