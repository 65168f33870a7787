"""Open progress streams: those of stopped artists end at once and stay closed; everybody else's go on."""

import asyncio
from typing import Any

import pytest

from artists.people.models import Person
from portal.events.endpoint import Events
from portal.events.hub import close_hub
from portal.program.live import stopped_among
from portal.program.models import Suspension
from portal.program.reach import Target
from portal.program.states import Running, Scope
from portal.program.suspending import resume, suspend
from tests.factories import people
from tests.factories.people import SETUP
from tests.factories.tabs import Tab, cookie_of, in_thread

WHY = "A proxy page."


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        (Scope.ARTIST, {"Ada"}),
        (Scope.COHORT, {"Ada", "Nia"}),
        (Scope.PROGRAM, {"Ada", "Nia", "Ben"}),
        (Scope.MODEL, set()),
    ],
)
def test_who_may_not_listen(ada: Person, ben: Person, nia: Person, sam: Person, scope: Scope, codes: set[str]) -> None:
    target = {
        Scope.ARTIST: Target(scope, artist=ada),
        Scope.COHORT: Target(scope, cohort=ada.membership.cohort),
        Scope.PROGRAM: Target(scope),
        Scope.MODEL: Target(scope, model="card"),
    }[scope]
    everybody = {person.pk: person.name for person in (ada, ben, nia, sam)}
    before = stopped_among(everybody)
    suspend(target, actor=sam, reason=WHY)
    assert (before, {everybody[pk] for pk in stopped_among(everybody)}) == ({}, codes)


def test_progress_goes_on_where_running_films_may_finish(ada: Person, sam: Person) -> None:
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason=WHY, running=Running.FINISH)
    assert stopped_among([ada.pk]) == {}


@pytest.mark.django_db(transaction=True)
def test_stream_ends_with_the_stop_and_opens_again_after_it() -> None:
    people.opened_program()
    cohort = people.opened_cohort("first")
    ada, ben = (people.artist_in(cohort, name) for name in ("Ada", "Ben"))
    hers, his = cookie_of(ada), cookie_of(ben)
    app = Events()

    def stop() -> Suspension:
        return suspend(Target(Scope.ARTIST, artist=ada), actor=SETUP, reason=WHY)

    async def scene() -> Any:
        async with Tab(app, hers) as tab, Tab(app, his) as other:
            await tab.begun()
            await other.begun()
            stopped = await in_thread(stop)
            while (ended := await tab.hear())[0] != "end":  # the notice of it may come first
                pass
            async with Tab(app, hers) as again:
                refused = again.status
            await in_thread(lambda: resume(stopped, actor=SETUP))
            async with Tab(app, hers) as back:
                opened = back.status
            return ended, refused, opened

    async def whole() -> Any:
        try:
            return await scene()
        finally:
            await app.close()
            await in_thread(close_hub)

    assert asyncio.run(whole()) == (("end", "suspended"), 403, 200)
